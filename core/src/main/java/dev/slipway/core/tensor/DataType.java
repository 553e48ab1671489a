package dev.slipway.core.tensor;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.util.Arrays;

/** The datatypes of the Open Inference Protocol V2. */
public enum DataType {
  BOOL(1),
  INT8(1),
  INT16(2),
  INT32(4),
  INT64(8),
  UINT8(1),
  UINT16(2),
  UINT32(4),
  UINT64(8),
  FP16(2),
  BF16(2),
  FP32(4),
  FP64(8),
  /** Byte strings of any length; each element is a little-endian u32 length and its bytes. */
  BYTES(0);

  private final int byteSize;

  DataType(int byteSize) {
    this.byteSize = byteSize;
  }

  /** Bytes per element; 0 for {@link #BYTES}, whose elements vary. */
  public int byteSize() {
    return byteSize;
  }

  public boolean isFixedSize() {
    return byteSize > 0;
  }

  public boolean isFloatingPoint() {
    return switch (this) {
      case FP16, BF16, FP32, FP64 -> true;
      case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, BYTES -> false;
    };
  }

  /**
   * The datatype of that protocol name.
   *
   * @throws SlipwayException BAD_REQUEST if there is none
   */
  public static DataType of(String name) {
    for (DataType type : VALUES) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "datatype: %s (expected: one of %s)".formatted(name, Arrays.toString(VALUES)));
  }

  private static final DataType[] VALUES = values();
}
