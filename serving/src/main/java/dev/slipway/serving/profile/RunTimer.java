package dev.slipway.serving.profile;

import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.SyntheticInputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Times runs of one session.
 *
 * <p>The rows change from run to run: with the same row again and again the processor learns a
 * tree's way by heart, and the model looks two to three times as fast as it is.
 */
final class RunTimer {
  private static final long SEED = 20_261_124L;
  private static final int DISTINCT_ROWS = 2_048;
  private static final int REQUESTS_MIN = 4;
  private static final long REQUEST_BYTES_MAX = 16 << 20;
  private static final int SAMPLES_MAX = 2_000;

  /** A sample spans at least this, so that reading the clock does not count. */
  private static final long SAMPLE_NANOS = 20_000;

  private final LongSupplier nanoClock;
  private final ModelSignature signature;
  private final int dynamicLength;

  /**
   * @param dynamicLength of dimensions that are dynamic and not the batch
   */
  RunTimer(LongSupplier nanoClock, ModelSignature signature, int dynamicLength) {
    this.nanoClock = nanoClock;
    this.signature = signature;
    this.dynamicLength = dynamicLength;
  }

  /**
   * @param budgetNanos a quarter of it warms up; at least two runs happen whatever they cost
   * @return median time of a run in microseconds
   */
  double microsPerRun(InferenceSession session, int batch, long budgetNanos) {
    List<List<Tensor>> requests = requests(batch);
    long begin = nanoClock.getAsLong();
    int runs = 0;
    long warm;
    do {
      session.infer(requests.get(runs++ % requests.size()), Long.MAX_VALUE);
      warm = nanoClock.getAsLong() - begin;
    } while (warm < budgetNanos / 4);
    int runsPerSample = Math.clamp(SAMPLE_NANOS * runs / Math.max(1, warm), 1, 1_000);
    double[] samples = new double[SAMPLES_MAX];
    int count = 0;
    long sampleBegin = nanoClock.getAsLong();
    do {
      for (int i = 0; i < runsPerSample; i++) {
        session.infer(requests.get(runs++ % requests.size()), Long.MAX_VALUE);
      }
      long end = nanoClock.getAsLong();
      samples[count++] = (end - sampleBegin) / 1e3 / runsPerSample;
      sampleBegin = end;
    } while (count < SAMPLES_MAX && sampleBegin - begin < budgetNanos);
    return median(Arrays.copyOf(samples, count));
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private List<List<Tensor>> requests(int batch) {
    List<List<Tensor>> requests = new ArrayList<>();
    requests.add(request(batch, 0));
    long bytes = requests.getFirst().stream().mapToLong(Tensor::byteLength).sum();
    long affordable = Math.max(REQUESTS_MIN, REQUEST_BYTES_MAX / Math.max(1, bytes));
    long count = Math.min(affordable, Math.max(REQUESTS_MIN, DISTINCT_ROWS / batch));
    for (int i = 1; i < count; i++) {
      requests.add(request(batch, i));
    }
    return requests;
  }

  private List<Tensor> request(int batch, int number) {
    return SyntheticInputs.of(signature, batch, dynamicLength, SEED + number);
  }
}
