package dev.slipway.http.call;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Accepts callers' request ids and makes new ones: 20 characters of base 32, the first ten a random
 * prefix of this sequence, the rest a count, spread so that neighbours differ everywhere. Unique
 * within a sequence for 2^50 ids. Belongs to one event loop; not thread-safe. Not for secrets.
 */
public final class RequestIds {
  private static final byte[] DIGITS =
      "0123456789abcdefghjkmnpqrstvwxyz".getBytes(StandardCharsets.US_ASCII);
  private static final int HALF_LENGTH = 10;
  private static final long HALF_MASK = (1L << 50) - 1;

  /** Odd, so that multiplication modulo 2^50 maps no two counts to one. */
  private static final long SPREAD = 0x2545f4914f6cdL;

  private static final int LENGTH_MAX = 128;

  private final byte[] text = new byte[2 * HALF_LENGTH];
  private long count;

  /**
   * @param prefix random; the lowest 50 bits are used
   */
  public RequestIds(long prefix) {
    write(prefix & HALF_MASK, 0);
  }

  /** A new id. */
  public String next() {
    count++;
    write((count * SPREAD) & HALF_MASK, HALF_LENGTH);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /**
   * The caller's id if it is sane (1 to 128 printable ASCII characters without space, quote, comma,
   * semicolon or backslash), else a new one.
   */
  public String acceptOrNext(@Nullable String callers) {
    return callers != null && isSane(callers) ? callers : next();
  }

  static boolean isSane(String id) {
    int length = id.length();
    if (length == 0 || length > LENGTH_MAX) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = id.charAt(i);
      if (c <= ' ' || c >= 127 || c == '"' || c == ',' || c == ';' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private void write(long value, int start) {
    long rest = value;
    for (int i = start + HALF_LENGTH - 1; i >= start; i--) {
      text[i] = DIGITS[(int) (rest & 31)];
      rest >>>= 5;
    }
  }
}
