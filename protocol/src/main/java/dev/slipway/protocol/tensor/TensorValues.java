package dev.slipway.protocol.tensor;

import dev.slipway.core.tensor.DataType;
import java.nio.ByteBuffer;

/** Single elements of a tensor's buffer, where speed does not matter. */
public final class TensorValues {
  private TensorValues() {}

  /** Whether elements of that type are numbers, so that they can be ordered. */
  public static boolean isNumeric(DataType datatype) {
    return datatype != DataType.BYTES && datatype != DataType.BOOL;
  }

  /** An element of an integer type or BOOL; UINT64 comes as its bits. */
  public static long integer(DataType datatype, ByteBuffer data, int index) {
    return switch (datatype) {
      case INT8 -> data.get(index);
      case INT16 -> data.getShort(index << 1);
      case INT32 -> data.getInt(index << 2);
      case INT64, UINT64 -> data.getLong(index << 3);
      case UINT8, BOOL -> data.get(index) & 0xff;
      case UINT16 -> data.getShort(index << 1) & 0xffff;
      case UINT32 -> Integer.toUnsignedLong(data.getInt(index << 2));
      case FP16, BF16, FP32, FP64, BYTES ->
          throw new IllegalArgumentException(
              "datatype: %s (expected: an integer type)".formatted(datatype));
    };
  }

  /** An element of a numeric type, to order it by. */
  public static double number(DataType datatype, ByteBuffer data, int index) {
    return switch (datatype) {
      case FP16 -> Float.float16ToFloat(data.getShort(index << 1));
      case BF16 -> Float.intBitsToFloat(data.getShort(index << 1) << 16);
      case FP32 -> data.getFloat(index << 2);
      case FP64 -> data.getDouble(index << 3);
      case UINT64 -> {
        long bits = data.getLong(index << 3);
        yield bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
      }
      case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32 -> integer(datatype, data, index);
      case BYTES -> throw new IllegalArgumentException("datatype: BYTES (expected: a number)");
    };
  }

  /** An element of a numeric type as text that reads back as the same number. */
  public static String text(DataType datatype, ByteBuffer data, int index) {
    return switch (datatype) {
      case FP16 -> Float.toString(Float.float16ToFloat(data.getShort(index << 1)));
      case BF16 -> Float.toString(Float.intBitsToFloat(data.getShort(index << 1) << 16));
      case FP32 -> Float.toString(data.getFloat(index << 2));
      case FP64 -> Double.toString(data.getDouble(index << 3));
      case UINT64 -> Long.toUnsignedString(data.getLong(index << 3));
      case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32 ->
          Long.toString(integer(datatype, data, index));
      case BYTES -> throw new IllegalArgumentException("datatype: BYTES (expected: a number)");
    };
  }
}
