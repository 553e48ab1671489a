package dev.slipway.core.evaluation;

import java.util.Arrays;

/**
 * How sure the difference between two models on the same rows is: rows are drawn with replacement,
 * both models are measured on the same draw, and the interval is that of the percentiles of the
 * differences (Efron and Tibshirani, An Introduction to the Bootstrap, 1993). For metrics of
 * classes each class is drawn by itself, so that rare positives neither vanish nor double.
 *
 * @param resamples {@code >= 1}
 * @param confidence share of the differences inside the two-sided interval, in (0, 1)
 * @param seed fixes the draws
 */
public record PairedBootstrap(int resamples, double confidence, long seed) {
  /**
   * A difference, turned so that a positive one means that the candidate is better.
   *
   * @param candidate the metric as it is
   * @param incumbent the metric as it is
   * @param low lower end of the interval
   * @param high upper end
   */
  public record Difference(
      double candidate, double incumbent, double difference, double low, double high) {}

  public PairedBootstrap {
    if (resamples < 1 || !(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "resamples %d, confidence %s (expected: >= 1, and in (0, 1))"
              .formatted(resamples, confidence));
    }
  }

  /**
   * @param threshold as {@link Metric#over}
   * @return of NaN where the metric is not defined on these rows
   * @throws IllegalArgumentException as {@link Metric#over}
   */
  public Difference difference(
      Metric metric, double[] labels, double[] candidate, double[] incumbent, double threshold) {
    WeightedMetric ofCandidate = metric.over(labels, candidate, threshold);
    WeightedMetric ofIncumbent = metric.over(labels, incumbent, threshold);
    int[] weights = new int[labels.length];
    Arrays.fill(weights, 1);
    double candidateValue = ofCandidate.value(weights);
    double incumbentValue = ofIncumbent.value(weights);
    Resampling resampling = Resampling.of(metric, labels);
    SplitMix64 random = new SplitMix64(seed);
    double[] differences = new double[resamples];
    for (int i = 0; i < resamples; i++) {
      resampling.draw(weights, random);
      differences[i] =
          metric.oriented(ofCandidate.value(weights)) - metric.oriented(ofIncumbent.value(weights));
    }
    Arrays.sort(differences);
    double tail = (1 - confidence) / 2;
    return new Difference(
        candidateValue,
        incumbentValue,
        metric.oriented(candidateValue) - metric.oriented(incumbentValue),
        Quantiles.interpolated(differences, tail),
        Quantiles.interpolated(differences, 1 - tail));
  }
}
