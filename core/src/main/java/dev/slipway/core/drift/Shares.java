package dev.slipway.core.drift;

import java.util.Arrays;

/**
 * Shares of the values per bin on both sides, over the bins that either side has values in. Half a
 * value is added to each of those bins before the shares are taken, so that none is zero and every
 * divergence is finite.
 *
 * @param reference positive, summing to 1
 * @param current as many, positive, summing to 1
 */
record Shares(double[] reference, double[] current) {
  private static final double ADDED = 0.5;

  /**
   * @param occupied from {@link #occupied}, at least one
   */
  static Shares of(BinCounts reference, BinCounts current, int[] occupied) {
    return new Shares(shares(reference, occupied), shares(current, occupied));
  }

  /** Places of the bins that are not empty on both sides. */
  static int[] occupied(BinCounts reference, BinCounts current) {
    reference.requireSameBins(current);
    int[] occupied = new int[reference.bins()];
    int count = 0;
    for (int bin = 0; bin < occupied.length; bin++) {
      if (reference.count(bin) > 0 || current.count(bin) > 0) {
        occupied[count++] = bin;
      }
    }
    return Arrays.copyOf(occupied, count);
  }

  private static double[] shares(BinCounts counts, int[] occupied) {
    double total = counts.total() + ADDED * occupied.length;
    return Arrays.stream(occupied)
        .mapToDouble(bin -> (counts.count(bin) + ADDED) / total)
        .toArray();
  }
}
