package dev.slipway.bench.suite;

import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.engine.onnx.OnnxEngine;
import dev.slipway.engine.trees.TreeEngine;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.ModelEngine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The engines beside each other in this process, on one thread and on rows that do not repeat,
 * since a branch predictor learns a row that does.
 *
 * @param rows all of the model's width
 */
record EngineComparison(Path model, String input, float[][] rows, Table table) {
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
  private static final int ROUNDS = 5;
  private static final ArtifactDigest UNREGISTERED = new ArtifactDigest("sha256:" + "0".repeat(64));

  void run() {
    for (int batch : new int[] {1, 32}) {
      double onnx = rowsPerSecond(new OnnxEngine(), batch);
      double trees = rowsPerSecond(new TreeEngine(), batch);
      table.add(
          "tree engine against ONNX Runtime, batch " + batch,
          "%.2f us against %.2f us a run".formatted(batch * 1e6 / trees, batch * 1e6 / onnx),
          String.format(Locale.ROOT, "%.2f", trees / onnx),
          batch == 1 ? ">= 4" : ">= 2.5");
    }
  }

  double onnxRowsPerSecond(int batch) {
    return rowsPerSecond(new OnnxEngine(), batch);
  }

  private double rowsPerSecond(ModelEngine engine, int batch) {
    ModelArtifact artifact =
        new ModelArtifact(
            UNREGISTERED,
            ArtifactFormat.ONNX,
            model.toAbsolutePath().resolveSibling(".").normalize(),
            model.toAbsolutePath());
    try (LoadedModel loaded = engine.load(artifact, EngineSettings.DEFAULT);
        InferenceSession session = loaded.openSession()) {
      List<List<Tensor>> inputs = batches(batch);
      runFor(session, inputs, WARM_UP_NANOS);
      double[] rates = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        rates[round] = batch * runFor(session, inputs, ROUND_NANOS);
      }
      Arrays.sort(rates);
      return rates[ROUNDS / 2];
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

  private List<List<Tensor>> batches(int batch) {
    int columns = rows[0].length;
    ByteBuffer all =
        ByteBuffer.allocateDirect(rows.length * columns * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      for (float value : row) {
        all.putFloat(value);
      }
    }
    int bytes = batch * columns * Float.BYTES;
    return IntStream.range(0, rows.length / batch)
        .mapToObj(
            i ->
                List.of(
                    new Tensor(
                        input,
                        DataType.FP32,
                        Shape.of(batch, columns),
                        all.slice(i * bytes, bytes).order(ByteOrder.LITTLE_ENDIAN))))
        .toList();
  }
}
