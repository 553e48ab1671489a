package dev.slipway.serving.testing;

import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Tensors from plain values. */
public final class Tensors {
  private Tensors() {}

  /** Numbers converted to {@code type}; UINT64 takes the bits of a long. */
  public static Tensor of(String name, DataType type, Shape shape, Number... values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * type.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
    for (Number value : values) {
      switch (type) {
        case BOOL, INT8, UINT8 -> data.put(value.byteValue());
        case INT16, UINT16 -> data.putShort(value.shortValue());
        case INT32, UINT32 -> data.putInt(value.intValue());
        case INT64, UINT64 -> data.putLong(value.longValue());
        case FP16 -> data.putShort(Float.floatToFloat16(value.floatValue()));
        case BF16 -> data.putShort((short) (Float.floatToRawIntBits(value.floatValue()) >>> 16));
        case FP32 -> data.putFloat(value.floatValue());
        case FP64 -> data.putDouble(value.doubleValue());
        case BYTES -> throw new IllegalArgumentException("strings are no numbers");
      }
    }
    return new Tensor(name, type, shape, data.flip());
  }

  public static Tensor strings(String name, Shape shape, String... values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String value : values) {
      byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
      byte[] length =
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(encoded.length).array();
      bytes.writeBytes(length);
      bytes.writeBytes(encoded);
    }
    return new Tensor(
        name,
        DataType.BYTES,
        shape,
        ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN));
  }
}
