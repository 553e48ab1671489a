package dev.slipway.core.audit.json;

import dev.slipway.core.audit.encoding.StrictUtf8;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonBoolean;
import dev.slipway.core.audit.json.JsonValue.JsonNull;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads I-JSON (RFC 7493) strictly: valid UTF-8, each name once, whole surrogate pairs, finite
 * numbers, one value and nothing after it. The work is linear in the length of the text.
 */
public final class JsonReader {
  /** Deepest nesting that is read. */
  public static final int DEPTH_MAX = 64;

  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /**
   * @throws IllegalArgumentException if the bytes are not one value of I-JSON, with the offset in
   *     UTF-16 code units
   */
  public static JsonValue read(byte[] utf8) {
    JsonReader reader = new JsonReader(StrictUtf8.decode("JSON", utf8));
    JsonValue value = reader.value(0);
    reader.skipSpace();
    if (reader.at < reader.text.length()) {
      throw reader.malformed("end of text");
    }
    return value;
  }

  private JsonValue value(int depth) {
    skipSpace();
    return switch (peek()) {
      case '{' -> object(inside(depth));
      case '[' -> array(inside(depth));
      case '"' -> new JsonString(string());
      case 't' -> literal("true", new JsonBoolean(true));
      case 'f' -> literal("false", new JsonBoolean(false));
      case 'n' -> literal("null", new JsonNull());
      default -> number();
    };
  }

  private int inside(int depth) {
    if (depth == DEPTH_MAX) {
      throw malformed("at most %d levels".formatted(DEPTH_MAX));
    }
    return depth + 1;
  }

  private JsonObject object(int depth) {
    Map<String, JsonValue> members = new HashMap<>();
    at++;
    skipSpace();
    if (peek() == '}') {
      at++;
      return new JsonObject(members);
    }
    while (true) {
      skipSpace();
      int start = at;
      String name = string();
      skipSpace();
      expect(':');
      if (members.put(name, value(depth)) != null) {
        at = start;
        throw malformed("each name once");
      }
      skipSpace();
      if (peek() == '}') {
        at++;
        return new JsonObject(members);
      }
      expect(',');
    }
  }

  private JsonArray array(int depth) {
    List<JsonValue> elements = new ArrayList<>();
    at++;
    skipSpace();
    if (peek() == ']') {
      at++;
      return new JsonArray(elements);
    }
    while (true) {
      elements.add(value(depth));
      skipSpace();
      if (peek() == ']') {
        at++;
        return new JsonArray(elements);
      }
      expect(',');
    }
  }

  private JsonValue literal(String word, JsonValue value) {
    if (!text.startsWith(word, at)) {
      throw malformed("a value");
    }
    at += word.length();
    return value;
  }

  private JsonNumber number() {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      digits(start);
    }
    if (peek() == '.') {
      at++;
      digits(start);
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits(start);
    }
    double number = Double.parseDouble(text.substring(start, at));
    if (!Double.isFinite(number)) {
      at = start;
      throw malformed("a number in the range of a double");
    }
    return new JsonNumber(number);
  }

  private void digits(int start) {
    if (!isDigit(peek())) {
      at = start;
      throw malformed("a value");
    }
    while (isDigit(peek())) {
      at++;
    }
  }

  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (true) {
      char unit = peek();
      if (unit == '"') {
        at++;
        return string.toString();
      }
      if (unit < 0x20) { // Includes the end of the text.
        throw malformed("a string without control characters, and its end");
      }
      at++;
      int start = at;
      char meant = unit == '\\' ? escaped() : unit;
      if (Character.isHighSurrogate(meant)) {
        string.append(meant);
        boolean escape = peek() == '\\';
        if (escape || Character.isLowSurrogate(peek())) {
          at++;
          meant = escape ? escaped() : text.charAt(at - 1);
        }
        if (!Character.isLowSurrogate(meant)) {
          at = start;
          throw malformed("whole surrogate pairs");
        }
      } else if (Character.isLowSurrogate(meant)) {
        at = start;
        throw malformed("whole surrogate pairs");
      }
      string.append(meant);
    }
  }

  /** What the escape means whose backslash has been passed. */
  private char escaped() {
    char kind = peek();
    at++;
    return switch (kind) {
      case '"', '\\', '/' -> kind;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
          int digit = peek() < 0x80 ? Character.digit(peek(), 16) : -1;
          if (digit < 0) {
            throw malformed("four hexadecimal digits");
          }
          unit = unit << 4 | digit;
          at++;
        }
        yield (char) unit;
      }
      default -> {
        at--;
        throw malformed("an escape of JSON");
      }
    };
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw malformed("'" + wanted + "'");
    }
    at++;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  /** The next code unit; NUL, which JSON has nowhere, at the end. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private static boolean isDigit(char unit) {
    return unit >= '0' && unit <= '9';
  }

  private IllegalArgumentException malformed(String expected) {
    String found =
        at < text.length() ? "U+%04X".formatted((int) text.charAt(at)) : "the end of the text";
    return new IllegalArgumentException(
        "JSON at %d: %s (expected: %s)".formatted(at, found, expected));
  }
}
