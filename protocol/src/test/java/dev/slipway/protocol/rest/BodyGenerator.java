package dev.slipway.protocol.rest;

import dev.slipway.core.tensor.DataType;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Makes valid V2 bodies of every shape that the protocol allows, and damages them. */
final class BodyGenerator {
  private static final List<DataType> DATATYPES = List.of(DataType.values());

  private static final String[] STRINGS = {
    "", "a", "\\u0041", "\\ud83d\\ude00", "\\n\\\"", "é", "日本", "\uD83D\uDE00", "\\/", "NaN"
  };

  private final Random random;
  private final ByteArrayOutputStream blobs = new ByteArrayOutputStream();

  BodyGenerator(Random random) {
    this.random = random;
  }

  /** JSON only. */
  byte[] json() {
    return text(false).getBytes(StandardCharsets.UTF_8);
  }

  /** JSON and blobs; {@link #jsonLength} tells where they meet. */
  byte[] binary() {
    byte[] json = text(true).getBytes(StandardCharsets.UTF_8);
    jsonLength = json.length;
    byte[] body = new byte[json.length + blobs.size()];
    System.arraycopy(json, 0, body, 0, json.length);
    System.arraycopy(blobs.toByteArray(), 0, body, json.length, blobs.size());
    return body;
  }

  private int jsonLength;

  int jsonLength() {
    return jsonLength;
  }

  private String text(boolean binary) {
    blobs.reset();
    List<String> inputs = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      inputs.add(input("x" + i, binary && random.nextInt(4) != 0));
    }
    List<String> members = new ArrayList<>();
    members.add("\"inputs\":" + space() + "[" + String.join(space() + ",", inputs) + "]");
    if (random.nextBoolean()) {
      members.add("\"id\":\"" + string() + "\"");
    }
    if (random.nextBoolean()) {
      members.add("\"parameters\":{\"priority\":1,\"x\":[{\"y\":" + number() + "}]}");
    }
    if (random.nextBoolean()) {
      members.add("\"outputs\":[{\"name\":\"y\",\"parameters\":{\"classification\":2}}]");
    }
    Collections.shuffle(members, random);
    return space() + "{" + String.join(space() + "," + space(), members) + "}" + space();
  }

  private String input(String name, boolean blob) {
    DataType type = DATATYPES.get(random.nextInt(DATATYPES.size()));
    int rank = random.nextInt(4);
    long[] shape = new long[rank];
    for (int i = 0; i < rank; i++) {
      shape[i] = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(4);
    }
    List<String> members = new ArrayList<>();
    members.add("\"name\":\"" + name + "\"");
    members.add("\"datatype\":" + space() + "\"" + type + "\"");
    members.add("\"shape\":" + Arrays.toString(shape));
    int count = 1;
    for (long dimension : shape) {
      count *= (int) dimension;
    }
    if (blob) {
      members.add("\"parameters\":{\"binary_data_size\":" + blob(type, count) + "}");
    } else {
      boolean nested = rank > 1 && random.nextBoolean();
      members.add("\"data\":" + space() + (nested ? nested(type, shape, 0) : flat(type, count)));
    }
    if (!blob) {
      Collections.shuffle(members, random);
    }
    return "{" + space() + String.join("," + space(), members) + "}";
  }

  private int blob(DataType type, int count) {
    if (type == DataType.BYTES) {
      int size = 0;
      for (int i = 0; i < count; i++) {
        int length = random.nextInt(4);
        blobs.writeBytes(new byte[] {(byte) length, 0, 0, 0});
        blobs.writeBytes(new byte[length]);
        size += 4 + length;
      }
      return size;
    }
    byte[] bytes = new byte[count * type.byteSize()];
    random.nextBytes(bytes);
    for (int i = 0; type == DataType.BOOL && i < bytes.length; i++) {
      bytes[i] &= 1;
    }
    blobs.writeBytes(bytes);
    return bytes.length;
  }

  private String flat(DataType type, int count) {
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      elements.add(space() + element(type));
    }
    return "[" + String.join(space() + ",", elements) + space() + "]";
  }

  private String nested(DataType type, long[] shape, int level) {
    if (level == shape.length - 1) {
      return flat(type, (int) shape[level]);
    }
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < shape[level]; i++) {
      rows.add(nested(type, shape, level + 1));
    }
    return "[" + String.join("," + space(), rows) + "]";
  }

  private String element(DataType type) {
    return switch (type) {
      case BOOL -> random.nextBoolean() ? "true" : "false";
      case BYTES -> "\"" + string() + "\"";
      case INT8 -> Integer.toString((byte) random.nextInt());
      case INT16 -> Integer.toString((short) random.nextInt());
      case INT32 -> Integer.toString(random.nextInt());
      case INT64 -> Long.toString(random.nextLong() >> random.nextInt(64));
      case UINT8 -> Integer.toString(random.nextInt(256));
      case UINT16 -> Integer.toString(random.nextInt(65536));
      case UINT32 -> Integer.toUnsignedString(random.nextInt());
      case UINT64 -> Long.toUnsignedString(random.nextLong() >>> random.nextInt(64));
      case FP16 -> random.nextInt(20) == 0 ? "\"NaN\"" : half();
      case BF16, FP32, FP64 -> random.nextInt(20) == 0 ? "\"-Infinity\"" : number();
    };
  }

  private String half() {
    return switch (random.nextInt(3)) {
      case 0 -> Float.toString(Float.float16ToFloat((short) random.nextInt(0x7c00)));
      // Halfway between two neighbours, exactly or nearly.
      case 1 -> halfway(Float.float16ToFloat((short) random.nextInt(0x7bff)), 0x1p-25);
      default -> Double.toString(random.nextGaussian());
    };
  }

  private String halfway(double value, double quantum) {
    double middle = value + Math.max(quantum, Math.ulp((float) value) * 0x1p12);
    String text = new BigDecimal(middle).toPlainString();
    return random.nextBoolean() ? text : text + (text.contains(".") ? "" : ".") + "0000000001";
  }

  private String string() {
    return STRINGS[random.nextInt(STRINGS.length)] + STRINGS[random.nextInt(STRINGS.length)];
  }

  /** A JSON number within the range of FP32: as clients write them, and as nobody does. */
  String number() {
    return switch (random.nextInt(10)) {
      case 0 -> Integer.toString(random.nextInt());
      case 1 -> Float.toString(Float.intBitsToFloat(random.nextInt(0x7f000000)));
      case 2 -> Double.toString((float) random.nextGaussian());
      case 3 -> Double.toString(random.nextGaussian() * 1000);
      case 4 -> digits(1 + random.nextInt(30)) + "e" + (random.nextInt(60) - 60);
      case 5 -> "-0." + "0".repeat(random.nextInt(50)) + digits(1 + random.nextInt(30));
      // Exactly or nearly halfway between two floats.
      case 6 -> halfway(random.nextInt(1 << 24) * Math.scalb(1.0, random.nextInt(60) - 50));
      case 7 -> random.nextBoolean() ? "-0" : "0E+" + digits(3);
      // As near to the middle of two floats as a double's text comes.
      case 8 -> {
        float value = random.nextFloat() * (1 << random.nextInt(20));
        BigDecimal middle = new BigDecimal(value + Math.ulp(value) / 2.0);
        yield middle.round(new MathContext(14 + random.nextInt(5))).toPlainString();
      }
      default -> Float.toString(Float.MIN_VALUE * random.nextInt(1 << 12));
    };
  }

  private String halfway(double value) {
    double middle = value + Math.ulp((float) value) / 2.0;
    String text = new BigDecimal(middle).toPlainString();
    return switch (random.nextInt(3)) {
      case 0 -> text;
      case 1 -> text + (text.contains(".") ? "" : ".") + "00000000000000000001";
      default -> new BigDecimal(middle).subtract(new BigDecimal("1e-60")).toPlainString();
    };
  }

  private String digits(int count) {
    StringBuilder text = new StringBuilder();
    text.append((char) ('1' + random.nextInt(9)));
    for (int i = 1; i < count; i++) {
      text.append((char) ('0' + random.nextInt(10)));
    }
    return text.toString();
  }

  private String space() {
    return switch (random.nextInt(12)) {
      case 0 -> " ";
      case 1 -> "\n\t";
      case 2 -> "\r";
      default -> "";
    };
  }

  /** One to three random changes. */
  static byte[] damaged(byte[] body, Random random) {
    byte[] result = body;
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes && result.length > 0; i++) {
      int at = random.nextInt(result.length);
      int to = Math.min(result.length, at + 1 + random.nextInt(12));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(result, 0, at);
      switch (random.nextInt(6)) {
        case 0 -> {
          out.write(random.nextInt(256));
          out.write(result, at + 1, result.length - at - 1);
        }
        case 1 -> out.write(result, to, result.length - to);
        case 2 -> {
          out.write(result, at, to - at);
          out.write(result, at, result.length - at);
        }
        case 3 -> {
          String tokens = "{}[],:\"\\0123456789.eE+-tfn \u0000";
          out.write(tokens.charAt(random.nextInt(tokens.length())));
          out.write(result, at, result.length - at);
        }
        case 4 -> {
          String tokens = "{}[],:\"\\0123456789.eE+-tfn \u0000";
          out.write(tokens.charAt(random.nextInt(tokens.length())));
          out.write(result, at + 1, result.length - at - 1);
        }
        default -> {}
      }
      result = out.toByteArray();
    }
    return result;
  }
}
