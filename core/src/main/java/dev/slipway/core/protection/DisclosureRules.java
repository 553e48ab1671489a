package dev.slipway.core.protection;

/**
 * What is left of an answer that may not be seen whole.
 *
 * @param decimals that rounded scores keep, from 0 to 15
 * @param labelThreshold from which a lone score of a row counts as the positive class
 */
public record DisclosureRules(int decimals, double labelThreshold) {
  public static final DisclosureRules DEFAULT = new DisclosureRules(2, 0.5);

  private static final int DECIMALS_MAX = 15;

  /**
   * @throws IllegalArgumentException if one is out of its range
   */
  public DisclosureRules {
    if (decimals < 0 || decimals > DECIMALS_MAX) {
      throw new IllegalArgumentException(
          "decimals: %d (expected: from 0 to %d)".formatted(decimals, DECIMALS_MAX));
    }
    if (!Double.isFinite(labelThreshold)) {
      throw new IllegalArgumentException(
          "label threshold: %s (expected: a finite number)".formatted(labelThreshold));
    }
  }
}
