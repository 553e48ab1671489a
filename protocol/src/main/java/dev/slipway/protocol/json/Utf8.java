package dev.slipway.protocol.json;

/** The form of UTF-8 that RFC 3629 allows: shortest sequences, no surrogates, up to U+10FFFF. */
public final class Utf8 {
  private Utf8() {}

  /**
   * Length of the sequence that starts at {@code bytes[at]}, 1 to 4; 0 if it is not valid or not
   * complete before {@code end}.
   */
  public static int sequenceLength(byte[] bytes, int at, int end) {
    int first = bytes[at] & 0xff;
    if (first < 0x80) {
      return 1;
    }
    int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length == 0 || at + length > end) {
      return 0;
    }
    int second = bytes[at + 1] & 0xff;
    int low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** Whether all of {@code bytes[from, to)} is valid. */
  public static boolean isValid(byte[] bytes, int from, int to) {
    int p = from;
    while (p < to) {
      int length = sequenceLength(bytes, p, to);
      if (length == 0) {
        return false;
      }
      p += length;
    }
    return true;
  }

  /**
   * Writes a code point that is no surrogate.
   *
   * @return the offset after it
   */
  static int put(byte[] target, int offset, int codePoint) {
    int out = offset;
    if (codePoint < 0x80) {
      target[out++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      target[out++] = (byte) (0xc0 | codePoint >> 6);
      target[out++] = (byte) (0x80 | (codePoint & 0x3f));
    } else if (codePoint < 0x10000) {
      target[out++] = (byte) (0xe0 | codePoint >> 12);
      target[out++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
      target[out++] = (byte) (0x80 | (codePoint & 0x3f));
    } else {
      target[out++] = (byte) (0xf0 | codePoint >> 18);
      target[out++] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
      target[out++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
      target[out++] = (byte) (0x80 | (codePoint & 0x3f));
    }
    return out;
  }
}
