package dev.slipway.core.performance;

/**
 * The test of Page (1954) and Hinkley for a mean that grows: the sum of how far each value lies
 * above the mean so far and a tolerance, and how far that sum has risen from its least.
 */
public final class PageHinkley implements ChangeDetector {
  private final int warmUp;
  private final double tolerance;
  private final double threshold;
  private long values;
  private double mean;
  private double sum;
  private double sumMin;

  /**
   * @param warmUp values before the first judgement, {@code >= 1}
   * @param tolerance of changes that do not matter, {@code >= 0}
   * @param threshold that the rise has to exceed, {@code > 0}
   */
  public PageHinkley(int warmUp, double tolerance, double threshold) {
    if (warmUp < 1 || !(tolerance >= 0) || !(threshold > 0)) {
      throw new IllegalArgumentException(
          "warm-up %d, tolerance %s, threshold %s (expected: >= 1, >= 0, > 0)"
              .formatted(warmUp, tolerance, threshold));
    }
    this.warmUp = warmUp;
    this.tolerance = tolerance;
    this.threshold = threshold;
    reset();
  }

  /** After 30 values, a tolerance of 0.005, a threshold of 50. */
  public static PageHinkley standard() {
    return new PageHinkley(30, 0.005, 50);
  }

  private void reset() {
    values = 0;
    mean = 0;
    sum = 0;
    sumMin = Double.POSITIVE_INFINITY;
  }

  /**
   * @param value finite
   */
  @Override
  public State add(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value: %s (expected: finite)".formatted(value));
    }
    values++;
    mean += (value - mean) / values;
    sum += value - mean - tolerance;
    sumMin = Math.min(sumMin, sum);
    if (values >= warmUp && sum - sumMin > threshold) {
      reset();
      return State.CHANGE;
    }
    return State.STABLE;
  }
}
