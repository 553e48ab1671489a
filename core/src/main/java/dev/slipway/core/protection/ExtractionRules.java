package dev.slipway.core.protection;

import java.time.Duration;

/**
 * From when on questions look like an attempt to copy a model.
 *
 * @param rowsMin different rows of one account within the window; 0 watches nobody
 * @param variedShare share of them that vary a row asked shortly before in one or two features and
 *     leave the others as they were, in (0, 1]
 * @param window that both are counted in
 */
public record ExtractionRules(long rowsMin, double variedShare, Duration window) {
  public static final ExtractionRules DEFAULT =
      new ExtractionRules(5_000, 0.5, Duration.ofHours(1));

  /**
   * @throws IllegalArgumentException if one is out of its range
   */
  public ExtractionRules {
    if (rowsMin < 0) {
      throw new IllegalArgumentException("rows: %d (expected: >= 0)".formatted(rowsMin));
    }
    if (!(variedShare > 0 && variedShare <= 1)) {
      throw new IllegalArgumentException("share: %s (expected: in (0, 1])".formatted(variedShare));
    }
    if (window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("window: %s (expected: > 0)".formatted(window));
    }
  }

  boolean isWatching() {
    return rowsMin > 0;
  }
}
