package dev.slipway.core.drift.batch;

import dev.slipway.core.drift.BinCounts;
import dev.slipway.core.drift.BinRules;
import dev.slipway.core.drift.CategoricalCounter;
import dev.slipway.core.drift.CategoricalReference;
import dev.slipway.core.drift.FeatureReference;
import dev.slipway.core.drift.NumericCounter;
import dev.slipway.core.drift.NumericReference;
import dev.slipway.core.table.Column;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A column's values as references and counters take them. */
final class ColumnValues {
  private ColumnValues() {}

  static FeatureReference reference(String name, boolean numeric, Column column, BinRules rules) {
    if (!numeric) {
      Map<String, Long> texts = texts(column);
      return CategoricalReference.of(name, texts, column.rows() - sum(texts), rules);
    }
    double[] given = given(column);
    return NumericReference.of(name, given, column.rows() - given.length, rules);
  }

  static BinCounts counts(FeatureReference reference, Column column) {
    return switch (reference) {
      case NumericReference numeric -> {
        NumericCounter counter = new NumericCounter(numeric);
        double[] given = given(column);
        for (double value : given) {
          counter.add(value);
        }
        counter.addMissing(column.rows() - given.length);
        yield counter.counts();
      }
      case CategoricalReference categorical -> {
        CategoricalCounter counter = new CategoricalCounter(categorical);
        Map<String, Long> texts = texts(column);
        texts.forEach(counter::add);
        counter.addMissing(column.rows() - sum(texts));
        yield counter.counts();
      }
    };
  }

  /** The numbers that were given; NaN for what was given and is none. */
  static double[] given(Column column) {
    double[] values = new double[column.rows()];
    int count = 0;
    for (int row = 0; row < values.length; row++) {
      if (column.isInvalidNumber(row)) {
        values[count++] = Double.NaN;
      } else if (!column.isMissing(row)) {
        values[count++] = column.number(row);
      }
    }
    return Arrays.copyOf(values, count);
  }

  /** How often each text was given. */
  static Map<String, Long> texts(Column column) {
    Map<String, Long> frequencies = new HashMap<>();
    for (int row = 0; row < column.rows(); row++) {
      if (!column.isMissing(row)) {
        frequencies.merge(column.text(row), 1L, Long::sum);
      }
    }
    return frequencies;
  }

  private static long sum(Map<String, Long> texts) {
    return texts.values().stream().mapToLong(Long::longValue).sum();
  }
}
