package dev.slipway.engine.trees.format;

import dev.slipway.core.protobuf.ProtoReader;
import dev.slipway.core.protobuf.ProtoReader.DoubleList;
import dev.slipway.core.protobuf.ProtoReader.LongList;
import java.nio.ByteBuffer;

/**
 * A constant tensor of an ONNX graph, as numbers.
 *
 * @param type the data type's number in ONNX
 */
record OnnxTensor(String name, int type, int rank, double[] values) {
  static final int FLOAT = 1;
  static final int UINT8 = 2;
  static final int INT32 = 6;
  static final int INT64 = 7;
  static final int STRING = 8;
  static final int DOUBLE = 11;

  static OnnxTensor read(ProtoReader message) {
    String name = "";
    int type = 0;
    boolean external = false;
    LongList dimensions = new LongList();
    LongList integers = new LongList();
    DoubleList numbers = new DoubleList();
    ByteBuffer raw = null;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> message.integers(dimensions);
        case 2 -> type = (int) message.integer();
        case 4 -> message.floats(numbers);
        case 5, 7 -> message.integers(integers);
        case 8 -> name = message.text();
        case 9 -> raw = message.bytes();
        case 10 -> message.doubles(numbers);
        case 13, 14 -> external = true;
        default -> {}
      }
    }
    long[] shape = dimensions.toArray();
    if (external) {
      throw Rejection.unsupported("tensor %s: data outside the file", Rejection.quote(name));
    }
    double[] values = raw == null ? numbers.toArray() : decode(name, type, raw);
    if (raw == null && values.length == 0) {
      long[] longs = integers.toArray();
      values = new double[longs.length];
      for (int i = 0; i < longs.length; i++) {
        values[i] = type == INT64 ? longs[i] : (int) longs[i];
      }
    }
    long count = 1;
    for (long dimension : shape) {
      count = dimension < 0 || count > values.length ? -1 : count * dimension;
    }
    if (count != values.length) {
      throw Rejection.invalid(
          "tensor %s: %d values (expected: as many as its shape says)",
          Rejection.quote(name), values.length);
    }
    return new OnnxTensor(name, type, shape.length, values);
  }

  private static double[] decode(String name, int type, ByteBuffer raw) {
    int bytesEach =
        switch (type) {
          case UINT8 -> 1;
          case FLOAT, INT32 -> 4;
          case INT64, DOUBLE -> 8;
          default ->
              throw Rejection.unsupported("tensor %s: data type %d", Rejection.quote(name), type);
        };
    if (raw.remaining() % bytesEach != 0) {
      throw Rejection.invalid(
          "tensor %s: %d bytes (expected: a multiple of %d)",
          Rejection.quote(name), raw.remaining(), bytesEach);
    }
    double[] values = new double[raw.remaining() / bytesEach];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case UINT8 -> raw.get() & 0xff;
            case FLOAT -> raw.getFloat();
            case INT32 -> raw.getInt();
            case INT64 -> raw.getLong();
            default -> raw.getDouble();
          };
    }
    return values;
  }
}
