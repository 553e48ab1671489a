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
  /** Most values of a row that are looked at one by one. */
  public static final int ROW_WIDTH_MAX = 1_000_000;

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

  /**
   * How many values a row has: the elements without the batch dimension.
   *
   * @return -1 if their number is not fixed, or passes {@link #ROW_WIDTH_MAX}
   */
  public int rowWidth() {
    long width = 1;
    for (int i = isBatched() ? 1 : 0; i < shape.rank(); i++) {
      long dimension = shape.dimension(i);
      if (dimension < 0 || width * dimension > ROW_WIDTH_MAX) {
        return -1;
      }
      width *= dimension;
    }
    return (int) width;
  }

  /**
   * The name of one value of a row: its field's; where fields have no names, the tensor's and the
   * value's place ({@code input[3]}); the tensor's own if a row is one value.
   *
   * @param column from 0 to {@link #rowWidth}, which is not negative
   */
  public String columnName(int column) {
    int width = rowWidth();
    String field = fields.size() == width ? fields.get(column).name() : "";
    if (!field.isEmpty()) {
      return field;
    }
    return width == 1 ? name : "%s[%d]".formatted(name, column);
  }
}
