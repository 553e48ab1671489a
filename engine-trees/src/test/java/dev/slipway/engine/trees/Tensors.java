package dev.slipway.engine.trees;

import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tensors for tests. */
final class Tensors {
  private Tensors() {}

  /** Rows of FP32 numbers as a tensor of the given datatype. */
  static Tensor of(String name, DataType datatype, int rows, int columns, float[] values) {
    ByteBuffer data =
        ByteBuffer.allocateDirect(rows * columns * datatype.byteSize())
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows * columns; i++) {
      switch (datatype) {
        case FP32 -> data.putFloat(4 * i, values[i]);
        case FP64 -> data.putDouble(8 * i, values[i]);
        case INT64 -> data.putLong(8 * i, (long) values[i]);
        case INT32 -> data.putInt(4 * i, (int) values[i]);
        case BOOL, INT8, INT16, UINT8, UINT16, UINT32, UINT64, FP16, BF16, BYTES ->
            throw new IllegalArgumentException(datatype.name());
      }
    }
    return new Tensor(name, datatype, Shape.of(rows, columns), data);
  }

  /** Equal, or within {@code tolerance}, relative for numbers beyond 1. */
  static boolean isClose(double actual, double expected, double tolerance) {
    return Double.compare(actual, expected) == 0
        || Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));
  }

  static double[] doubles(Tensor tensor) {
    double[] values = new double[(int) tensor.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          tensor.datatype() == DataType.FP64
              ? tensor.data().getDouble(8 * i)
              : tensor.data().getFloat(4 * i);
    }
    return values;
  }
}
