package dev.slipway.core.table;

import java.util.Locale;

/** Numbers as data files write them. */
final class NumberText {
  private NumberText() {}

  /** The number; NaN if the text is none, or a missing one. */
  static double parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> hasForm(text) ? parseFinite(text) : Double.NaN;
    };
  }

  static boolean isMissing(String text) {
    return text.isEmpty() || text.equalsIgnoreCase("nan");
  }

  /**
   * Whether a double keeps all of it. A leading zero, as in a postal code, is lost in a number, and
   * so are the last digits of a long identifier.
   */
  static boolean isKeptByDouble(String text) {
    double value = parse(text);
    if (Double.isNaN(value)) {
      return false;
    }
    int first = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    boolean padded =
        text.length() > first + 1
            && text.charAt(first) == '0'
            && text.charAt(first + 1) >= '0'
            && text.charAt(first + 1) <= '9';
    boolean whole = text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '-' || c == '+');
    return !padded && !(whole && Math.abs(value) >= Column.WHOLE_MAX);
  }

  /** Java's own parser also takes hexadecimal digits, type letters and surrounding blanks. */
  private static boolean hasForm(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+';
      if (!plain && c != 'e' && c != 'E') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static double parseFinite(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
