package dev.slipway.core.model;

import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import java.util.List;

/**
 * One input or output of a signature.
 *
 * @param shape with the batch dimension, which is {@link Shape#DYNAMIC} where rows can be joined
 * @param fields none, one that holds for every element, or as many as the last dimension is long
 * @param optional whether a request may leave the input out
 */
public record TensorSpec(
    String name,
    DataType datatype,
    Shape shape,
    String description,
    List<FieldSpec> fields,
    boolean optional) {
  public TensorSpec {
    fields = List.copyOf(fields);
    if (fields.size() > 1
        && (shape.rank() == 0 || shape.dimension(shape.rank() - 1) != fields.size())) {
      throw new IllegalArgumentException(
          "tensor %s: %d fields (expected: none, one, or as many as the last dimension of %s)"
              .formatted(name, fields.size(), shape));
    }
  }

  public static TensorSpec of(String name, DataType datatype, Shape shape) {
    return new TensorSpec(name, datatype, shape, "", List.of(), false);
  }

  /** Whether the first dimension is the batch, so that rows of several requests can be joined. */
  public boolean isBatched() {
    return shape.rank() > 0 && shape.dimension(0) == Shape.DYNAMIC;
  }
}
