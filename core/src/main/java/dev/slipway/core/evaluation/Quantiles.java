package dev.slipway.core.evaluation;

/** Quantiles of sorted values. */
public final class Quantiles {
  private Quantiles() {}

  /**
   * Linear interpolation between the two nearest values: type 7 of Hyndman and Fan (1996).
   *
   * @param sorted ascending, at least one
   * @param share in [0, 1]
   */
  public static double interpolated(double[] sorted, double share) {
    require(sorted.length, share);
    double place = (sorted.length - 1) * share;
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /**
   * The least value that at least {@code share} of all values do not exceed (nearest rank).
   *
   * @param sorted ascending, at least one
   * @param share in [0, 1]
   */
  public static long nearestRank(long[] sorted, double share) {
    require(sorted.length, share);
    return sorted[Math.max(0, (int) Math.ceil(sorted.length * share) - 1)];
  }

  private static void require(int length, double share) {
    if (length == 0 || !(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "quantile %s of %d values (expected: of [0, 1], and at least one value)"
              .formatted(share, length));
    }
  }
}
