package dev.slipway.platform.rows;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.table.Column;
import dev.slipway.core.table.Table;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How the columns of a table are spread over the inputs of a model: each element of a required
 * input, without the batch dimension, is a column, named as its field, or, where fields have no
 * names, as the input and the element's place ({@code input[3]}); an input of one element is named
 * as the input. Inputs that may be left out are.
 */
public final class RowTensors {
  private record Input(TensorSpec spec, List<String> names, List<Column> columns) {}

  private final List<Input> inputs;

  private RowTensors(List<Input> inputs) {
    this.inputs = inputs;
  }

  /**
   * The names of the columns that a model needs, in the order of its inputs.
   *
   * @throws SlipwayException BAD_REQUEST if its inputs cannot be given as rows
   */
  public static List<String> columns(ModelSignature signature) {
    return signature.inputs().stream()
        .filter(spec -> !spec.optional())
        .flatMap(spec -> columns(spec).stream())
        .toList();
  }

  /**
   * @throws SlipwayException BAD_REQUEST if the model's inputs cannot be given as rows, or a column
   *     is missing
   */
  public static RowTensors of(ModelSignature signature, Table table) {
    List<Input> inputs = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (TensorSpec spec : signature.inputs()) {
      if (!spec.optional()) {
        List<String> names = columns(spec);
        List<Column> columns = new ArrayList<>();
        for (String name : names) {
          table.column(name).ifPresentOrElse(columns::add, () -> missing.add(name));
        }
        inputs.add(new Input(spec, names, List.copyOf(columns)));
      }
    }
    if (!missing.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "rows: no column %s (expected: every column that the model takes)"
              .formatted(String.join(", ", missing.stream().limit(20).toList())));
    }
    return new RowTensors(List.copyOf(inputs));
  }

  private static List<String> columns(TensorSpec spec) {
    int width = spec.rowWidth();
    if (width < 0) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "input %s: shape %s cannot be given as rows (expected: a fixed, moderate number of values a row)"
              .formatted(spec.name(), spec.shape()));
    }
    List<String> names = new ArrayList<>();
    for (int column = 0; column < width; column++) {
      names.add(spec.columnName(column));
    }
    return List.copyOf(names);
  }

  /**
   * The inputs for some rows, in buffers of their own.
   *
   * @param count 1 where the model takes no batch
   * @throws SlipwayException VALUE_REJECTED if a value is none of the input's type
   */
  public List<Tensor> rows(int from, int count) {
    return inputs.stream().map(input -> tensor(input, from, count)).toList();
  }

  private static Tensor tensor(Input input, int from, int count) {
    TensorSpec spec = input.spec();
    Shape shape = spec.isBatched() ? spec.shape().withFirst(count) : spec.shape();
    ByteBuffer data =
        spec.datatype() == DataType.BYTES ? texts(input, from, count) : numbers(input, from, count);
    return new Tensor(spec.name(), spec.datatype(), shape, data);
  }

  private static ByteBuffer texts(Input input, int from, int count) {
    List<byte[]> elements = new ArrayList<>();
    long bytes = 0;
    for (int row = from; row < from + count; row++) {
      for (Column column : input.columns()) {
        byte[] element = column.text(row).getBytes(StandardCharsets.UTF_8);
        elements.add(element);
        bytes += Integer.BYTES + element.length;
      }
    }
    ByteBuffer data = direct(Math.toIntExact(bytes));
    elements.forEach(element -> data.putInt(element.length).put(element));
    return data.flip();
  }

  private static ByteBuffer numbers(Input input, int from, int count) {
    DataType datatype = input.spec().datatype();
    ByteBuffer data =
        direct(Math.toIntExact((long) count * input.columns().size() * datatype.byteSize()));
    for (int row = from; row < from + count; row++) {
      for (int i = 0; i < input.columns().size(); i++) {
        put(data, datatype, input, i, row);
      }
    }
    return data.flip();
  }

  private static void put(ByteBuffer data, DataType datatype, Input input, int i, int row) {
    switch (datatype) {
      case FP32 -> data.putFloat((float) real(input, i, row));
      case FP64 -> data.putDouble(real(input, i, row));
      case FP16 -> data.putShort(Float.floatToFloat16((float) real(input, i, row)));
      // The upper half of an FP32, cut towards zero.
      case BF16 ->
          data.putShort((short) (Float.floatToRawIntBits((float) real(input, i, row)) >>> 16));
      case BOOL -> data.put((byte) whole(input, i, row, 0, 1));
      case INT8 -> data.put((byte) whole(input, i, row, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case INT16 -> data.putShort((short) whole(input, i, row, Short.MIN_VALUE, Short.MAX_VALUE));
      case INT32 -> data.putInt((int) whole(input, i, row, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case INT64 -> data.putLong(whole(input, i, row, Long.MIN_VALUE, Long.MAX_VALUE));
      case UINT8 -> data.put((byte) whole(input, i, row, 0, 0xFF));
      case UINT16 -> data.putShort((short) whole(input, i, row, 0, 0xFFFF));
      case UINT32 -> data.putInt((int) whole(input, i, row, 0, 0xFFFF_FFFFL));
      case UINT64 -> data.putLong(whole(input, i, row, 0, Long.MAX_VALUE));
      case BYTES -> throw new IllegalStateException("texts are not written here");
    }
  }

  private static double real(Input input, int i, int row) {
    Column column = input.columns().get(i);
    double value = column.number(row);
    if (Double.isNaN(value) && !column.isMissing(row)) {
      throw rejected(input, i, row);
    }
    return value;
  }

  private static long whole(Input input, int i, int row, long min, long max) {
    Column column = input.columns().get(i);
    String text = column.text(row);
    try {
      BigInteger value =
          switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> BigInteger.ONE;
            case "false" -> BigInteger.ZERO;
            default -> new BigInteger(text);
          };
      if (value.compareTo(BigInteger.valueOf(min)) >= 0
          && value.compareTo(BigInteger.valueOf(max)) <= 0) {
        return value.longValue();
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw rejected(input, i, row);
  }

  private static SlipwayException rejected(Input input, int i, int row) {
    return new SlipwayException(
        ErrorCode.VALUE_REJECTED,
        "row %d, %s: '%s' (expected: %s)"
            .formatted(
                row + 1,
                input.names().get(i),
                input.columns().get(i).text(row),
                input.spec().datatype()));
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
