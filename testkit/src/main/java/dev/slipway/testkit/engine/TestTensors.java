package dev.slipway.testkit.engine;

import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tensors written down, cut, joined and copied, for tests. All results are direct. */
public final class TestTensors {
  private TestTensors() {}

  /** A tensor of any datatype but BYTES; each value is cast to it. */
  public static Tensor of(String name, DataType datatype, Shape shape, double... values) {
    requireCount(name, shape, values.length);
    ByteBuffer data = direct(values.length * datatype.byteSize());
    for (double value : values) {
      switch (datatype) {
        case BOOL -> data.put((byte) (value == 0 ? 0 : 1));
        case INT8, UINT8 -> data.put((byte) (long) value);
        case INT16, UINT16 -> data.putShort((short) (long) value);
        case INT32, UINT32 -> data.putInt((int) (long) value);
        case INT64, UINT64 -> data.putLong((long) value);
        case FP16 -> data.putShort(Float.floatToFloat16((float) value));
        case BF16 -> data.putShort((short) (Float.floatToIntBits((float) value) >>> 16));
        case FP32 -> data.putFloat((float) value);
        case FP64 -> data.putDouble(value);
        case BYTES -> throw new IllegalArgumentException(name + ": use strings(...)");
      }
    }
    return new Tensor(name, datatype, shape, data.flip());
  }

  public static Tensor fp32(String name, Shape shape, float... values) {
    requireCount(name, shape, values.length);
    ByteBuffer data = direct(values.length * Float.BYTES);
    for (float value : values) {
      data.putFloat(value);
    }
    return new Tensor(name, DataType.FP32, shape, data.flip());
  }

  public static Tensor int64(String name, Shape shape, long... values) {
    requireCount(name, shape, values.length);
    ByteBuffer data = direct(values.length * Long.BYTES);
    for (long value : values) {
      data.putLong(value);
    }
    return new Tensor(name, DataType.INT64, shape, data.flip());
  }

  /** A BYTES tensor of UTF-8 strings. */
  public static Tensor strings(String name, Shape shape, String... values) {
    requireCount(name, shape, values.length);
    List<byte[]> elements = new ArrayList<>();
    for (String value : values) {
      elements.add(value.getBytes(StandardCharsets.UTF_8));
    }
    return bytes(name, shape, elements);
  }

  public static Tensor bytes(String name, Shape shape, List<byte[]> elements) {
    requireCount(name, shape, elements.size());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] element : elements) {
      byte[] length =
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(element.length).array();
      out.writeBytes(length);
      out.writeBytes(element);
    }
    return new Tensor(
        name, DataType.BYTES, shape, direct(out.size()).put(out.toByteArray()).flip());
  }

  /** The elements of a BYTES tensor as UTF-8. */
  public static List<String> strings(Tensor tensor) {
    return elements(tensor).stream()
        .map(element -> new String(element, StandardCharsets.UTF_8))
        .toList();
  }

  static List<byte[]> elements(Tensor tensor) {
    int size = tensor.datatype().byteSize();
    ByteBuffer data = content(tensor);
    List<byte[]> elements = new ArrayList<>();
    while (data.hasRemaining()) {
      byte[] element = new byte[size > 0 ? size : data.getInt()];
      data.get(element);
      elements.add(element);
    }
    return elements;
  }

  /** The values of a floating-point tensor, widened. */
  public static double[] reals(Tensor tensor) {
    ByteBuffer data = content(tensor);
    double[] values = new double[Math.toIntExact(tensor.elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (tensor.datatype()) {
            case FP16 -> Float.float16ToFloat(data.getShort(i * 2));
            case BF16 -> Float.intBitsToFloat(data.getShort(i * 2) << 16);
            case FP32 -> data.getFloat(i * 4);
            case FP64 -> data.getDouble(i * 8);
            case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, BYTES ->
                throw new IllegalArgumentException(
                    tensor.name()
                        + ": "
                        + tensor.datatype()
                        + " (expected: a floating-point type)");
          };
    }
    return values;
  }

  /** The same content in memory of its own. */
  public static Tensor copy(Tensor tensor) {
    return withData(tensor, direct(tensor.byteLength()).put(content(tensor)).flip());
  }

  /** The same content in a heap buffer that is longer than its limit, at another position. */
  public static Tensor onHeap(Tensor tensor) {
    ByteBuffer data = ByteBuffer.allocate(tensor.byteLength() + 5).order(ByteOrder.LITTLE_ENDIAN);
    data.put(content(tensor)).flip();
    return withData(tensor, data.position(tensor.byteLength() / 2));
  }

  /** The same content in a slice of a larger direct buffer that begins at an odd address. */
  public static Tensor unaligned(Tensor tensor) {
    ByteBuffer pool = direct(tensor.byteLength() + 64);
    ByteBuffer slice = pool.slice(1, tensor.byteLength() + 9).order(ByteOrder.LITTLE_ENDIAN);
    slice.put(content(tensor)).flip();
    return withData(tensor, slice);
  }

  /** Rows {@code [from, to)} of the first dimension. */
  public static Tensor rows(Tensor tensor, int from, int to) {
    int perRow = Math.toIntExact(tensor.shape().elementsPerRow());
    return joined(
        tensor,
        tensor.shape().withFirst(to - from),
        elements(tensor).subList(from * perRow, to * perRow));
  }

  /** Row {@code i % rows} of the tensor as row {@code i} of a longer one. */
  public static Tensor tiled(Tensor tensor, int rows) {
    int perRow = Math.toIntExact(tensor.shape().elementsPerRow());
    List<byte[]> elements = elements(tensor);
    List<byte[]> tiled = new ArrayList<>();
    for (int i = 0; i < rows * perRow; i++) {
      tiled.add(elements.get(i % elements.size()));
    }
    return joined(tensor, tensor.shape().withFirst(rows), tiled);
  }

  /** The same shape with every element NaN. Floating-point tensors only. */
  public static Tensor filledWithNan(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.elementCount())];
    Arrays.fill(values, Double.NaN);
    return of(tensor.name(), tensor.datatype(), tensor.shape(), values);
  }

  private static Tensor joined(Tensor like, Shape shape, List<byte[]> elements) {
    if (like.datatype() == DataType.BYTES) {
      return bytes(like.name(), shape, elements);
    }
    ByteBuffer data = direct(elements.size() * like.datatype().byteSize());
    elements.forEach(data::put);
    return new Tensor(like.name(), like.datatype(), shape, data.flip());
  }

  private static Tensor withData(Tensor tensor, ByteBuffer data) {
    return new Tensor(tensor.name(), tensor.datatype(), tensor.shape(), data);
  }

  private static ByteBuffer content(Tensor tensor) {
    return tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).rewind();
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void requireCount(String name, Shape shape, int count) {
    if (shape.elementCount() != count) {
      throw new IllegalArgumentException(
          "%s: %d values (expected: as many as %s holds)".formatted(name, count, shape));
    }
  }
}
