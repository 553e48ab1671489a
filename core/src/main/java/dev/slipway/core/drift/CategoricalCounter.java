package dev.slipway.core.drift;

/**
 * Counts texts on the bins of a reference. Not thread-safe: each thread has its own, and their
 * counts are added.
 */
public final class CategoricalCounter {
  private final CategoricalReference reference;
  private final long[] counts;

  public CategoricalCounter(CategoricalReference reference) {
    this.reference = reference;
    this.counts = new long[reference.counts().bins()];
  }

  public void add(String value) {
    counts[reference.bin(value)]++;
  }

  /**
   * @param times how often, {@code >= 0}
   */
  public void add(String value, long times) {
    counts[reference.bin(value)] += times;
  }

  /**
   * @param values that were not given, {@code >= 0}
   */
  public void addMissing(long values) {
    counts[reference.missingBin()] += values;
  }

  /** What was counted until now. */
  public BinCounts counts() {
    return new BinCounts(counts, 0, 0);
  }
}
