package dev.slipway.engine.trees;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.engine.trees.forest.CompiledEnsemble;

/** The rows of an input tensor. */
record Rows(int count, int bytesEach) {
  /**
   * @throws SlipwayException VALUE_REJECTED if rows are shorter than the trees need, which a
   *     signature with a dynamic width cannot tell; INFERENCE_FAILED if the tensor is not what the
   *     signature says
   */
  static Rows of(Tensor input, CompiledEnsemble compiled) {
    DataType datatype = compiled.ensemble().input().datatype();
    Shape shape = input.shape();
    if (input.datatype() != datatype || shape.rank() != 2) {
      throw new SlipwayException(
          ErrorCode.INFERENCE_FAILED,
          "%s: %s %s (expected: %s of rank 2)"
              .formatted(input.name(), input.datatype(), shape, datatype));
    }
    long columns = shape.dimension(1);
    if (columns < compiled.columnsLeast()) {
      throw new SlipwayException(
          ErrorCode.VALUE_REJECTED,
          "%s.shape: %s (expected: at least %d columns)"
              .formatted(input.name(), shape, compiled.columnsLeast()));
    }
    long bytes = shape.elementCount() * datatype.byteSize();
    if (bytes > input.byteLength()) {
      throw new SlipwayException(
          ErrorCode.INFERENCE_FAILED,
          "%s: %d bytes (expected: %d for shape %s)"
              .formatted(input.name(), input.byteLength(), bytes, shape));
    }
    return new Rows(
        Math.toIntExact(shape.dimension(0)), Math.toIntExact(columns * datatype.byteSize()));
  }
}
