package dev.slipway.core.drift;

import java.util.List;

/**
 * When a person should hear of drift: an effect that matters, that is more than windows of the
 * reference have by themselves, and that stays. P-values take no part, since with many values every
 * difference is significant.
 *
 * @param effectMin configured bound of the effect, such as a PSI, {@code >= 0}
 * @param windows that are looked at, {@code >= 1}
 * @param exceeding how many of these have to exceed, in [1, windows]
 */
public record AlertRule(double effectMin, int windows, int exceeding) {
  /** Standard deviations above the mean of the reference's windows. */
  public static final double DEVIATIONS = 3;

  /** A PSI of 0.1 in two of three windows. */
  public static final AlertRule DEFAULT = new AlertRule(0.1, 3, 2);

  public AlertRule {
    if (!(effectMin >= 0) || windows < 1 || exceeding < 1 || exceeding > windows) {
      throw new IllegalArgumentException(
          "alert at %s in %d of %d windows (expected: >= 0, and 1 to all of at least one)"
              .formatted(effectMin, exceeding, windows));
    }
  }

  /**
   * The bound that a window's effect has to exceed.
   *
   * @param rows of the window
   */
  public double bound(ReferenceWindows usual, long rows) {
    return Math.max(effectMin, usual.bound(rows, DEVIATIONS));
  }

  /**
   * Whether to alert now.
   *
   * @param exceeded whether each window's effect exceeded its bound, the latest last; windows that
   *     are not there yet did not
   */
  public boolean alerts(List<Boolean> exceeded) {
    return exceeded.stream()
            .skip(Math.max(0, exceeded.size() - windows))
            .filter(isOver -> isOver)
            .count()
        >= exceeding;
  }
}
