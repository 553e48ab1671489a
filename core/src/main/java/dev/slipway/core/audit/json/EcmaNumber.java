package dev.slipway.core.audit.json;

import java.math.BigDecimal;

/** Numbers as ECMAScript's {@code Number::toString} writes them, which RFC 8785 prescribes. */
final class EcmaNumber {
  private static final int PLAIN_DIGITS_MAX = 21;
  private static final int PLAIN_ZEROS_MAX = 6;

  private EcmaNumber() {}

  /**
   * The shortest decimal that reads back as {@code value}.
   *
   * @param value finite
   */
  static String format(double value) {
    if (value == 0) {
      return "0"; // Of either sign.
    }
    BigDecimal decimal = shortest(Math.abs(value));
    String digits = decimal.unscaledValue().toString();
    // The value is 0.DIGITS times ten to this power.
    int power = digits.length() - decimal.scale();
    String sign = value < 0 ? "-" : "";
    if (power > PLAIN_DIGITS_MAX || power <= -PLAIN_ZEROS_MAX) {
      int exponent = power - 1;
      return "%s%s%se%s%d"
          .formatted(
              sign,
              digits.charAt(0),
              digits.length() == 1 ? "" : "." + digits.substring(1),
              exponent < 0 ? "-" : "+",
              Math.abs(exponent));
    }
    if (power <= 0) {
      return sign + "0." + "0".repeat(-power) + digits;
    }
    return digits.length() <= power
        ? sign + digits + "0".repeat(power - digits.length())
        : sign + digits.substring(0, power) + "." + digits.substring(power);
  }

  private static BigDecimal shortest(double value) {
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    // Double.toString finds the shortest digits, except that it never looks for fewer than two:
    // the least double is 4.9E-324 to it, and 5e-324 to ECMAScript.
    return decimal.precision() == 2 ? oneDigit(value, decimal) : decimal;
  }

  private static BigDecimal oneDigit(double value, BigDecimal twoDigits) {
    int scale = twoDigits.scale() - 1;
    long first = twoDigits.unscaledValue().longValue() / 10;
    BigDecimal below = BigDecimal.valueOf(first, scale);
    BigDecimal above = BigDecimal.valueOf(first + 1, scale);
    boolean belowReadsBack = below.doubleValue() == value;
    boolean aboveReadsBack = above.doubleValue() == value;
    if (belowReadsBack && aboveReadsBack) {
      BigDecimal exact = new BigDecimal(value);
      boolean belowIsNearer =
          exact.subtract(below).abs().compareTo(above.subtract(exact).abs()) < 0;
      return (belowIsNearer ? below : above).stripTrailingZeros();
    }
    if (belowReadsBack) {
      return below;
    }
    return aboveReadsBack ? above.stripTrailingZeros() : twoDigits;
  }
}
