package dev.slipway.core.drift;

/**
 * Counts numbers on the bins of a reference. Not thread-safe: each thread has its own, and their
 * counts are added.
 */
public final class NumericCounter {
  private final NumericReference reference;
  private final long[] counts;
  private final double min;
  private final double max;
  private long below;
  private long above;

  public NumericCounter(NumericReference reference) {
    this.reference = reference;
    this.counts = new long[reference.counts().bins()];
    this.min = reference.moments().min();
    this.max = reference.moments().max();
  }

  /**
   * @param value given; NaN and infinities are invalid
   */
  public void add(double value) {
    counts[reference.bin(value)]++;
    if (value < min && value != Double.NEGATIVE_INFINITY) {
      below++;
    } else if (value > max && value != Double.POSITIVE_INFINITY) {
      above++;
    }
  }

  /**
   * @param values that were not given, {@code >= 0}
   */
  public void addMissing(long values) {
    counts[reference.missingBin()] += values;
  }

  /** What was counted until now. */
  public BinCounts counts() {
    return new BinCounts(counts, below, above);
  }
}
