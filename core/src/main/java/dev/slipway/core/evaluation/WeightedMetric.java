package dev.slipway.core.evaluation;

/**
 * A metric of fixed rows as a function of how often each row counts, so that a resample costs one
 * pass and no sorting. Thread-safe unless it says otherwise.
 */
@FunctionalInterface
public interface WeightedMetric {
  /**
   * @param weights how often each row counts, {@code >= 0}; as many as there are rows
   * @return NaN where the metric is not defined, such as AUC over one class only
   */
  double value(int[] weights);
}
