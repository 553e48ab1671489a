package dev.slipway.protocol.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import ch.randelshofer.fastdoubleparser.JavaFloatParser;
import java.math.BigDecimal;

/**
 * Decimal text to binary floating point, always to the nearest value, ties to even.
 *
 * <p>A number arrives twice: as text, already known to be a valid JSON number, and as {@code
 * significand * 10^exponent} with up to 18 digits. Most numbers are decided by the latter in one
 * multiplication or division; where that could be wrong the text is parsed in full.
 */
final class DecimalNumbers {
  private static final double[] POWERS = new double[23];

  static {
    double power = 1;
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = power;
      power *= 10;
    }
  }

  /** Bits of a double's significand that a float has no room for. */
  private static final int FLOAT_DROPPED_MASK = (1 << 29) - 1;

  private static final int FLOAT_HALF = 1 << 28;

  /**
   * How far, in units in the last place of the double, the quick result may be from the true one.
   * The conversion of the significand and the operation round by at most half a unit each, and the
   * digits left out weigh less than 2^-59: two would do.
   */
  private static final int ERROR_UNITS = 8;

  private DecimalNumbers() {}

  static float toFloat(
      byte[] text, int offset, int length, boolean negative, long significand, long exponent) {
    if (significand == 0) {
      return negative ? -0.0f : 0.0f;
    }
    if (exponent >= -22 && exponent <= 22) {
      double magnitude = significand;
      int e = (int) exponent;
      magnitude = e < 0 ? magnitude / POWERS[-e] : magnitude * POWERS[e];
      // Rounding twice is harmless unless the double lies at the middle between two floats.
      int dropped = (int) Double.doubleToRawLongBits(magnitude) & FLOAT_DROPPED_MASK;
      if (Math.abs(dropped - FLOAT_HALF) > ERROR_UNITS
          && magnitude >= 0x1p-125
          && magnitude <= 0x1p127) {
        float value = (float) magnitude;
        return negative ? -value : value;
      }
    }
    if (isBeyondDouble(exponent)) {
      return (float) extreme(negative, exponent);
    }
    return JavaFloatParser.parseFloat(text, offset, length);
  }

  /**
   * The float nearest to {@code significand / 10^fractionDigits}, if that can be told quickly.
   *
   * @param significand {@code >= 0}
   * @param fractionDigits {@code 0..22}
   * @return -1 if it takes a closer look
   */
  static float toFloatQuickly(long significand, int fractionDigits) {
    double magnitude = significand / POWERS[fractionDigits];
    int dropped = (int) Double.doubleToRawLongBits(magnitude) & FLOAT_DROPPED_MASK;
    if (Math.abs(dropped - FLOAT_HALF) > ERROR_UNITS
        && (magnitude >= 0x1p-125 || significand == 0)) {
      return (float) magnitude;
    }
    return -1;
  }

  static double toDouble(
      byte[] text,
      int offset,
      int length,
      boolean negative,
      long significand,
      long exponent,
      boolean exact) {
    if (significand == 0) {
      return negative ? -0.0 : 0.0;
    }
    if (exact && significand <= 1L << 53 && exponent >= -22 && exponent <= 22) {
      // Both operands are exact, so that the one operation rounds once.
      double magnitude = significand;
      int e = (int) exponent;
      magnitude = e < 0 ? magnitude / POWERS[-e] : magnitude * POWERS[e];
      return negative ? -magnitude : magnitude;
    }
    if (isBeyondDouble(exponent)) {
      return extreme(negative, exponent);
    }
    return JavaDoubleParser.parseDouble(text, offset, length);
  }

  static short toFloat16(double nearest, byte[] text, int offset, int length) {
    return Float.floatToFloat16((float) rounded(nearest, 10, -14, text, offset, length));
  }

  static short toBfloat16(double nearest, byte[] text, int offset, int length) {
    float value = (float) rounded(nearest, 7, -126, text, offset, length);
    return (short) (Float.floatToRawIntBits(value) >>> 16);
  }

  /**
   * Rounds to {@code fractionBits} bits after the leading one.
   *
   * @param nearest the double nearest to the text, which alone cannot decide a tie
   */
  private static double rounded(
      double nearest, int fractionBits, int exponentMin, byte[] text, int offset, int length) {
    double magnitude = Math.abs(nearest);
    if (magnitude == 0 || magnitude >= 0x1p130) {
      // Infinite in either format, zero stays zero.
      return nearest * 0x1p900;
    }
    int shift = fractionBits - Math.max(Math.getExponent(magnitude), exponentMin);
    // Scaling by powers of two is exact here: shift is within -123..133.
    double scaled = magnitude * power(shift);
    double down = Math.floor(scaled);
    double result = Math.rint(scaled);
    if (scaled - down == 0.5) {
      BigDecimal exact = new BigDecimal(new String(text, offset, length, US_ASCII)).abs();
      int side = exact.compareTo(new BigDecimal(magnitude));
      result = side < 0 ? down : side > 0 ? down + 1 : result;
    }
    return Math.copySign(result * power(-shift), nearest);
  }

  private static double power(int exponent) {
    return Math.scalb(1.0, exponent);
  }

  /** Whether even the nearest double is certainly zero or infinite. */
  private static boolean isBeyondDouble(long exponent) {
    return exponent > 330 || exponent < -330 - 19;
  }

  private static double extreme(boolean negative, long exponent) {
    double magnitude = exponent > 0 ? Double.POSITIVE_INFINITY : 0.0;
    return negative ? -magnitude : magnitude;
  }
}
