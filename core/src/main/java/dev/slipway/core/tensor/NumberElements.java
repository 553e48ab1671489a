package dev.slipway.core.tensor;

import java.nio.ByteBuffer;

/** Elements of tensors of numbers, whatever their datatype. */
public final class NumberElements {
  private NumberElements() {}

  /**
   * An element as a double, which holds it exactly but for 64-bit integers past 2^53.
   *
   * @param data little-endian
   * @param at place of its first byte
   * @throws IllegalArgumentException for BYTES
   */
  public static double at(DataType datatype, ByteBuffer data, int at) {
    return switch (datatype) {
      case FP32 -> data.getFloat(at);
      case FP64 -> data.getDouble(at);
      case INT64 -> data.getLong(at);
      case INT32 -> data.getInt(at);
      case BOOL, INT8 -> data.get(at);
      case UINT8 -> Byte.toUnsignedInt(data.get(at));
      case INT16 -> data.getShort(at);
      case UINT16 -> Short.toUnsignedInt(data.getShort(at));
      case UINT32 -> Integer.toUnsignedLong(data.getInt(at));
      case UINT64 -> unsigned(data.getLong(at));
      case FP16 -> Float.float16ToFloat(data.getShort(at));
      case BF16 -> Float.intBitsToFloat(data.getShort(at) << 16);
      case BYTES -> throw new IllegalArgumentException("BYTES are no numbers");
    };
  }

  private static double unsigned(long bits) {
    return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
  }
}
