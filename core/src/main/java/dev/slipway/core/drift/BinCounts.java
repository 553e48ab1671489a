package dev.slipway.core.drift;

import java.util.Arrays;

/**
 * How many values fell into each bin of one reference. Immutable. Adding is associative and
 * commutative and loses nothing, so that parts counted apart give exactly what one count would.
 */
public final class BinCounts {
  private final long[] counts;
  private final long below;
  private final long above;

  /**
   * @param counts one for each of {@link FeatureReference#bins}
   * @param below finite values under the least of the reference
   * @param above finite values over its greatest
   * @throws IllegalArgumentException if there is no bin, or a count is negative
   */
  public BinCounts(long[] counts, long below, long above) {
    this.counts = counts.clone();
    this.below = below;
    this.above = above;
    if (counts.length == 0
        || below < 0
        || above < 0
        || Arrays.stream(counts).anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException(
          "counts: %s, below %d, above %d (expected: at least one, each >= 0)"
              .formatted(Arrays.toString(counts), below, above));
    }
  }

  /** Nothing counted yet. */
  public static BinCounts none(int bins) {
    return new BinCounts(new long[bins], 0, 0);
  }

  public int bins() {
    return counts.length;
  }

  public long count(int bin) {
    return counts[bin];
  }

  public long below() {
    return below;
  }

  public long above() {
    return above;
  }

  /** All values, missing and invalid ones too. */
  public long total() {
    return Arrays.stream(counts).sum();
  }

  /**
   * @param other of the same reference
   * @throws IllegalArgumentException if it has another number of bins
   * @throws ArithmeticException if a sum passes 2^63 - 1
   */
  public BinCounts plus(BinCounts other) {
    requireSameBins(other);
    long[] sums = new long[counts.length];
    Arrays.setAll(sums, i -> Math.addExact(counts[i], other.counts[i]));
    return new BinCounts(
        sums, Math.addExact(below, other.below), Math.addExact(above, other.above));
  }

  void requireSameBins(BinCounts other) {
    if (other.counts.length != counts.length) {
      throw new IllegalArgumentException(
          "%d bins (expected: %d, of the same reference)"
              .formatted(other.counts.length, counts.length));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BinCounts that
        && Arrays.equals(counts, that.counts)
        && below == that.below
        && above == that.above;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(new int[] {Arrays.hashCode(counts), Long.hashCode(below + 31 * above)});
  }

  @Override
  public String toString() {
    return "%s, below %d, above %d".formatted(Arrays.toString(counts), below, above);
  }
}
