package dev.slipway.protocol.json;

/** Writes digits as ASCII. */
final class DecimalText {
  private static final byte[] PAIRS = new byte[200];

  private static final long[] POWERS = new long[19];

  static {
    for (int i = 0; i < 100; i++) {
      PAIRS[2 * i] = (byte) ('0' + i / 10);
      PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
    }
    long power = 1;
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = power;
      power *= 10;
    }
  }

  private DecimalText() {}

  /** Decimal digits of {@code value >= 0}; one for zero. */
  private static int digits(long value) {
    // 1233 / 4096 is log10(2), close enough for one comparison to put it right.
    int guess = ((64 - Long.numberOfLeadingZeros(value | 1)) * 1233) >>> 12;
    return guess < POWERS.length && value < POWERS[guess] ? Math.max(guess, 1) : guess + 1;
  }

  /** Writes {@code count} digits of {@code value >= 0}, with zeros in front. */
  private static void putDigits(byte[] target, int offset, long value, int count) {
    int at = offset + count;
    long rest = value;
    while (at - offset >= 2) {
      long next = rest / 100;
      int pair = (int) (rest - next * 100) << 1;
      target[--at] = PAIRS[pair + 1];
      target[--at] = PAIRS[pair];
      rest = next;
    }
    if (at > offset) {
      target[--at] = (byte) ('0' + rest % 10);
    }
  }

  /**
   * @param target with room for 20 bytes from {@code offset} on
   * @return the offset after the number
   */
  static int put(byte[] target, int offset, long value) {
    int out = offset;
    if (value < 0) {
      target[out++] = '-';
      if (value == Long.MIN_VALUE) {
        return putUnsigned(target, out, value);
      }
    }
    long magnitude = Math.abs(value);
    int count = digits(magnitude);
    putDigits(target, out, magnitude, count);
    return out + count;
  }

  /** Like the other form, for a number of 64 bits without sign. */
  static int putUnsigned(byte[] target, int offset, long value) {
    if (value >= 0) {
      return put(target, offset, value);
    }
    long tens = Long.divideUnsigned(value, 10);
    int out = put(target, offset, tens);
    target[out] = (byte) ('0' + (value - tens * 10));
    return out + 1;
  }

  /**
   * Writes {@code significand * 10^exponent} as Java does: plain from 10^-3 to 10^7, with an
   * exponent elsewhere, always with a fraction.
   *
   * @param significand {@code >= 1}, up to 17 digits, zeros at the end allowed
   * @return the offset after it
   */
  static int put(byte[] target, int offset, long significand, int exponent) {
    long digits = significand;
    int power = exponent;
    while (true) {
      long tenth = digits / 10;
      if (tenth * 10 != digits) {
        break;
      }
      digits = tenth;
      power++;
    }
    int count = digits(digits);
    int point = count + power;
    if (point > 7 || point < -2) {
      return putScientific(target, offset, digits, count, point - 1);
    }
    if (point <= 0) {
      int out = offset;
      target[out++] = '0';
      target[out++] = '.';
      for (int i = point; i < 0; i++) {
        target[out++] = '0';
      }
      putDigits(target, out, digits, count);
      return out + count;
    }
    if (power >= 0) {
      int out = offset + point;
      putDigits(target, offset, digits * POWERS[power], point);
      target[out] = '.';
      target[out + 1] = '0';
      return out + 2;
    }
    long whole = digits / POWERS[-power];
    putDigits(target, offset, whole, point);
    target[offset + point] = '.';
    putDigits(target, offset + point + 1, digits - whole * POWERS[-power], -power);
    return offset + point + 1 - power;
  }

  private static int putScientific(byte[] target, int offset, long digits, int count, int power) {
    int out = offset;
    long lead = digits / POWERS[count - 1];
    target[out++] = (byte) ('0' + lead);
    target[out++] = '.';
    if (count == 1) {
      target[out++] = '0';
    } else {
      putDigits(target, out, digits - lead * POWERS[count - 1], count - 1);
      out += count - 1;
    }
    target[out++] = 'E';
    return put(target, out, power);
  }
}
