package dev.slipway.core.drift.batch;

import dev.slipway.core.drift.evidently.EvidentlyColumn;
import dev.slipway.core.drift.evidently.EvidentlyTest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Evidently says of the same two tables.
 *
 * @param features in the order of the reference
 */
public record EvidentlyBatch(List<Feature> features) {
  /** From this share of drifting columns on, the data set drifts. */
  public static final double DATASET_SHARE = 0.5;

  /**
   * One feature.
   *
   * @param test the one that the library chooses
   */
  public record Feature(
      String name, EvidentlyColumn column, EvidentlyTest test, double value, double threshold) {
    public boolean isDrift() {
      return test.isDrift(value, threshold);
    }
  }

  public EvidentlyBatch {
    features = List.copyOf(features);
  }

  /**
   * Compares.
   *
   * @param threshold of every test; null takes each test's own
   * @throws IllegalArgumentException if a column has no value on one side
   */
  public static EvidentlyBatch of(ColumnPairs columns, @Nullable Double threshold) {
    List<Feature> features = new ArrayList<>();
    for (ColumnPairs.Pair pair : columns.pairs()) {
      EvidentlyColumn column = column(pair);
      EvidentlyTest test = column.defaultTest();
      features.add(
          new Feature(
              pair.name(),
              column,
              test,
              column.value(test),
              threshold == null ? test.threshold() : threshold));
    }
    return new EvidentlyBatch(features);
  }

  private static EvidentlyColumn column(ColumnPairs.Pair pair) {
    try {
      return pair.numeric()
          ? EvidentlyColumn.ofNumbers(
              ColumnValues.given(pair.reference()), ColumnValues.given(pair.current()))
          : EvidentlyColumn.ofTexts(
              ColumnValues.texts(pair.reference()), ColumnValues.texts(pair.current()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("column %s: %s".formatted(pair.name(), e.getMessage()), e);
    }
  }

  public long drifted() {
    return features.stream().filter(Feature::isDrift).count();
  }

  /** Whether the data set as a whole drifts. */
  public boolean isDrift() {
    return drifted() >= DATASET_SHARE * features.size();
  }
}
