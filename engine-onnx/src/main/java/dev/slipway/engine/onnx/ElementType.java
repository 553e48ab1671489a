package dev.slipway.engine.onnx;

import dev.slipway.core.tensor.DataType;
import java.util.Optional;

/** How ONNX numbers the datatypes (its {@code TensorProto.DataType}). */
final class ElementType {
  static final int FLOAT = 1;
  static final int INT64 = 7;
  static final int STRING = 8;

  private ElementType() {}

  /** Empty for those that no protocol of ours has: complex numbers, 8- and 4-bit floats. */
  static Optional<DataType> datatype(int number) {
    return switch (number) {
      case FLOAT -> Optional.of(DataType.FP32);
      case 2 -> Optional.of(DataType.UINT8);
      case 3 -> Optional.of(DataType.INT8);
      case 4 -> Optional.of(DataType.UINT16);
      case 5 -> Optional.of(DataType.INT16);
      case 6 -> Optional.of(DataType.INT32);
      case INT64 -> Optional.of(DataType.INT64);
      case STRING -> Optional.of(DataType.BYTES);
      case 9 -> Optional.of(DataType.BOOL);
      case 10 -> Optional.of(DataType.FP16);
      case 11 -> Optional.of(DataType.FP64);
      case 12 -> Optional.of(DataType.UINT32);
      case 13 -> Optional.of(DataType.UINT64);
      case 16 -> Optional.of(DataType.BF16);
      default -> Optional.empty();
    };
  }

  static int number(DataType datatype) {
    return switch (datatype) {
      case FP32 -> FLOAT;
      case UINT8 -> 2;
      case INT8 -> 3;
      case UINT16 -> 4;
      case INT16 -> 5;
      case INT32 -> 6;
      case INT64 -> INT64;
      case BYTES -> STRING;
      case BOOL -> 9;
      case FP16 -> 10;
      case FP64 -> 11;
      case UINT32 -> 12;
      case UINT64 -> 13;
      case BF16 -> 16;
    };
  }
}
