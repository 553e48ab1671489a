package dev.slipway.protocol.json;

/**
 * Writes JSON into a {@link ByteSink}: commas and quotes are its business, the order of calls is
 * the caller's. Every {@code begin} needs its {@code end}; inside an object each value follows a
 * {@link #name}. Not thread-safe.
 */
public final class JsonWriter {
  private static final int NUMBER_BYTES_MAX = 24;
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private ByteSink sink;
  private boolean needsComma;

  public JsonWriter(ByteSink sink) {
    this.sink = sink;
  }

  /** Starts a new text at the end of {@code target}. */
  public void reset(ByteSink target) {
    sink = target;
    needsComma = false;
  }

  public JsonWriter beginObject() {
    return begin('{');
  }

  public JsonWriter endObject() {
    return end('}');
  }

  public JsonWriter beginArray() {
    return begin('[');
  }

  public JsonWriter endArray() {
    return end(']');
  }

  /** An object's key. */
  public JsonWriter name(String name) {
    comma();
    putString(name);
    sink.put(':');
    needsComma = false;
    return this;
  }

  public JsonWriter value(String text) {
    comma();
    putString(text);
    return this;
  }

  public JsonWriter value(boolean flag) {
    comma();
    sink.putAscii(flag ? "true" : "false");
    return this;
  }

  public JsonWriter value(long number) {
    comma();
    byte[] target = sink.reserve(NUMBER_BYTES_MAX);
    int at = sink.length();
    sink.advance(DecimalText.put(target, at, number) - at);
    return this;
  }

  /** A number of 64 bits without sign. */
  public JsonWriter unsigned(long number) {
    comma();
    byte[] target = sink.reserve(NUMBER_BYTES_MAX);
    int at = sink.length();
    sink.advance(DecimalText.putUnsigned(target, at, number) - at);
    return this;
  }

  /**
   * @param number finite: JSON has nothing else
   */
  public JsonWriter value(double number) {
    requireFinite(Double.isFinite(number), number);
    comma();
    byte[] target = sink.reserve(NUMBER_BYTES_MAX);
    int at = sink.length();
    sink.advance(ShortestDecimal.put(target, at, number) - at);
    return this;
  }

  /**
   * @param number finite: JSON has nothing else
   */
  public JsonWriter value(float number) {
    requireFinite(Float.isFinite(number), number);
    comma();
    byte[] target = sink.reserve(NUMBER_BYTES_MAX);
    int at = sink.length();
    sink.advance(ShortestDecimal.put(target, at, number) - at);
    return this;
  }

  /** A string of bytes that are valid UTF-8; see {@link Utf8#isValid}. */
  public JsonWriter utf8(byte[] bytes, int offset, int length) {
    comma();
    sink.put('"');
    for (int i = 0; i < length; i++) {
      byte b = bytes[offset + i];
      if ((b >= 0x20 && b != '"' && b != '\\') || b < 0) {
        sink.put(b);
      } else {
        putEscape(b);
      }
    }
    sink.put('"');
    return this;
  }

  private JsonWriter begin(char bracket) {
    comma();
    sink.put(bracket);
    needsComma = false;
    return this;
  }

  private JsonWriter end(char bracket) {
    sink.put(bracket);
    needsComma = true;
    return this;
  }

  private void comma() {
    if (needsComma) {
      sink.put(',');
    }
    needsComma = true;
  }

  private static void requireFinite(boolean finite, double number) {
    if (!finite) {
      throw new IllegalArgumentException("JSON number: " + number + " (expected: a finite number)");
    }
  }

  private void putString(String text) {
    int length = text.length();
    byte[] target = sink.reserve(length + 2);
    int out = sink.length();
    target[out++] = '"';
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\' || c >= 0x80) {
        sink.advance(i + 1);
        putRest(text, i);
        return;
      }
      target[out++] = (byte) c;
    }
    target[out] = '"';
    sink.advance(length + 2);
  }

  /** The rest of a string that is not plain ASCII; half a surrogate pair becomes U+FFFD. */
  private void putRest(String text, int from) {
    int i = from;
    while (i < text.length()) {
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      if (codePoint < 0x20 || codePoint == '"' || codePoint == '\\') {
        putEscape((byte) codePoint);
      } else {
        boolean half = codePoint <= 0xffff && Character.isSurrogate((char) codePoint);
        byte[] target = sink.reserve(4);
        int at = sink.length();
        sink.advance(Utf8.put(target, at, half ? 0xfffd : codePoint) - at);
      }
    }
    sink.put('"');
  }

  private void putEscape(byte b) {
    sink.put('\\');
    switch (b) {
      case '"', '\\' -> sink.put(b);
      case '\n' -> sink.put('n');
      case '\r' -> sink.put('r');
      case '\t' -> sink.put('t');
      default -> {
        sink.putAscii("u00");
        sink.put(HEX[b >> 4 & 15]);
        sink.put(HEX[b & 15]);
      }
    }
  }
}
