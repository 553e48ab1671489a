package dev.slipway.protocol.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The fast way through a list of numbers as most clients write them: {@code -12.345,} with at most
 * one space before each, no exponent, at most 18 digits. Anything else, valid or not, is left where
 * it stands for {@link JsonReader} to judge, so that nothing here has to know what is wrong.
 *
 * <p>Digits are read eight at a time from one 64-bit word. The first digit is the lowest byte.
 */
final class PlainFloats {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ZEROS = 0x3030_3030_3030_3030L;

  /** Added to a byte of 0 to 9 it stays below 0x80; added to one of 10 to 0x7f it does not. */
  private static final long ABOVE_NINE = 0x7676_7676_7676_7676L;

  private static final long TOP_BITS = 0x8080_8080_8080_8080L;
  private static final int DIGITS_MAX = 18;

  private static final long[] POWERS = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
  };

  private PlainFloats() {}

  /**
   * Reads elements, each with the comma that follows it, into {@code target[index, last)}.
   *
   * @param from start of an element
   * @return in the lower half the number of elements read, in the upper the start of the next
   */
  static long read(byte[] bytes, int from, int end, ByteBuffer target, int index, int last) {
    int start = from;
    int i = index;
    // An element and the words that it is read by lie within the text.
    int safeEnd = end - 8;
    while (i < last) {
      int p = start;
      if (p <= safeEnd && bytes[p] == ' ') {
        p++;
      }
      boolean negative = p <= safeEnd && bytes[p] == '-';
      if (negative) {
        p++;
      }
      if (p > safeEnd) {
        break;
      }
      long word = (long) WORD.get(bytes, p) ^ ZEROS;
      int count = digits(word);
      // None, more than a word can end, or a zero in front.
      if (count == 0 || count == 8 || (count > 1 && (word & 0xff) == 0)) {
        break;
      }
      long significand = value(word, count);
      p += count;
      // A zero before the point is no significant digit.
      int total = significand == 0 ? 0 : count;
      if (bytes[p] == '.') {
        p++;
        int fractionStart = p;
        do {
          if (p > safeEnd) {
            count = 0;
            break;
          }
          word = (long) WORD.get(bytes, p) ^ ZEROS;
          count = digits(word);
          if (count > 0) {
            significand = significand * POWERS[count] + value(word, count);
          }
          p += count;
          total += count;
        } while (count == 8 && total <= DIGITS_MAX);
        if (p == fractionStart || total > DIGITS_MAX || p > safeEnd) {
          break;
        }
        count = p - fractionStart;
      } else {
        count = 0;
      }
      if (bytes[p] != ',') {
        break;
      }
      float value = DecimalNumbers.toFloatQuickly(significand, count);
      if (value < 0) {
        break;
      }
      target.putFloat(i << 2, negative ? -value : value);
      i++;
      start = p + 1;
    }
    return (long) start << 32 | (i - index);
  }

  /** How many bytes from the lowest on are 0 to 9. */
  private static int digits(long word) {
    // A carry out of a byte that is no digit reaches only bytes that no longer matter.
    return Long.numberOfTrailingZeros((word + ABOVE_NINE | word) & TOP_BITS) >>> 3;
  }

  /** The number that the lowest {@code count} bytes make, 1 to 8 digits. */
  private static long value(long word, int count) {
    // Moved up so that zeros stand in front; then pairs, fours and all eight are put together.
    long ones = word << (64 - 8 * count);
    long pairs = ones * 10 + (ones >>> 8);
    long upper = (pairs & 0x0000_00ff_0000_00ffL) * (100 + (1_000_000L << 32));
    long lower = (pairs >>> 16 & 0x0000_00ff_0000_00ffL) * (1 + (10_000L << 32));
    return (upper + lower) >>> 32;
  }
}
