package dev.slipway.cli.command;

/** Where promotions and policies are found. */
final class PromotionPaths {
  static final String PROMOTIONS = "/api/v1/promotions";
  static final String POLICIES = "/api/v1/policies";

  private PromotionPaths() {}

  static String of(long promotion) {
    return PROMOTIONS + "/" + promotion;
  }
}
