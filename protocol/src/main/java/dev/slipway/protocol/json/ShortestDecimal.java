package dev.slipway.protocol.json;

import java.math.BigInteger;

/**
 * Shortest decimal text that reads back as the same binary number, and nearest to it among those.
 * The text is that of {@link Float#toString} and {@link Double#toString}, without making a string.
 *
 * <p>The method is Raffaello Giulietti's ("The Schubfach way to render doubles", 2020): scale the
 * number and the two bounds of its rounding interval by a power of ten, known to 128 bits, keeping
 * one bit that says whether anything was cut off; then at most four candidates are left. Powers are
 * computed once, exactly, when the class is loaded. A float is handled like a double with a wider
 * interval.
 */
final class ShortestDecimal {
  /** Least power of ten needed: that of the greatest double, negated. */
  private static final int POWER_MIN = -292;

  /** Greatest power of ten needed: that of the least subnormal double, negated. */
  private static final int POWER_MAX = 324;

  private static final long[] HIGH = new long[POWER_MAX - POWER_MIN + 1];
  private static final long[] LOW = new long[POWER_MAX - POWER_MIN + 1];

  private static final int DOUBLE_FRACTION_BITS = 52;
  private static final int DOUBLE_EXPONENT_MIN = -1074;
  private static final int FLOAT_FRACTION_BITS = 23;
  private static final int FLOAT_EXPONENT_MIN = -149;

  /** Multiples of the least double, and float, from which on there are two digits to choose. */
  private static final int DOUBLE_TWO_DIGITS = 3;

  private static final int FLOAT_TWO_DIGITS = 8;

  /** Longest text: {@code -2.2250738585072014E-308}. */
  static final int LENGTH_MAX = 24;

  private static final int DIGITS_MAX = 17;

  static {
    for (int power = POWER_MIN; power <= POWER_MAX; power++) {
      fillPower(power);
    }
  }

  private ShortestDecimal() {}

  /** 10^power / 2^s with 128 bits, cut down and one added, so that it is never too small. */
  private static void fillPower(int power) {
    BigInteger value;
    BigInteger tens = BigInteger.TEN.pow(Math.abs(power));
    int shift = floorLog2OfPower(power) - 127;
    if (power >= 0) {
      value = shift >= 0 ? tens.shiftRight(shift) : tens.shiftLeft(-shift);
    } else {
      value = BigInteger.ONE.shiftLeft(-shift).divide(tens);
    }
    value = value.add(BigInteger.ONE);
    HIGH[power - POWER_MIN] = value.shiftRight(64).longValue();
    LOW[power - POWER_MIN] = value.longValue();
  }

  /** floor(log2(10^power)), exact for all powers here. */
  private static int floorLog2OfPower(int power) {
    return (int) ((power * 913_124_641_741L) >> 38);
  }

  /** floor(log10(2^exponent)), exact for all exponents here. */
  private static int floorLog10OfBinary(int exponent) {
    return (int) ((exponent * 661_971_961_083L) >> 41);
  }

  /** floor(log10(3/4 * 2^exponent)), exact for all exponents here. */
  private static int floorLog10OfThreeQuarters(int exponent) {
    return (int) ((exponent * 661_971_961_083L - 274_743_187_321L) >> 41);
  }

  /**
   * Writes a finite double.
   *
   * @param target with room for {@link #LENGTH_MAX} bytes from {@code offset} on
   * @return the offset after it
   */
  static int put(byte[] target, int offset, double value) {
    long bits = Double.doubleToRawLongBits(value);
    long fraction = bits & (1L << DOUBLE_FRACTION_BITS) - 1;
    int biased = (int) (bits >>> DOUBLE_FRACTION_BITS) & 0x7ff;
    int out = offset;
    if (bits < 0) {
      target[out++] = '-';
    }
    if (biased == 0) {
      return putSubnormal(target, out, fraction, DOUBLE_EXPONENT_MIN, DOUBLE_TWO_DIGITS);
    }
    long significand = 1L << DOUBLE_FRACTION_BITS | fraction;
    int exponent = biased - 1 + DOUBLE_EXPONENT_MIN;
    return putNormal(
        target, out, significand, exponent, fraction == 0 && biased > 1, DOUBLE_FRACTION_BITS);
  }

  /** Writes a finite float; see the form for doubles. */
  static int put(byte[] target, int offset, float value) {
    int bits = Float.floatToRawIntBits(value);
    int fraction = bits & (1 << FLOAT_FRACTION_BITS) - 1;
    int biased = bits >>> FLOAT_FRACTION_BITS & 0xff;
    int out = offset;
    if (bits < 0) {
      target[out++] = '-';
    }
    if (biased == 0) {
      return putSubnormal(target, out, fraction, FLOAT_EXPONENT_MIN, FLOAT_TWO_DIGITS);
    }
    long significand = 1L << FLOAT_FRACTION_BITS | fraction;
    int exponent = biased - 1 + FLOAT_EXPONENT_MIN;
    return putNormal(
        target, out, significand, exponent, fraction == 0 && biased > 1, FLOAT_FRACTION_BITS);
  }

  private static int putSubnormal(
      byte[] target, int offset, long significand, int exponent, int twoDigits) {
    if (significand == 0) {
      target[offset] = '0';
      target[offset + 1] = '.';
      target[offset + 2] = '0';
      return offset + 3;
    }
    if (significand < twoDigits) {
      // Java writes two digits at least: work on ten times the value.
      return putShortest(target, offset, 10 * significand, exponent, false, -1);
    }
    return putShortest(target, offset, significand, exponent, false, 0);
  }

  private static int putNormal(
      byte[] target,
      int offset,
      long significand,
      int exponent,
      boolean atPowerOfTwo,
      int fractionBits) {
    if (exponent <= 0 && exponent >= -fractionBits) {
      long whole = significand >> -exponent;
      if (whole << -exponent == significand) {
        return DecimalText.put(target, offset, whole, 0);
      }
    }
    return putShortest(target, offset, significand, exponent, atPowerOfTwo, 0);
  }

  /**
   * @param atPowerOfTwo whether the next number below is only half as far as the next above
   * @param shift power of ten by which the result is to be multiplied
   */
  private static int putShortest(
      byte[] target, int offset, long c, int q, boolean atPowerOfTwo, int shift) {
    int k = atPowerOfTwo ? floorLog10OfThreeQuarters(q) : floorLog10OfBinary(q);
    int h = q + floorLog2OfPower(-k) + 1;
    long high = HIGH[-k - POWER_MIN];
    long low = LOW[-k - POWER_MIN];
    // All in quarters of a unit: four times the value, and the bounds halfway to its neighbours.
    long value = scaled(high, low, (c << 2) << h);
    long lower = scaled(high, low, ((c << 2) - (atPowerOfTwo ? 1 : 2)) << h);
    long upper = scaled(high, low, ((c << 2) + 2) << h);
    // A bound itself rounds to this number only if this number is even.
    long outside = c & 1;
    long s = value >> 2;
    if (s >= 100) {
      long tens = Math.unsignedMultiplyHigh(s, 0x1999_9999_9999_999aL) * 10;
      boolean below = lower + outside <= tens << 2;
      boolean above = ((tens + 10) << 2) + outside <= upper;
      if (below != above) {
        return DecimalText.put(target, offset, below ? tens : tens + 10, k + shift);
      }
    }
    boolean below = lower + outside <= s << 2;
    boolean above = ((s + 1) << 2) + outside <= upper;
    boolean down;
    if (below != above) {
      down = below;
    } else {
      long middle = (s << 2) + 2;
      down = value < middle || (value == middle && (s & 1) == 0);
    }
    return DecimalText.put(target, offset, down ? s : s + 1, k + shift);
  }

  /**
   * The product of a 128-bit fraction and {@code factor}, cut to its highest 64 bits; the lowest
   * bit is set if anything was cut off.
   */
  private static long scaled(long high, long low, long factor) {
    long lowHigh = Math.unsignedMultiplyHigh(low, factor);
    long highLow = high * factor;
    long highHigh = Math.unsignedMultiplyHigh(high, factor);
    long middle = highLow + lowHigh;
    if (Long.compareUnsigned(middle, highLow) < 0) {
      highHigh++;
    }
    // The power is above the true one by less than a unit, which shows as a middle of 1.
    return Long.compareUnsigned(middle, 1) > 0 ? highHigh | 1 : highHigh;
  }
}
