package dev.slipway.core.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;

/**
 * Metrics of scores against what really happened. For those of classes a label is 1 (positive) or 0
 * and the score grows with the probability of 1.
 */
public enum Metric {
  /**
   * Area under the ROC curve: the probability that a positive row has a higher score than a
   * negative one, a tie counting one half (Hanley and McNeil 1982). In [0, 1].
   */
  AUC(true, true, false),
  /**
   * Average precision: the sum over distinct scores, from the highest, of precision times the gain
   * in recall, without interpolation. In [0, 1].
   */
  AVERAGE_PRECISION(true, true, false),
  /** Mean negative log-likelihood in nats; probabilities are held 2^-52 away from 0 and 1. */
  LOG_LOSS(false, true, true),
  /** Mean squared difference between probability and label. In [0, 1]. */
  BRIER(false, true, true),
  /** Share of rows on the right side of the threshold; a score at it is positive. In [0, 1]. */
  ACCURACY(true, true, false),
  /**
   * Share of the rows called positive at the threshold that are. In [0, 1]; NaN if none is called
   * so.
   */
  PRECISION(true, true, false),
  /** Share of the positive rows that are called so at the threshold. In [0, 1]; NaN without any. */
  RECALL(true, true, false),
  /** Harmonic mean of precision and recall at the threshold; 0 if there is no hit. In [0, 1]. */
  F1(true, true, false),
  /** Root of the mean squared error, in the label's unit. */
  RMSE(false, false, false),
  /** Mean absolute error, in the label's unit. */
  MAE(false, false, false);

  private static final double PROBABILITY_MIN = Math.ulp(1.0);

  private final boolean greaterBetter;
  private final boolean ofClasses;
  private final boolean ofProbabilities;

  Metric(boolean greaterBetter, boolean ofClasses, boolean ofProbabilities) {
    this.greaterBetter = greaterBetter;
    this.ofClasses = ofClasses;
    this.ofProbabilities = ofProbabilities;
  }

  /** Whether labels are 0 and 1. */
  public boolean isOfClasses() {
    return ofClasses;
  }

  /** Whether scores have to lie in [0, 1]. */
  public boolean isOfProbabilities() {
    return ofProbabilities;
  }

  /** The name in policies: {@code average_precision}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Metric> named(String label) {
    return Arrays.stream(values()).filter(metric -> metric.label().equals(label)).findFirst();
  }

  public static List<String> labels() {
    return Arrays.stream(values()).map(Metric::label).toList();
  }

  /** A value turned so that greater is better. */
  public double oriented(double value) {
    return greaterBetter ? value : -value;
  }

  /** The metric where each row counts once. */
  public double value(double[] labels, double[] scores, double threshold) {
    int[] once = new int[labels.length];
    Arrays.fill(once, 1);
    return over(labels, scores, threshold).value(once);
  }

  /**
   * Prepares rows.
   *
   * @param labels 0 or 1 for metrics of classes; finite
   * @param scores as many, no NaN; in [0, 1] for metrics of probabilities
   * @param threshold from which a score is positive; used by accuracy, precision, recall and F1
   *     only
   * @throws IllegalArgumentException if lengths differ, or a label or score is not as said
   */
  public WeightedMetric over(double[] labels, double[] scores, double threshold) {
    require(labels, scores);
    return switch (this) {
      case AUC -> ScoreGroups.of(labels, scores)::auc;
      case AVERAGE_PRECISION -> ScoreGroups.of(labels, scores)::averagePrecision;
      case LOG_LOSS -> mean(labels, scores, Metric::logLoss);
      case BRIER -> mean(labels, scores, Metric::squaredError);
      case ACCURACY ->
          mean(labels, scores, (label, score) -> (score >= threshold) == (label == 1) ? 1 : 0);
      case PRECISION -> hits(labels, scores, threshold, false, true);
      case RECALL -> hits(labels, scores, threshold, true, false);
      case F1 -> {
        // Hits count twice in the numerator, misses and false alarms once in the denominator.
        WeightedMetric half = hits(labels, scores, threshold, true, true);
        yield weights -> {
          double value = 2 * half.value(weights);
          return Double.isNaN(value) ? 0 : value;
        };
      }
      case RMSE -> {
        WeightedMetric squares = mean(labels, scores, Metric::squaredError);
        yield weights -> Math.sqrt(squares.value(weights));
      }
      case MAE -> mean(labels, scores, (label, score) -> Math.abs(label - score));
    };
  }

  private void require(double[] labels, double[] scores) {
    if (labels.length != scores.length || labels.length == 0) {
      throw new IllegalArgumentException(
          "%d labels and %d scores (expected: as many, and at least one)"
              .formatted(labels.length, scores.length));
    }
    for (int i = 0; i < labels.length; i++) {
      boolean label = ofClasses ? labels[i] == 0 || labels[i] == 1 : Double.isFinite(labels[i]);
      boolean score = ofProbabilities ? scores[i] >= 0 && scores[i] <= 1 : !Double.isNaN(scores[i]);
      if (!label || !score) {
        throw new IllegalArgumentException(
            "row %d: label %s, score %s (expected: %s, and %s)"
                .formatted(
                    i + 1,
                    labels[i],
                    scores[i],
                    ofClasses ? "0 or 1" : "a number",
                    ofProbabilities ? "a probability" : "a number"));
      }
    }
  }

  private static double squaredError(double label, double score) {
    return (label - score) * (label - score);
  }

  private static double logLoss(double label, double score) {
    double held = Math.clamp(score, PROBABILITY_MIN, 1 - PROBABILITY_MIN);
    return label == 1 ? -Math.log(held) : -Math.log1p(-held);
  }

  private static WeightedMetric mean(double[] labels, double[] scores, DoubleBinaryOperator loss) {
    double[] losses = new double[labels.length];
    Arrays.setAll(losses, i -> loss.applyAsDouble(labels[i], scores[i]));
    return weights -> {
      double sum = 0;
      long count = 0;
      for (int i = 0; i < losses.length; i++) {
        sum += weights[i] * losses[i];
        count += weights[i];
      }
      return sum / count;
    };
  }

  /** Hits for each row that counts in the denominator: positives, rows called positive, or both. */
  private static WeightedMetric hits(
      double[] labels, double[] scores, double threshold, boolean ofPositives, boolean ofCalled) {
    byte[] hits = new byte[labels.length];
    byte[] marked = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      int positive = labels[i] == 1 ? 1 : 0;
      int called = scores[i] >= threshold ? 1 : 0;
      hits[i] = (byte) (positive & called);
      marked[i] = (byte) ((ofPositives ? positive : 0) + (ofCalled ? called : 0));
    }
    return weights -> {
      long hit = 0;
      long all = 0;
      for (int i = 0; i < hits.length; i++) {
        hit += (long) weights[i] * hits[i];
        all += (long) weights[i] * marked[i];
      }
      return all == 0 ? Double.NaN : (double) hit / all;
    };
  }
}
