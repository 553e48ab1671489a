package dev.slipway.core.performance;

import java.util.Arrays;

/**
 * Turns scores into probabilities: the curve that rises with the score and comes nearest to the
 * labels (isotonic regression by pooling adjacent violators), straight between its points and level
 * beyond them. Immutable.
 */
public final class Calibration {
  private final double[] scores;
  private final double[] probabilities;

  private Calibration(double[] scores, double[] probabilities) {
    this.scores = scores;
    this.probabilities = probabilities;
  }

  /**
   * Learns the curve.
   *
   * @param labels 0 or 1, at least one
   * @param scores as many, no NaN
   */
  public static Calibration of(double[] labels, double[] scores) {
    if (labels.length == 0 || labels.length != scores.length) {
      throw new IllegalArgumentException(
          "%d labels and %d scores (expected: as many, and at least one)"
              .formatted(labels.length, scores.length));
    }
    Integer[] order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Double.compare(scores[a], scores[b]));
    // Pools: the mean label of rows whose order the labels contradict, or whose scores are equal.
    double[] sums = new double[scores.length];
    double[] counts = new double[scores.length];
    double[] firsts = new double[scores.length];
    double[] lasts = new double[scores.length];
    int pools = 0;
    for (int i = 0; i < order.length; ) {
      double score = scores[order[i]];
      double sum = 0;
      double count = 0;
      for (; i < order.length && scores[order[i]] == score; i++) {
        sum += labels[order[i]];
        count++;
      }
      sums[pools] = sum;
      counts[pools] = count;
      firsts[pools] = score;
      lasts[pools] = score;
      pools++;
      while (pools > 1
          && sums[pools - 2] * counts[pools - 1] >= sums[pools - 1] * counts[pools - 2]) {
        sums[pools - 2] += sums[pools - 1];
        counts[pools - 2] += counts[pools - 1];
        lasts[pools - 2] = lasts[pools - 1];
        pools--;
      }
    }
    double[] points = new double[2 * pools];
    double[] values = new double[2 * pools];
    int size = 0;
    for (int pool = 0; pool < pools; pool++) {
      points[size] = firsts[pool];
      values[size++] = sums[pool] / counts[pool];
      if (lasts[pool] > firsts[pool]) {
        points[size] = lasts[pool];
        values[size++] = sums[pool] / counts[pool];
      }
    }
    return new Calibration(Arrays.copyOf(points, size), Arrays.copyOf(values, size));
  }

  /** Probability that a row with this score is positive, in [0, 1]. */
  public double probability(double score) {
    int place = Arrays.binarySearch(scores, score);
    if (place >= 0) {
      return probabilities[place];
    }
    int after = -place - 1;
    if (after == 0) {
      return probabilities[0];
    }
    if (after == scores.length) {
      return probabilities[after - 1];
    }
    double part = (score - scores[after - 1]) / (scores[after] - scores[after - 1]);
    return probabilities[after - 1] + part * (probabilities[after] - probabilities[after - 1]);
  }
}
