package dev.slipway.example.fraud;

import java.util.Arrays;

/**
 * Features and labels of consecutive weeks, for training and evaluation.
 *
 * @param features row after row, {@link Feature#count()} values each
 * @param labels 1 for fraud, 0 for genuine
 */
record LabelledRows(float[] features, float[] labels) {
  int count() {
    return labels.length;
  }

  int frauds() {
    int frauds = 0;
    for (float label : labels) {
      frauds += label == 1 ? 1 : 0;
    }
    return frauds;
  }

  /** Collects rows one by one. Not thread-safe. */
  static final class Collector {
    private float[] features = new float[1 << 16];
    private float[] labels = new float[1 << 12];
    private int count;

    /** Copies the row. */
    void add(float[] row, boolean fraud) {
      int at = count * Feature.count();
      if (at + Feature.count() > features.length) {
        features = Arrays.copyOf(features, features.length * 2);
      }
      if (count == labels.length) {
        labels = Arrays.copyOf(labels, labels.length * 2);
      }
      System.arraycopy(row, 0, features, at, Feature.count());
      labels[count++] = fraud ? 1 : 0;
    }

    LabelledRows rows() {
      return new LabelledRows(
          Arrays.copyOf(features, count * Feature.count()), Arrays.copyOf(labels, count));
    }
  }
}
