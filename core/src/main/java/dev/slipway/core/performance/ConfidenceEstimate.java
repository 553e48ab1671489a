package dev.slipway.core.performance;

import dev.slipway.core.evaluation.Metric;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a metric would be if the scores still meant what they did (confidence-based performance
 * estimation): every row counts as positive in so far as its calibrated probability says. Blind to
 * concept drift: where the same inputs have other outcomes now, scores and so the estimate stay as
 * they were.
 */
public final class ConfidenceEstimate {
  private static final Set<Metric> SUPPORTED =
      EnumSet.complementOf(EnumSet.of(Metric.RMSE, Metric.MAE));

  private final Metric metric;
  private final Calibration calibration;
  private final double threshold;

  /**
   * @param calibration of scores whose labels are known
   * @param threshold from which a score is positive
   * @throws IllegalArgumentException for a metric that is not of classes
   */
  public ConfidenceEstimate(Metric metric, Calibration calibration, double threshold) {
    if (!SUPPORTED.contains(metric)) {
      throw new IllegalArgumentException(
          "metric %s (expected: one of classes, to be estimated)".formatted(metric.label()));
    }
    this.metric = metric;
    this.calibration = calibration;
    this.threshold = threshold;
  }

  /**
   * The expected metric.
   *
   * @param scores at least one, no NaN
   * @return NaN where it is not defined
   */
  public double of(double[] scores) {
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    return switch (metric) {
      case AUC -> auc(sorted);
      case AVERAGE_PRECISION -> averagePrecision(sorted);
      case LOG_LOSS -> loss(sorted, Metric.LOG_LOSS);
      case BRIER -> loss(sorted, Metric.BRIER);
      case ACCURACY, PRECISION, RECALL, F1 -> atThreshold(sorted);
      case RMSE, MAE -> throw new IllegalStateException(metric.name());
    };
  }

  private double atThreshold(double[] scores) {
    double hits = 0;
    double called = 0;
    double positives = 0;
    for (double score : scores) {
      double probability = calibration.probability(score);
      positives += probability;
      if (score >= threshold) {
        called++;
        hits += probability;
      }
    }
    return switch (metric) {
      case PRECISION -> hits / called;
      case RECALL -> hits / positives;
      case F1 -> called + positives == 0 ? 0 : 2 * hits / (called + positives);
      case ACCURACY -> (scores.length - called - positives + 2 * hits) / scores.length;
      default -> throw new IllegalStateException(metric.name());
    };
  }

  private double auc(double[] sorted) {
    double negativesBelow = 0;
    double positives = 0;
    double won = 0;
    for (int from = 0; from < sorted.length; ) {
      double own = 0;
      int to = from;
      for (; to < sorted.length && sorted[to] == sorted[from]; to++) {
        own += calibration.probability(sorted[to]);
      }
      double ownNegatives = to - from - own;
      won += own * (negativesBelow + ownNegatives / 2);
      negativesBelow += ownNegatives;
      positives += own;
      from = to;
    }
    return won / (positives * negativesBelow);
  }

  private double averagePrecision(double[] sorted) {
    double hits = 0;
    double called = 0;
    double sum = 0;
    for (int from = sorted.length - 1; from >= 0; ) {
      double own = 0;
      int to = from;
      for (; to >= 0 && sorted[to] == sorted[from]; to--) {
        own += calibration.probability(sorted[to]);
      }
      hits += own;
      called += from - to;
      sum += own * (hits / called);
      from = to;
    }
    return sum / hits;
  }

  private double loss(double[] scores, Metric ofRow) {
    double[] one = {1};
    double[] zero = {0};
    double sum = 0;
    for (double score : scores) {
      double probability = calibration.probability(score);
      double[] own = {score};
      sum +=
          probability * ofRow.value(one, own, threshold)
              + (1 - probability) * ofRow.value(zero, own, threshold);
    }
    return sum / scores.length;
  }
}
