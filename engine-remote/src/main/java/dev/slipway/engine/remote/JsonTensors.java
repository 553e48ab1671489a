package dev.slipway.engine.remote;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Carries tensor data through JSON, for servers without the binary extension. */
final class JsonTensors {
  private JsonTensors() {}

  /**
   * Writes the elements as a flat array.
   *
   * @throws SlipwayException VALUE_REJECTED for what JSON cannot say: NaN, infinities, and bytes
   *     that are not UTF-8
   */
  static void write(JsonGenerator json, Tensor tensor) throws IOException {
    ByteBuffer data = tensor.data();
    json.writeStartArray();
    int at = 0;
    for (int i = 0; at < data.limit(); i++) {
      switch (tensor.datatype()) {
        case BOOL -> json.writeBoolean(data.get(at) != 0);
        case INT8 -> json.writeNumber(data.get(at));
        case UINT8 -> json.writeNumber(Byte.toUnsignedInt(data.get(at)));
        case INT16 -> json.writeNumber(data.getShort(at));
        case UINT16 -> json.writeNumber(Short.toUnsignedInt(data.getShort(at)));
        case INT32 -> json.writeNumber(data.getInt(at));
        case UINT32 -> json.writeNumber(Integer.toUnsignedLong(data.getInt(at)));
        case INT64 -> json.writeNumber(data.getLong(at));
        case UINT64 -> json.writeNumber(Long.toUnsignedString(data.getLong(at)));
        case FP16 -> json.writeNumber(finite(tensor, i, Float.float16ToFloat(data.getShort(at))));
        case BF16 ->
            json.writeNumber(finite(tensor, i, Float.intBitsToFloat(data.getShort(at) << 16)));
        case FP32 -> json.writeNumber(finite(tensor, i, data.getFloat(at)));
        case FP64 -> {
          double value = data.getDouble(at);
          if (!Double.isFinite(value)) {
            throw notInJson(tensor, i, Double.toString(value));
          }
          json.writeNumber(value);
        }
        case BYTES -> {
          int length = data.getInt(at);
          json.writeString(text(tensor, i, data.slice(at + Integer.BYTES, length)));
          at += Integer.BYTES + length;
        }
      }
      at += tensor.datatype().byteSize();
    }
    json.writeEndArray();
  }

  private static float finite(Tensor tensor, int element, float value) {
    if (Float.isFinite(value)) {
      return value;
    }
    throw notInJson(tensor, element, Float.toString(value));
  }

  private static String text(Tensor tensor, int element, ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw notInJson(tensor, element, "bytes that are not UTF-8");
    }
  }

  private static SlipwayException notInJson(Tensor tensor, int element, String value) {
    return new SlipwayException(
        ErrorCode.VALUE_REJECTED,
        "%s[%d]: %s (expected: what JSON can say, since the model's server takes no binary data)"
            .formatted(tensor.name(), element, value));
  }

  /**
   * Reads the elements of a flat or nested array.
   *
   * @throws IllegalArgumentException if an element is not of that datatype
   */
  static ByteBuffer read(JsonNode data, DataType datatype) {
    Collector collector = new Collector(datatype);
    collector.add(data);
    return ByteBuffer.wrap(collector.out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Puts element behind element, whatever the nesting. */
  private static final class Collector {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final byte[] bytes = new byte[Long.BYTES];
    private final ByteBuffer cell = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    private final DataType datatype;

    Collector(DataType datatype) {
      this.datatype = datatype;
    }

    void add(JsonNode node) {
      if (node.isArray()) {
        node.forEach(this::add);
        return;
      }
      switch (datatype) {
        case BOOL -> cell.put(0, (byte) (bool(node) ? 1 : 0));
        case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 ->
            // The low bytes come first, so that the narrow types are a prefix of the wide.
            cell.putLong(0, integer(node, datatype));
        case FP16 -> cell.putShort(0, Float.floatToFloat16((float) real(node)));
        case BF16 -> cell.putShort(0, (short) (Float.floatToRawIntBits((float) real(node)) >>> 16));
        case FP32 -> cell.putFloat(0, (float) real(node));
        case FP64 -> cell.putDouble(0, real(node));
        case BYTES -> {
          addText(node);
          return;
        }
      }
      out.write(bytes, 0, datatype.byteSize());
    }

    private void addText(JsonNode node) {
      if (!node.isTextual()) {
        throw new IllegalArgumentException(node + " (expected: a string)");
      }
      byte[] text = node.asText().getBytes(StandardCharsets.UTF_8);
      cell.putInt(0, text.length);
      out.write(bytes, 0, Integer.BYTES);
      out.writeBytes(text);
    }
  }

  private static boolean bool(JsonNode node) {
    if (node.isBoolean()) {
      return node.asBoolean();
    }
    if (node.isIntegralNumber() && (node.asLong() == 0 || node.asLong() == 1)) {
      return node.asLong() == 1;
    }
    throw new IllegalArgumentException(node + " (expected: true or false)");
  }

  private static long integer(JsonNode node, DataType datatype) {
    if (node.isIntegralNumber()) {
      BigInteger value = node.bigIntegerValue();
      int bits = datatype.byteSize() * Byte.SIZE;
      boolean unsigned = datatype.name().startsWith("U");
      boolean fits =
          unsigned ? value.signum() >= 0 && value.bitLength() <= bits : value.bitLength() < bits;
      if (fits) {
        return value.longValue();
      }
    }
    throw new IllegalArgumentException(node + " (expected: an integer of " + datatype + ")");
  }

  /** JSON has no word for these, but some servers write them as Python or JavaScript would. */
  private static double real(JsonNode node) {
    if (node.isNumber()) {
      return node.asDouble();
    }
    return switch (node.asText()) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw new IllegalArgumentException(node + " (expected: a number)");
    };
  }
}
