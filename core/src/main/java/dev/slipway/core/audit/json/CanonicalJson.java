package dev.slipway.core.audit.json;

import dev.slipway.core.audit.encoding.StrictUtf8;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonBoolean;
import dev.slipway.core.audit.json.JsonValue.JsonNull;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import java.util.Arrays;
import java.util.Map;

/** The canonical form of RFC 8785: equal values have equal bytes. */
public final class CanonicalJson {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private CanonicalJson() {}

  /**
   * @return UTF-8
   * @throws IllegalArgumentException if a string holds half of a surrogate pair
   */
  public static byte[] write(JsonValue value) {
    StringBuilder text = new StringBuilder();
    append(text, value);
    return StrictUtf8.encode("JSON", text);
  }

  /**
   * Reads text that must be in canonical form already.
   *
   * @throws IllegalArgumentException if it is not JSON, or not the canonical form of its value
   */
  public static JsonValue read(byte[] utf8) {
    JsonValue value = JsonReader.read(utf8);
    if (!Arrays.equals(write(value), utf8)) {
      throw new IllegalArgumentException("JSON: not in canonical form (expected: RFC 8785)");
    }
    return value;
  }

  private static void append(StringBuilder text, JsonValue value) {
    switch (value) {
      case JsonNull() -> text.append("null");
      case JsonBoolean(boolean flag) -> text.append(flag);
      case JsonNumber(double number) -> text.append(EcmaNumber.format(number));
      case JsonString(String string) -> appendString(text, string);
      case JsonArray array -> {
        char before = '[';
        for (JsonValue element : array.elements()) {
          text.append(before);
          append(text, element);
          before = ',';
        }
        text.append(before == '[' ? "[]" : "]");
      }
      case JsonObject object -> {
        char before = '{';
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
          text.append(before);
          appendString(text, member.getKey());
          text.append(':');
          append(text, member.getValue());
          before = ',';
        }
        text.append(before == '{' ? "{}" : "}");
      }
    }
  }

  private static void appendString(StringBuilder text, String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char unit = string.charAt(i);
      switch (unit) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\b' -> text.append("\\b");
        case '\t' -> text.append("\\t");
        case '\n' -> text.append("\\n");
        case '\f' -> text.append("\\f");
        case '\r' -> text.append("\\r");
        default -> {
          if (unit < 0x20) {
            text.append("\\u00").append(HEX[unit >> 4]).append(HEX[unit & 0xf]);
          } else {
            text.append(unit);
          }
        }
      }
    }
    text.append('"');
  }
}
