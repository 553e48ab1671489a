package dev.slipway.core.drift;

import org.jspecify.annotations.Nullable;

/**
 * How far the current values of one feature lie from its reference. PSI, Kullback-Leibler,
 * Jensen-Shannon, Hellinger and total variation are those of {@link Divergence} over smoothed
 * shares of all bins, missing and invalid values included; tests and transport take the counts as
 * they are.
 *
 * @param referenceRows all values, {@code >= 1}
 * @param currentRows all values, {@code >= 1}
 * @param bins that are not empty on both sides
 * @param jensenShannon natural logarithm, at most 0.8326
 * @param ordered null for texts, and where one side has no finite value
 */
public record FeatureDrift(
    long referenceRows,
    long currentRows,
    int bins,
    double psi,
    double kullbackLeibler,
    double jensenShannon,
    double hellinger,
    double totalVariation,
    TestResult chiSquare,
    @Nullable Ordered ordered) {

  /**
   * What only ordered bins have.
   *
   * @param referenceValues finite ones
   * @param currentValues finite ones
   * @param kolmogorovSmirnov a lower bound from bins, as {@link Kolmogorov} says
   * @param wasserstein distance of the two distributions, each value standing at the reference's
   *     mean of its bin, divided by the reference's standard deviation; what moves within a bin, or
   *     beyond the last cut, is not seen. NaN if the reference does not vary.
   */
  public record Ordered(
      long referenceValues, long currentValues, TestResult kolmogorovSmirnov, double wasserstein) {}

  /**
   * Compares.
   *
   * @param current counted on the bins of the reference
   * @throws IllegalArgumentException if it was not, or either side is empty
   */
  public static FeatureDrift of(FeatureReference reference, BinCounts current) {
    BinCounts before = reference.counts();
    int[] occupied = Shares.occupied(before, current);
    if (before.total() == 0 || current.total() == 0) {
      throw new IllegalArgumentException(
          "feature %s: %d reference and %d current values (expected: at least one each)"
              .formatted(reference.feature(), before.total(), current.total()));
    }
    Shares shares = Shares.of(before, current, occupied);
    return new FeatureDrift(
        before.total(),
        current.total(),
        occupied.length,
        Divergence.PSI.between(shares),
        Divergence.KULLBACK_LEIBLER.between(shares),
        Divergence.JENSEN_SHANNON.between(shares),
        Divergence.HELLINGER.between(shares),
        Divergence.TOTAL_VARIATION.between(shares),
        ChiSquare.test(before, current, occupied),
        switch (reference) {
          case NumericReference numeric -> ordered(numeric, current);
          case CategoricalReference texts -> null;
        });
  }

  /** Jensen-Shannon distance with logarithms to base 2, in [0, 1]. */
  public double jensenShannonBase2() {
    return jensenShannon / Math.sqrt(Math.log(2));
  }

  /**
   * The PSI that the size of the two samples alone makes likely: (B - 1)(1/n + 1/m) over B bins, n
   * reference and m current values.
   */
  public double psiWithoutDrift() {
    return (bins - 1) * perValue();
  }

  /**
   * The PSI that the size of the samples alone rarely passes: mean and three deviations, since
   * without drift PSI / (1/n + 1/m) is nearly chi-square with B - 1 degrees of freedom.
   */
  public double psiNoise() {
    return (bins - 1 + AlertRule.DEVIATIONS * Math.sqrt(2.0 * (bins - 1))) * perValue();
  }

  private double perValue() {
    return 1.0 / referenceRows + 1.0 / currentRows;
  }

  private static @Nullable Ordered ordered(NumericReference reference, BinCounts current) {
    int bins = reference.valueBins();
    long n = 0;
    long m = 0;
    for (int bin = 0; bin < bins; bin++) {
      n += reference.counts().count(bin);
      m += current.count(bin);
    }
    if (n == 0 || m == 0) {
      return null;
    }
    return new Ordered(
        n,
        m,
        Kolmogorov.test(reference.counts(), current, bins, n, m),
        transport(reference, current, n, m));
  }

  /** The area between the two distribution functions in deviations of the reference. */
  private static double transport(NumericReference reference, BinCounts current, long n, long m) {
    double deviation = reference.moments().deviation();
    if (deviation == 0) {
      return Double.NaN;
    }
    long below = 0;
    long belowNow = 0;
    double area = 0;
    for (int bin = 0; bin < reference.valueBins() - 1; bin++) {
      below += reference.counts().count(bin);
      belowNow += current.count(bin);
      area +=
          Math.abs((double) below / n - (double) belowNow / m)
              * (reference.centre(bin + 1) / deviation - reference.centre(bin) / deviation);
    }
    return area;
  }
}
