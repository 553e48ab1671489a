package dev.slipway.core.protection;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tells systematic questions from those that life asks. Who copies a model moves one feature at a
 * time, along lines and grids around a point; who uses it sends other people's rows, which differ
 * in most features. So each examined row is compared with the last {@value #KEPT} different ones:
 * it is a repetition if it equals one, and varied if it differs from one in one or two features and
 * has at least as many that stay.
 *
 * <p>It does not see questions that are drawn at random, nor an attack spread over many accounts;
 * budgets bound those. Rows of few or coarse features vary each other by chance, which is why the
 * share has to be large and the rows many. Not thread-safe.
 */
public final class ExtractionDetector {
  static final int KEPT = 64;

  /** Fewer tell nothing. */
  private static final int EXAMINED_MIN = 100;

  private static final int VARIED_FEATURES_MAX = 2;

  private final ExtractionRules rules;
  private final long[] @Nullable [] kept = new long[KEPT][];
  private int next;
  private long windowEndsMillis = Long.MIN_VALUE;
  private long asked;
  private long examined;
  private long different;
  private long varied;
  private boolean found;

  public ExtractionDetector(ExtractionRules rules) {
    this.rules = rules;
  }

  /**
   * Takes notice of a request.
   *
   * @param rows that it has, {@code >= sample.length}
   * @param sample features of some of its rows, as bits; empty if none was examined
   * @return what this request completed, once in a window
   */
  public @Nullable ExtractionFinding observe(long rows, long[][] sample, long nowMillis) {
    if (nowMillis >= windowEndsMillis) {
      windowEndsMillis = nowMillis + rules.window().toMillis();
      asked = 0;
      examined = 0;
      different = 0;
      varied = 0;
      found = false;
    }
    asked += rows;
    for (long[] row : sample) {
      examine(row);
    }
    return found ? null : finding();
  }

  private @Nullable ExtractionFinding finding() {
    if (examined < EXAMINED_MIN || different == 0) {
      return null;
    }
    long estimate = Math.round((double) asked * different / examined);
    double share = (double) varied / different;
    if (estimate < rules.rowsMin() || share < rules.variedShare()) {
      return null;
    }
    found = true;
    return new ExtractionFinding(estimate, examined, share);
  }

  private void examine(long[] row) {
    examined++;
    boolean isVaried = false;
    for (long[] other : kept) {
      if (other == null || other.length != row.length) {
        continue;
      }
      int differing = differing(row, other);
      if (differing == 0) {
        return;
      }
      isVaried |= differing <= VARIED_FEATURES_MAX && 2 * differing <= row.length;
    }
    different++;
    if (isVaried) {
      varied++;
    }
    kept[next] = Arrays.copyOf(row, row.length);
    next = (next + 1) % KEPT;
  }

  /** Features in which two rows differ; counts no further than it has to. */
  private static int differing(long[] one, long[] other) {
    int differing = 0;
    for (int i = 0; i < one.length && differing <= VARIED_FEATURES_MAX; i++) {
      if (one[i] != other[i]) {
        differing++;
      }
    }
    return differing;
  }
}
