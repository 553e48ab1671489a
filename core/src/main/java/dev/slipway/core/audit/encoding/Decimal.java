package dev.slipway.core.audit.encoding;

/** Sizes and indices as ASCII decimals without leading zeros. */
public final class Decimal {
  private static final int DIGITS_MAX = 19;

  private Decimal() {}

  /**
   * @param what names the text in a refusal, such as {@code size}
   * @return in {@code [0, 2^63)}
   * @throws IllegalArgumentException if the text is not such a number in its only form
   */
  public static long parse(String what, String text) {
    boolean wellFormed =
        !text.isEmpty()
            && text.length() <= DIGITS_MAX
            && (text.length() == 1 || text.charAt(0) != '0')
            && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    if (wellFormed) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        // 19 digits can still be too many.
      }
    }
    throw new IllegalArgumentException(
        "%s: '%s' (expected: a decimal from 0 to %d without leading zeros)"
            .formatted(
                what,
                text.length() <= DIGITS_MAX + 1 ? text : text.substring(0, DIGITS_MAX) + "...",
                Long.MAX_VALUE));
  }
}
