package dev.slipway.engine.trees;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.engine.trees.ensemble.Output;
import dev.slipway.engine.trees.forest.CompiledEnsemble;
import dev.slipway.serving.engine.InferenceSession;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Runs a tree ensemble. Not thread-safe.
 *
 * <p>Keeps its output buffers, and hands out the same tensors again while the number of rows stays
 * the same, so that a steady load allocates nothing.
 */
public final class TreeSession implements InferenceSession {
  /** Rows between two looks at the clock. */
  private static final int DEADLINE_ROWS = 256;

  private final CompiledEnsemble compiled;
  private final CompiledEnsemble.Evaluator evaluator;
  private final OutputBuffer[] outputs;
  private int lastRows = -1;
  private List<Tensor> lastTensors = List.of();

  TreeSession(CompiledEnsemble compiled, ModelSignature signature) {
    this.compiled = compiled;
    this.evaluator = compiled.openEvaluator();
    List<Output> described = compiled.ensemble().outputs();
    this.outputs = new OutputBuffer[described.size()];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] =
          OutputBuffer.of(
              described.get(i), signature.outputs().get(i), compiled.ensemble().head().width());
    }
  }

  /**
   * @throws SlipwayException VALUE_REJECTED if rows are shorter than the trees need;
   *     DEADLINE_EXCEEDED if time is over before the last row is run; INFERENCE_FAILED if the
   *     tensor is not what the signature says
   */
  @Override
  public List<Tensor> infer(List<Tensor> inputs, long deadlineNanos) {
    Tensor input = inputs.getFirst();
    Rows rows = Rows.of(input, compiled);
    boolean sameTensors = rows.count() == lastRows;
    for (OutputBuffer output : outputs) {
      sameTensors &= output.begin(rows.count());
    }
    ByteBuffer data = input.data();
    double[] scores = evaluator.scores();
    for (int row = 0; row < rows.count(); row++) {
      if (row % DEADLINE_ROWS == 0 && row > 0) {
        requireTime(deadlineNanos);
      }
      int label = evaluator.run(data, row * rows.bytesEach());
      for (OutputBuffer output : outputs) {
        output.put(row, scores, label);
      }
    }
    if (!sameTensors) {
      Tensor[] tensors = new Tensor[outputs.length];
      for (int i = 0; i < tensors.length; i++) {
        tensors[i] = outputs[i].tensor(rows.count());
      }
      lastTensors = List.of(tensors);
      lastRows = rows.count();
    }
    return lastTensors;
  }

  private static void requireTime(long deadlineNanos) {
    if (deadlineNanos != Long.MAX_VALUE && deadlineNanos - System.nanoTime() < 0) {
      throw new SlipwayException(
          ErrorCode.DEADLINE_EXCEEDED, "deadline: passed while the batch was running");
    }
  }

  @Override
  public void close() {}
}
