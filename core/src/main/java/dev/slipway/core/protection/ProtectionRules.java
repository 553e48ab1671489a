package dev.slipway.core.protection;

/**
 * How models are kept from being copied.
 *
 * @param rowsPerDay that an account may ask of each deployment where its rights do not say; 0 for
 *     any number
 */
public record ProtectionRules(
    DisclosureRules disclosure, ExtractionRules extraction, long rowsPerDay) {
  public static final ProtectionRules DEFAULT =
      new ProtectionRules(DisclosureRules.DEFAULT, ExtractionRules.DEFAULT, 0);

  /**
   * @throws IllegalArgumentException if the budget is negative
   */
  public ProtectionRules {
    if (rowsPerDay < 0) {
      throw new IllegalArgumentException("rows a day: %d (expected: >= 0)".formatted(rowsPerDay));
    }
  }
}
