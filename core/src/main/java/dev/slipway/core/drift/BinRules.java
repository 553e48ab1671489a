package dev.slipway.core.drift;

/**
 * How bins are cut at reference time.
 *
 * @param quantileBins of the values that have no bin of their own, in [2, 1000]
 * @param spikeShare a number with at least this share of the finite values gets its own bin; in (0,
 *     1]
 * @param categories most frequent texts that get a bin each, in [1, 10000]
 */
public record BinRules(int quantileBins, double spikeShare, int categories) {
  public static final BinRules DEFAULT = new BinRules(20, 0.1, 50);

  public BinRules {
    if (quantileBins < 2 || quantileBins > 1_000) {
      throw new IllegalArgumentException("bins: " + quantileBins + " (expected: 2 to 1000)");
    }
    if (!(spikeShare > 0 && spikeShare <= 1)) {
      throw new IllegalArgumentException("spike share: " + spikeShare + " (expected: in (0, 1])");
    }
    if (categories < 1 || categories > 10_000) {
      throw new IllegalArgumentException("categories: " + categories + " (expected: 1 to 10000)");
    }
  }

  public BinRules withQuantileBins(int bins) {
    return new BinRules(bins, spikeShare, categories);
  }
}
