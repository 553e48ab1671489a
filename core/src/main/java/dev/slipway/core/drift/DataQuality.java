package dev.slipway.core.drift;

/**
 * Shares of all values that were not as values should be.
 *
 * @param rows all values
 * @param missing not given
 * @param invalid given, but no finite number
 * @param outOfRange finite, but outside what the reference had; 0 for texts
 * @param unseen texts that the reference never had; NaN where it had too many to tell, 0 for
 *     numbers
 */
public record DataQuality(
    long rows, double missing, double invalid, double outOfRange, double unseen) {
  /**
   * @param counts on the bins of the reference
   * @throws IllegalArgumentException if they are not, or nothing was counted
   */
  public static DataQuality of(FeatureReference reference, BinCounts counts) {
    reference.counts().requireSameBins(counts);
    double rows = counts.total();
    if (rows == 0) {
      throw new IllegalArgumentException(
          "feature %s: no values (expected: at least one)".formatted(reference.feature()));
    }
    return new DataQuality(
        counts.total(),
        counts.count(reference.missingBin()) / rows,
        counts.count(reference.invalidBin()) / rows,
        (counts.below() + counts.above()) / rows,
        switch (reference) {
          case NumericReference numbers -> 0;
          case CategoricalReference texts ->
              texts.isComplete() ? counts.count(texts.otherBin()) / rows : Double.NaN;
        });
  }
}
