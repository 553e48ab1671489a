package dev.slipway.core.protection;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExtractionDetectorTest {
  private static final int FEATURES = 20;
  private static final ExtractionRules RULES = new ExtractionRules(1_000, 0.5, Duration.ofHours(1));
  private static final long HOUR_MILLIS = 3_600_000;

  private final Random random = new Random(7);
  private final ExtractionDetector detector = new ExtractionDetector(RULES);

  @Test
  void oneFeatureAfterTheOtherIsFound() {
    ExtractionFinding finding = requireNonNull(ask(2_000, sweep()));

    assertThat(finding.rows()).isBetween(1_000L, 1_010L);
    assertThat(finding.variedShare()).isGreaterThan(0.9);
  }

  @Test
  void aSweepAmongTheRowsOfLifeIsFound() {
    Supplier<long[]> life = this::lifeRow;
    Supplier<long[]> sweep = sweep();

    assertThat(ask(4_000, () -> random.nextInt(10) < 4 ? life.get() : sweep.get())).isNotNull();
  }

  @Test
  void rowsOfLifeAreNot() {
    assertThat(ask(20_000, this::lifeRow)).isNull();
  }

  @Test
  void theSameRowsAgainAreNot() {
    long[][] rows = new long[20][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = lifeRow();
    }

    assertThat(ask(20_000, () -> rows[random.nextInt(rows.length)])).isNull();
  }

  @Test
  void fewQuestionsAreNot() {
    assertThat(ask(990, sweep())).isNull();
  }

  @Test
  void questionsOfDifferentHoursDoNotAddUp() {
    Supplier<long[]> sweep = sweep();

    for (int hour = 0; hour < 5; hour++) {
      for (int i = 0; i < 900; i++) {
        assertThat(detector.observe(1, new long[][] {sweep.get()}, hour * HOUR_MILLIS)).isNull();
      }
    }
  }

  @Test
  void itIsSaidOnceAnHour() {
    Supplier<long[]> sweep = sweep();
    int said = 0;
    for (int i = 0; i < 10_000; i++) {
      long now = i < 5_000 ? 0 : HOUR_MILLIS;
      if (detector.observe(1, new long[][] {sweep.get()}, now) != null) {
        said++;
      }
    }

    assertThat(said).isEqualTo(2);
  }

  @Test
  void aSampleStandsForAllRows() {
    Supplier<long[]> sweep = sweep();
    ExtractionFinding finding = null;
    for (int i = 0; i < 200 && finding == null; i++) {
      finding = detector.observe(100, new long[][] {sweep.get()}, 0);
    }

    assertThat(finding)
        .isNotNull()
        .extracting(ExtractionFinding::rows, ExtractionFinding::examined)
        .containsExactly(10_000L, 100L);
  }

  private @Nullable ExtractionFinding ask(int questions, Supplier<long[]> rows) {
    ExtractionFinding finding = null;
    for (int i = 0; i < questions; i++) {
      ExtractionFinding said = detector.observe(1, new long[][] {rows.get()}, 0);
      finding = said == null ? finding : said;
    }
    return finding;
  }

  /** A few kinds of merchants and countries; amounts and times of everybody's own. */
  private long[] lifeRow() {
    long[] row = new long[FEATURES];
    for (int i = 0; i < FEATURES; i++) {
      row[i] = i < 8 ? random.nextInt(4) : Double.doubleToLongBits(random.nextGaussian());
    }
    return row;
  }

  /** Fifty values of each feature in turn around a row of life, then around the next. */
  private Supplier<long[]> sweep() {
    long[][] base = {lifeRow()};
    int[] step = {0};
    return () -> {
      if (step[0] == FEATURES * 50) {
        base[0] = lifeRow();
        step[0] = 0;
      }
      long[] row = base[0].clone();
      row[step[0]++ / 50] = Double.doubleToLongBits(random.nextGaussian());
      return row;
    };
  }
}
