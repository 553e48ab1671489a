package dev.slipway.serving.validation;

import java.math.BigDecimal;
import java.util.Optional;

/** A category of a numeric field, read by value: {@code 3} and {@code 3.0} are the same. */
final class CategoryNumber {
  private CategoryNumber() {}

  /** Empty if the text is no number, so that no value can equal it. */
  static Optional<BigDecimal> of(String text) {
    if (text.equals("true")) {
      return Optional.of(BigDecimal.ONE);
    }
    if (text.equals("false")) {
      return Optional.of(BigDecimal.ZERO);
    }
    try {
      return Optional.of(new BigDecimal(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
