package dev.slipway.serving.engine;

import dev.slipway.core.error.ErrorClass;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.tensor.Tensor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves that a model answers, and measures what an answer costs, before a request meets it.
 * Thread-safe.
 *
 * <p>The proof is a real inference: of the version's example, where there is one, else of made-up
 * rows. A model that refuses made-up values is not held back by that, because some refuse an empty
 * string or an unknown token; one that refuses its own example is.
 */
public final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  private static final long SEED = 17;
  private static final long BUDGET_NANOS = TimeUnit.MILLISECONDS.toNanos(15);
  private static final long BATCH_MEASURED_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int WINDOW_RUNS = 16;
  private static final int WINDOWS_LEAST = 16;

  private final Function<ModelVersion, List<Tensor>> examples;

  /**
   * @param examples inputs that a version is known to answer, in its signature's order; an empty
   *     list where it has none
   */
  public WarmUp(Function<ModelVersion, List<Tensor>> examples) {
    this.examples = examples;
  }

  /**
   * Runs the model once.
   *
   * @throws SlipwayException if it does not answer its example, or fails otherwise than by refusing
   *     made-up values
   */
  public void prove(ModelVersion version, LoadedModel model) {
    try (InferenceSession session = model.openSession()) {
      prove(version, session);
    }
  }

  /**
   * Runs the model until its time has settled, about 30 ms at most for a fast one; once only if it
   * blocks.
   *
   * @throws SlipwayException as {@link #prove(ModelVersion, LoadedModel)}
   */
  public MeasuredCost measure(ModelVersion version, LoadedModel model) {
    try (InferenceSession session = model.openSession()) {
      if (!prove(version, session) || model.blocks()) {
        return MeasuredCost.UNKNOWN;
      }
      try {
        long single = settledNanos(session, oneRow(version));
        // A slow model runs on the workers whatever a batch costs, and 32 rows may take seconds.
        long batch =
            version.signature().isBatched() && single <= BATCH_MEASURED_NANOS_MAX
                ? settledNanos(
                    session, SyntheticInputs.of(version.signature(), MeasuredCost.BATCH_ROWS, SEED))
                : 0;
        return new MeasuredCost(single, batch);
      } catch (SlipwayException e) {
        LOG.debug("{}: not measured", version.ref(), e);
        return MeasuredCost.UNKNOWN;
      }
    }
  }

  /** The example where it is one row, because what a row costs may depend on what is in it. */
  private List<Tensor> oneRow(ModelVersion version) {
    List<Tensor> example = examples.apply(version);
    boolean single =
        !example.isEmpty()
            && (!version.signature().isBatched()
                || example.stream().allMatch(tensor -> tensor.shape().dimension(0) == 1));
    return single ? example : SyntheticInputs.of(version.signature(), 1, SEED);
  }

  /** False if only made-up values were at hand, and the model refused them. */
  private boolean prove(ModelVersion version, InferenceSession session) {
    List<Tensor> example = examples.apply(version);
    if (!example.isEmpty()) {
      session.infer(example, Long.MAX_VALUE);
      return true;
    }
    try {
      session.infer(SyntheticInputs.of(version.signature(), 1, SEED), Long.MAX_VALUE);
      return true;
    } catch (SlipwayException e) {
      if (e.code().errorClass() != ErrorClass.CALLER && e.code() != ErrorCode.INFERENCE_FAILED) {
        throw e;
      }
      LOG.info("{}: refused made-up values at warm-up: {}", version.ref(), e.getMessage());
      return false;
    }
  }

  /** Fastest window of runs, because whatever disturbs a run only ever makes it slower. */
  private static long settledNanos(InferenceSession session, List<Tensor> inputs) {
    long start = System.nanoTime();
    long best = Long.MAX_VALUE;
    int sinceBest = 0;
    for (int window = 0; window < WINDOWS_LEAST || sinceBest < WINDOWS_LEAST; window++) {
      long windowStart = System.nanoTime();
      int runs = 0;
      while (runs < WINDOW_RUNS && (runs == 0 || System.nanoTime() - start < BUDGET_NANOS)) {
        session.infer(inputs, Long.MAX_VALUE);
        runs++;
      }
      long now = System.nanoTime();
      long nanos = Math.max(1, (now - windowStart) / runs);
      sinceBest = nanos < best - best / 20 ? 0 : sinceBest + 1;
      best = Math.min(best, nanos);
      if (now - start >= BUDGET_NANOS) {
        break;
      }
    }
    return best;
  }
}
