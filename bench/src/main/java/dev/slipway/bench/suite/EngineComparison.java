package dev.slipway.bench.suite;

import dev.slipway.bench.engine.FraudModel;
import dev.slipway.bench.engine.MeasuredEngine;
import dev.slipway.bench.engine.RowBatches;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.engine.InferenceSession;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The engines beside each other in this process, on one thread and on rows that do not repeat,
 * since a branch predictor learns a row that does.
 */
record EngineComparison(SuiteRun run) implements Measurement {
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
  private static final int ROUNDS = 5;

  @Override
  public void measure() {
    for (int batch : new int[] {1, 32}) {
      double onnx = rowsPerSecond(MeasuredEngine.ONNX, batch);
      double trees = rowsPerSecond(MeasuredEngine.TREES, batch);
      run.table()
          .add(
              "tree engine against ONNX Runtime, batch " + batch,
              "%.2f us against %.2f us a run".formatted(batch * 1e6 / trees, batch * 1e6 / onnx),
              Figures.ratio(trees, onnx),
              batch == 1 ? ">= 4" : ">= 2.5");
    }
  }

  double rowsPerSecond(MeasuredEngine engine, int batch) {
    List<List<Tensor>> inputs = RowBatches.of(FraudModel.INPUT, run.rows(), batch);
    try (MeasuredEngine.Opened opened = engine.open(FraudModel.LIGHTGBM, run.root())) {
      runFor(opened.session(), inputs, WARM_UP_NANOS);
      double[] rates = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        rates[round] = batch * runFor(opened.session(), inputs, ROUND_NANOS);
      }
      return Figures.median(rates);
    }
  }

  /** Runs per second. */
  private static double runFor(InferenceSession session, List<List<Tensor>> inputs, long nanos) {
    long start = System.nanoTime();
    long runs = 0;
    long elapsed;
    do {
      for (List<Tensor> input : inputs) {
        session.infer(input, Long.MAX_VALUE);
      }
      runs += inputs.size();
      elapsed = System.nanoTime() - start;
    } while (elapsed < nanos);
    return runs * 1e9 / elapsed;
  }
}
