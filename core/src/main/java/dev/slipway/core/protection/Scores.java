package dev.slipway.core.protection;

import dev.slipway.core.tensor.DataType;
import java.nio.ByteBuffer;

/** The elements of a floating-point tensor, as numbers. */
record Scores(DataType datatype, ByteBuffer data) {
  private static final int BF16_SHIFT = 16;

  double get(int index) {
    int at = index * datatype.byteSize();
    return switch (datatype) {
      case FP32 -> data.getFloat(at);
      case FP64 -> data.getDouble(at);
      case FP16 -> Float.float16ToFloat(data.getShort(at));
      case BF16 -> Float.intBitsToFloat(data.getShort(at) << BF16_SHIFT);
      default -> throw notScores();
    };
  }

  void set(int index, double score) {
    int at = index * datatype.byteSize();
    switch (datatype) {
      case FP32 -> data.putFloat(at, (float) score);
      case FP64 -> data.putDouble(at, score);
      case FP16 -> data.putShort(at, Float.floatToFloat16((float) score));
      case BF16 -> data.putShort(at, bf16((float) score));
      default -> throw notScores();
    }
  }

  /** The nearest one; the even one of two. */
  private static short bf16(float score) {
    int bits = Float.floatToIntBits(score);
    int half = 0x7FFF + ((bits >> BF16_SHIFT) & 1);
    return (short) ((bits + half) >> BF16_SHIFT);
  }

  private IllegalArgumentException notScores() {
    return new IllegalArgumentException(datatype + " (expected: a floating-point datatype)");
  }
}
