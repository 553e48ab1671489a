package dev.slipway.core.evaluation;

import java.util.Arrays;

/**
 * Rows grouped by equal score, in ascending order of it. Sorted once; every weighting is then one
 * pass over the rows and one over the groups.
 *
 * @param group of each row
 * @param positive whether a row's label is 1
 * @param groups count
 */
record ScoreGroups(int[] group, boolean[] positive, int groups) {
  static ScoreGroups of(double[] labels, double[] scores) {
    double[] distinct = new double[scores.length];
    // Adding zero makes the negative zero equal to the positive one.
    Arrays.setAll(distinct, i -> scores[i] + 0.0);
    Arrays.sort(distinct);
    int groups = 0;
    for (int i = 0; i < distinct.length; i++) {
      if (i == 0 || distinct[i] != distinct[i - 1]) {
        distinct[groups++] = distinct[i];
      }
    }
    int[] group = new int[scores.length];
    boolean[] positive = new boolean[scores.length];
    for (int i = 0; i < scores.length; i++) {
      group[i] = Arrays.binarySearch(distinct, 0, groups, scores[i] + 0.0);
      positive[i] = labels[i] == 1;
    }
    return new ScoreGroups(group, positive, groups);
  }

  double auc(int[] weights) {
    long[] positives = new long[groups];
    long[] negatives = new long[groups];
    count(weights, positives, negatives);
    long allPositives = 0;
    long below = 0;
    // Pairs counted twice, so that half a tie is whole.
    double twiceWon = 0;
    for (int i = 0; i < groups; i++) {
      twiceWon += (double) positives[i] * (2 * below + negatives[i]);
      below += negatives[i];
      allPositives += positives[i];
    }
    return twiceWon / (2.0 * allPositives * below);
  }

  double averagePrecision(int[] weights) {
    long[] positives = new long[groups];
    long[] negatives = new long[groups];
    count(weights, positives, negatives);
    long hits = 0;
    long called = 0;
    double sum = 0;
    for (int i = groups - 1; i >= 0; i--) {
      hits += positives[i];
      called += positives[i] + negatives[i];
      if (positives[i] > 0) {
        sum += positives[i] * ((double) hits / called);
      }
    }
    return sum / hits;
  }

  private void count(int[] weights, long[] positives, long[] negatives) {
    for (int i = 0; i < weights.length; i++) {
      if (positive[i]) {
        positives[group[i]] += weights[i];
      } else {
        negatives[group[i]] += weights[i];
      }
    }
  }
}
