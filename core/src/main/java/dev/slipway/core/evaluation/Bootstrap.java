package dev.slipway.core.evaluation;

import java.util.Arrays;

/**
 * How sure a metric is: the interval of the percentiles over draws of the rows with replacement
 * (Efron and Tibshirani, An Introduction to the Bootstrap, 1993).
 *
 * @param resamples {@code >= 1}
 * @param confidence share of the draws inside the two-sided interval, in (0, 1)
 * @param seed fixes the draws
 */
public record Bootstrap(int resamples, double confidence, long seed) {
  /** 95 % of 400 draws. */
  public static final Bootstrap DEFAULT = new Bootstrap(400, 0.95, 1);

  /** A metric and the ends of its interval; each NaN where it is not defined. */
  public record Interval(double value, double low, double high) {}

  public Bootstrap {
    if (resamples < 1 || !(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "resamples %d, confidence %s (expected: >= 1, and in (0, 1))"
              .formatted(resamples, confidence));
    }
  }

  /**
   * @param threshold as {@link Metric#over}
   * @throws IllegalArgumentException as {@link Metric#over}
   */
  public Interval interval(Metric metric, double[] labels, double[] scores, double threshold) {
    WeightedMetric rows = metric.over(labels, scores, threshold);
    int[] weights = new int[labels.length];
    Arrays.fill(weights, 1);
    double value = rows.value(weights);
    Resampling resampling = Resampling.of(metric, labels);
    SplitMix64 random = new SplitMix64(seed);
    double[] values = new double[resamples];
    for (int i = 0; i < resamples; i++) {
      resampling.draw(weights, random);
      values[i] = rows.value(weights);
    }
    Arrays.sort(values);
    if (Double.isNaN(values[values.length - 1])) {
      return new Interval(value, Double.NaN, Double.NaN);
    }
    double tail = (1 - confidence) / 2;
    return new Interval(
        value, Quantiles.interpolated(values, tail), Quantiles.interpolated(values, 1 - tail));
  }
}
