package dev.slipway.core.evaluation;

import java.util.Arrays;

/**
 * Draws rows with replacement, as many as there are. For metrics of classes each class is drawn by
 * itself, so that rare positives neither vanish nor double.
 *
 * @param order rows, for metrics of classes the positive ones first
 * @param positives how many of these there are; 0 if rows are drawn together
 */
record Resampling(int[] order, int positives) {
  static Resampling of(Metric metric, double[] labels) {
    int[] order = new int[labels.length];
    int positives = 0;
    if (metric.isOfClasses()) {
      for (double label : labels) {
        positives += label == 1 ? 1 : 0;
      }
    }
    int positive = 0;
    int negative = positives;
    for (int i = 0; i < labels.length; i++) {
      if (metric.isOfClasses() && labels[i] == 1) {
        order[positive++] = i;
      } else {
        order[negative++] = i;
      }
    }
    return new Resampling(order, positives);
  }

  /**
   * @param weights written over: how often each row was drawn
   */
  void draw(int[] weights, SplitMix64 random) {
    Arrays.fill(weights, 0);
    draw(weights, 0, positives, random);
    draw(weights, positives, order.length, random);
  }

  private void draw(int[] weights, int from, int to, SplitMix64 random) {
    for (int i = from; i < to; i++) {
      weights[order[from + random.below(to - from)]]++;
    }
  }
}
