package dev.slipway.engine.onnx;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a run with inputs of certain shapes writes its outputs. A pinned output lies in a buffer
 * that every such run uses again; the others are allocated by ONNX Runtime in each run.
 */
final class OutputPlan {
  private final List<Shape> inputShapes;
  private final long[] values;
  private final @Nullable Tensor[] tensors;
  private final @Nullable List<Tensor> complete;

  /**
   * @param outputs of a run with these input shapes; those of fixed-size elements become pinned
   * @param scratch room for a pointer
   */
  OutputPlan(List<Shape> inputShapes, List<Tensor> outputs, OrtValues shapes, MemorySegment scratch)
      throws OrtFailure {
    this.inputShapes = inputShapes;
    this.values = new long[outputs.size()];
    this.tensors = new Tensor[outputs.size()];
    boolean all = true;
    for (int i = 0; i < values.length; i++) {
      Tensor output = outputs.get(i);
      if (!output.datatype().isFixedSize()) {
        all = false;
        continue;
      }
      int bytes = output.byteLength();
      ByteBuffer data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
      OrtApi.createTensorOver(
          MemorySegment.ofBuffer(data).address(),
          bytes,
          shapes.write(output.shape()),
          output.shape().rank(),
          ElementType.number(output.datatype()),
          scratch);
      values[i] = scratch.get(JAVA_LONG, 0);
      tensors[i] = new Tensor(output.name(), output.datatype(), output.shape(), data);
    }
    this.complete = all ? List.of(requireAll(tensors)) : null;
  }

  private static Tensor[] requireAll(@Nullable Tensor[] tensors) {
    Tensor[] all = new Tensor[tensors.length];
    for (int i = 0; i < all.length; i++) {
      Tensor tensor = tensors[i];
      if (tensor == null) {
        throw new IllegalStateException("output " + i + " is not pinned");
      }
      all[i] = tensor;
    }
    return all;
  }

  boolean fits(List<Tensor> inputs) {
    for (int i = 0; i < inputShapes.size(); i++) {
      if (!inputShapes.get(i).equals(inputs.get(i).shape())) {
        return false;
      }
    }
    return true;
  }

  /** Address of the pinned value, or 0. */
  long value(int output) {
    return values[output];
  }

  @Nullable Tensor pinned(int output) {
    return tensors[output];
  }

  /** The outputs if all are pinned. */
  @Nullable List<Tensor> complete() {
    return complete;
  }

  void close() {
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0) {
        OrtApi.releaseValue(values[i]);
        values[i] = 0;
      }
    }
  }
}
