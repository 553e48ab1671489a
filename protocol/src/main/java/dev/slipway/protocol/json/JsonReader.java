package dev.slipway.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.protocol.DecodeLimits;
import java.nio.ByteBuffer;

/**
 * A cursor over JSON text that the caller steers: it knows what it expects next and asks for it.
 *
 * <p>Accepts exactly RFC 8259 in valid UTF-8. Strings and numbers are scanned in place; what was
 * scanned last stays readable until the next scan, so that nothing is allocated that the caller
 * does not ask for. Errors are BAD_REQUEST and name the byte.
 *
 * <p>Not thread-safe; {@link #reset} starts over with other bytes.
 */
public final class JsonReader {
  private static final int SIGNIFICANT_DIGITS = 18;
  private static final byte[] EMPTY = {};

  private final int depthMax;
  private final int numberBytesMax;

  private byte[] bytes = EMPTY;
  private int start;
  private int end;
  private int at;

  private int stringStart;
  private int stringEnd;
  private boolean stringEscaped;

  private int numberStart;
  private boolean numberNegative;
  private boolean numberIntegral;
  private boolean numberExact;
  private long significand;
  private long exponent;

  public JsonReader(DecodeLimits limits) {
    this.depthMax = limits.jsonDepthMax();
    this.numberBytesMax = limits.numberBytesMax();
  }

  /** Starts at {@code bytes[offset]}; nothing from {@code offset + length} on is looked at. */
  public void reset(byte[] source, int offset, int length) {
    bytes = source;
    start = offset;
    end = offset + length;
    at = offset;
  }

  /** Lets go of the bytes, so that a reader kept for later does not keep a body. */
  public void release() {
    bytes = EMPTY;
    start = 0;
    end = 0;
    at = 0;
  }

  public int position() {
    return at;
  }

  public void position(int position) {
    at = position;
  }

  public int remaining() {
    return end - at;
  }

  // ---- structure

  /** The next byte that is no white space, not consumed; -1 at the end. */
  public int peek() {
    int p = at;
    while (p < end) {
      byte b = bytes[p];
      if (b > ' ' || (b != ' ' && b != '\n' && b != '\r' && b != '\t')) {
        at = p;
        return b & 0xff;
      }
      p++;
    }
    at = p;
    return -1;
  }

  /** Consumes the next byte if it is {@code c}, which is ASCII. */
  public boolean consume(char c) {
    if (at < end && bytes[at] == c) {
      at++;
      return true;
    }
    if (peek() == c) {
      at++;
      return true;
    }
    return false;
  }

  /**
   * Consumes {@code c}.
   *
   * @throws SlipwayException BAD_REQUEST if something else comes
   */
  public void expect(char c) {
    if (!consume(c)) {
      throw unexpected("'" + c + "'");
    }
  }

  /**
   * After a value in an array or object: consumes a comma, or the closing bracket.
   *
   * @return whether another value follows
   */
  public boolean next(char close) {
    int c = peek();
    if (c == ',') {
      at++;
      return true;
    }
    if (c == close) {
      at++;
      return false;
    }
    throw unexpected("',' or '" + close + "'");
  }

  /** Scans an object's key and the colon after it. */
  public void scanKey() {
    scanString();
    // The colon's search must not disturb what was scanned.
    expect(':');
  }

  /** Checks that only white space is left. */
  public void expectEnd() {
    if (peek() != -1) {
      throw unexpected("the end");
    }
  }

  /** Consumes {@code null} if it is next. */
  public boolean consumeNull() {
    if (peek() == 'n') {
      literal("null");
      return true;
    }
    return false;
  }

  /** Reads {@code true} or {@code false}. */
  public boolean readBoolean() {
    int c = peek();
    if (c == 't') {
      literal("true");
      return true;
    }
    if (c == 'f') {
      literal("false");
      return false;
    }
    throw unexpected("true or false");
  }

  /** Skips one value of any kind, checking that it is valid. */
  public void skipValue() {
    skipValue(1);
  }

  private void skipValue(int depth) {
    int c = peek();
    switch (c) {
      case '"' -> scanString();
      case '{' -> {
        requireDepth(depth);
        at++;
        if (!consume('}')) {
          do {
            scanKey();
            skipValue(depth + 1);
          } while (next('}'));
        }
      }
      case '[' -> {
        requireDepth(depth);
        at++;
        if (!consume(']')) {
          do {
            skipValue(depth + 1);
          } while (next(']'));
        }
      }
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> scanNumber();
    }
  }

  private void requireDepth(int depth) {
    if (depth > depthMax) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "JSON: more than %d levels at byte %d (expected: at most %d)"
              .formatted(depthMax, at - start, depthMax));
    }
  }

  private void literal(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (at + i >= end || bytes[at + i] != text.charAt(i)) {
        at = Math.min(at + i, end);
        throw unexpected(text);
      }
    }
    at += text.length();
  }

  // ---- strings

  /** Scans a string, checking escapes and UTF-8; see {@link #text} and {@link #textEquals}. */
  public void scanString() {
    if (!consume('"')) {
      throw unexpected("a string");
    }
    final byte[] b = bytes;
    final int limit = end;
    int p = at;
    stringStart = p;
    boolean escaped = false;
    while (p < limit) {
      int c = b[p];
      if (c == '"') {
        stringEnd = p;
        stringEscaped = escaped;
        at = p + 1;
        return;
      }
      if (c >= ' ' && c != '\\') {
        p++;
      } else if (c == '\\') {
        escaped = true;
        p = checkedEscape(p);
      } else if (c < 0) {
        p = checkedSequence(p);
      } else {
        at = p;
        throw unexpected("no control character in a string");
      }
    }
    at = limit;
    throw unexpected("the end of a string");
  }

  private int checkedEscape(int p) {
    int c = p + 1 < end ? bytes[p + 1] : -1;
    return switch (c) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> p + 2;
      case 'u' -> checkedUnit(p);
      default -> {
        at = Math.min(p + 1, end);
        throw unexpected("an escape");
      }
    };
  }

  /** An escaped character; one beyond U+FFFF takes two escapes, and half of one is no text. */
  private int checkedUnit(int p) {
    char unit = (char) hex4(p + 2);
    if (!Character.isSurrogate(unit)) {
      return p + 6;
    }
    if (Character.isHighSurrogate(unit)
        && p + 7 < end
        && bytes[p + 6] == '\\'
        && bytes[p + 7] == 'u'
        && Character.isLowSurrogate((char) hex4(p + 8))) {
      return p + 12;
    }
    at = p;
    throw unexpected("a pair of surrogates");
  }

  private int hex4(int p) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = p + i < end ? hexDigit(bytes[p + i]) : -1;
      if (digit < 0) {
        at = Math.min(p + i, end);
        throw unexpected("a hexadecimal digit");
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /** ASCII only: {@link Character#digit} would take digits of other scripts as well. */
  private static int hexDigit(byte c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  private int checkedSequence(int p) {
    int length = Utf8.sequenceLength(bytes, p, end);
    if (length == 0) {
      at = p;
      throw unexpected("valid UTF-8");
    }
    return p + length;
  }

  /** Bytes that the last string takes in the text: no less than it has when decoded. */
  public int textBytesMax() {
    return stringEnd - stringStart;
  }

  /** Whether the last string equals {@code ascii}. */
  public boolean textEquals(byte[] ascii) {
    if (stringEscaped) {
      return text().equals(new String(ascii, UTF_8));
    }
    int length = stringEnd - stringStart;
    if (length != ascii.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[stringStart + i] != ascii[i]) {
        return false;
      }
    }
    return true;
  }

  /** The last string. */
  public String text() {
    if (!stringEscaped) {
      return new String(bytes, stringStart, stringEnd - stringStart, UTF_8);
    }
    byte[] decoded = new byte[stringEnd - stringStart];
    return new String(decoded, 0, copyText(decoded, 0), UTF_8);
  }

  /** The last string, taken from {@code known} if it is there, so that names are not made anew. */
  public String text(NameCache known) {
    return stringEscaped ? text() : known.name(bytes, stringStart, stringEnd - stringStart);
  }

  /**
   * Writes the last string as UTF-8.
   *
   * @param target with room for {@link #textBytesMax} bytes from {@code offset} on
   * @return bytes written
   */
  public int copyText(byte[] target, int offset) {
    int length = stringEnd - stringStart;
    if (!stringEscaped) {
      System.arraycopy(bytes, stringStart, target, offset, length);
      return length;
    }
    int out = offset;
    int p = stringStart;
    while (p < stringEnd) {
      byte c = bytes[p++];
      if (c != '\\') {
        target[out++] = c;
        continue;
      }
      byte kind = bytes[p++];
      switch (kind) {
        case 'b' -> target[out++] = '\b';
        case 'f' -> target[out++] = '\f';
        case 'n' -> target[out++] = '\n';
        case 'r' -> target[out++] = '\r';
        case 't' -> target[out++] = '\t';
        case 'u' -> {
          int codePoint = hex4(p);
          p += 4;
          if (Character.isHighSurrogate((char) codePoint)) {
            codePoint = Character.toCodePoint((char) codePoint, (char) hex4(p + 2));
            p += 6;
          }
          out = Utf8.put(target, out, codePoint);
        }
        default -> target[out++] = kind;
      }
    }
    return out - offset;
  }

  // ---- numbers

  /**
   * Reads plain numbers and the commas after them into {@code target[index, last)}, as long as they
   * are of the simplest form. The cursor then stands at the start of an element that is yet to be
   * read.
   *
   * @param target little-endian floats
   * @return the index after the last one read
   */
  public int readPlainFloats(ByteBuffer target, int index, int last) {
    long read = PlainFloats.read(bytes, at, end, target, index, last);
    at = (int) (read >>> 32);
    return index + (int) read;
  }

  /** Scans a number; the methods below then convert it. */
  public void scanNumber() {
    int c = peek();
    final byte[] b = bytes;
    final int limit = end;
    int p = at;
    numberStart = p;
    boolean negative = c == '-';
    if (negative) {
      p++;
    }
    int digitsStart = p;
    long w = 0;
    if (p < limit && b[p] == '0') {
      p++;
    } else {
      while (p < limit) {
        int digit = b[p] - '0';
        if (digit < 0 || digit > 9) {
          break;
        }
        w = w * 10 + digit;
        p++;
      }
      if (p == digitsStart) {
        at = p;
        throw unexpected(negative ? "a digit" : "a value");
      }
    }
    int digits = p - digitsStart;
    long e = 0;
    boolean integral = true;
    if (p < limit && b[p] == '.') {
      integral = false;
      int fractionStart = ++p;
      while (p < limit) {
        int digit = b[p] - '0';
        if (digit < 0 || digit > 9) {
          break;
        }
        w = w * 10 + digit;
        p++;
      }
      if (p == fractionStart) {
        at = p;
        throw unexpected("a digit");
      }
      e = (long) fractionStart - p;
      digits += p - fractionStart;
    }
    int mantissaEnd = p;
    if (p < limit && (b[p] | 0x20) == 'e') {
      integral = false;
      p = scanExponent(p + 1);
      e += exponent;
    }
    at = p;
    if (p - numberStart > numberBytesMax) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "JSON: a number of %d characters at byte %d (expected: at most %d)"
              .formatted(p - numberStart, numberStart - start, numberBytesMax));
    }
    numberNegative = negative;
    numberIntegral = integral;
    exponent = e;
    significand = w;
    numberExact = true;
    if (digits > SIGNIFICANT_DIGITS) {
      rescanDigits(digitsStart, mantissaEnd, digits);
    }
  }

  /** Leaves the explicit exponent in {@link #exponent}, held to a range that no sum leaves. */
  private int scanExponent(int from) {
    int p = from;
    boolean negative = false;
    if (p < end && (bytes[p] == '+' || bytes[p] == '-')) {
      negative = bytes[p] == '-';
      p++;
    }
    int digitsStart = p;
    long e = 0;
    while (p < end && bytes[p] >= '0' && bytes[p] <= '9') {
      e = Math.min(e * 10 + (bytes[p] - '0'), 1_000_000_000_000L);
      p++;
    }
    if (p == digitsStart) {
      at = p;
      throw unexpected("a digit");
    }
    exponent = negative ? -e : e;
    return p;
  }

  /** Keeps the first significant digits and moves the others into the exponent. */
  private void rescanDigits(int from, int to, int digits) {
    long w = 0;
    int kept = 0;
    int seen = 0;
    boolean exact = true;
    for (int p = from; p < to; p++) {
      int digit = bytes[p] - '0';
      if (digit < 0) {
        continue;
      }
      seen++;
      if (kept < SIGNIFICANT_DIGITS) {
        w = w * 10 + digit;
        if (w != 0) {
          kept++;
        }
        if (kept == SIGNIFICANT_DIGITS) {
          exponent += digits - seen;
        }
      } else if (digit != 0) {
        exact = false;
      }
    }
    significand = w;
    numberExact = exact;
  }

  /** The text of the last number, for messages. */
  public String numberText() {
    String text = new String(bytes, numberStart, at - numberStart, UTF_8);
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  /** Whether the last number was written without fraction and exponent. */
  public boolean isIntegral() {
    return numberIntegral;
  }

  public boolean isNegative() {
    return numberNegative;
  }

  /**
   * Magnitude of the last number, which is integral, as an unsigned 64-bit number.
   *
   * @return whether it fits; if not, {@link #magnitude} is undefined
   */
  public boolean hasMagnitude() {
    int digitsStart = numberNegative ? numberStart + 1 : numberStart;
    if (at - digitsStart <= SIGNIFICANT_DIGITS) {
      return true;
    }
    long w = 0;
    for (int p = digitsStart; p < at; p++) {
      if (Long.compareUnsigned(w, Long.divideUnsigned(-1L, 10)) > 0) {
        return false;
      }
      long tens = w * 10;
      w = tens + (bytes[p] - '0');
      if (Long.compareUnsigned(w, tens) < 0) {
        return false;
      }
    }
    significand = w;
    return true;
  }

  /** See {@link #hasMagnitude}, which must have been asked before. */
  public long magnitude() {
    return significand;
  }

  /** The last number as the nearest float, ties to even; infinite where none is near. */
  public float floatValue() {
    return DecimalNumbers.toFloat(
        bytes, numberStart, at - numberStart, numberNegative, significand, exponent);
  }

  /** The last number as the nearest double, ties to even; infinite where none is near. */
  public double doubleValue() {
    return DecimalNumbers.toDouble(
        bytes, numberStart, at - numberStart, numberNegative, significand, exponent, numberExact);
  }

  /** The last number as the bits of the nearest IEEE half, ties to even. */
  public short float16Bits() {
    return DecimalNumbers.toFloat16(doubleValue(), bytes, numberStart, at - numberStart);
  }

  /** The last number as the bits of the nearest bfloat16, ties to even. */
  public short bfloat16Bits() {
    return DecimalNumbers.toBfloat16(doubleValue(), bytes, numberStart, at - numberStart);
  }

  // ---- errors

  /** The error that something else than {@code expected} stands at the cursor. */
  public SlipwayException unexpected(String expected) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "JSON: %s at byte %d (expected: %s)".formatted(found(), at - start, expected));
  }

  /** What stands at the cursor, for a message. */
  public String found() {
    if (at >= end) {
      return "end of text";
    }
    int c = bytes[at] & 0xff;
    return c >= 0x20 && c < 0x7f ? "'" + (char) c + "'" : "byte 0x%02x".formatted(c);
  }

  /** Skips the next value and returns its text, shortened, for a message. */
  public String valueText() {
    peek();
    int from = at;
    skipValue();
    int length = Math.min(at - from, 40);
    String text = new String(bytes, from, length, UTF_8);
    return length < at - from ? text + "..." : text;
  }
}
