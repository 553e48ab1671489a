package dev.slipway.core.performance;

import dev.slipway.core.table.Column;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Labels beside the predictions that they belong to, whenever and in whatever order they came.
 *
 * @param labels one for each prediction, in their order; NaN where none has come
 * @param labelled predictions that have one
 * @param revisions labels that a later one of the same key corrected
 * @param orphans labels whose key no prediction has
 */
public record JoinedLabels(double[] labels, int labelled, int revisions, int orphans) {
  /**
   * Joins by key. Of several labels of one key the last counts.
   *
   * @param keys of the predictions
   * @param labelKeys of the labels
   * @param labels as many; one that is missing says nothing
   * @throws IllegalArgumentException if two predictions have the same key, one has none, or a label
   *     is no finite number
   */
  public static JoinedLabels of(Column keys, Column labelKeys, Column labels) {
    Map<String, Integer> places = HashMap.newHashMap(keys.rows());
    for (int row = 0; row < keys.rows(); row++) {
      if (keys.isMissing(row)) {
        throw new IllegalArgumentException(
            "prediction %d has no key (expected: each has one)".formatted(row + 1));
      }
      @Nullable Integer before = places.put(keys.text(row), row);
      if (before != null) {
        throw new IllegalArgumentException(
            "predictions %d and %d have the key '%s' (expected: each its own)"
                .formatted(before + 1, row + 1, keys.text(row)));
      }
    }
    double[] joined = new double[keys.rows()];
    Arrays.fill(joined, Double.NaN);
    int labelled = 0;
    int revisions = 0;
    int orphans = 0;
    for (int row = 0; row < labels.rows(); row++) {
      double label = label(labels, row);
      if (Double.isNaN(label)) {
        continue;
      }
      @Nullable Integer place = places.get(labelKeys.text(row));
      if (place == null) {
        orphans++;
      } else {
        labelled += Double.isNaN(joined[place]) ? 1 : 0;
        revisions += Double.isNaN(joined[place]) ? 0 : 1;
        joined[place] = label;
      }
    }
    return new JoinedLabels(joined, labelled, revisions, orphans);
  }

  /** Labels that stand beside the predictions already. */
  public static JoinedLabels of(Column labels) {
    double[] joined = new double[labels.rows()];
    int labelled = 0;
    for (int row = 0; row < joined.length; row++) {
      joined[row] = label(labels, row);
      labelled += Double.isNaN(joined[row]) ? 0 : 1;
    }
    return new JoinedLabels(joined, labelled, 0, 0);
  }

  private static double label(Column labels, int row) {
    if (labels.isMissing(row) && !labels.isInvalidNumber(row)) {
      return Double.NaN;
    }
    double label = labels.number(row);
    if (!Double.isFinite(label)) {
      throw new IllegalArgumentException(
          "label %d: '%s' (expected: a number)".formatted(row + 1, labels.text(row)));
    }
    return label;
  }
}
