package dev.slipway.core.performance;

/**
 * Watches a sequence of numbers, such as errors in the order of their events, for a change of its
 * mean. Not thread-safe. After a change it begins anew.
 */
public sealed interface ChangeDetector permits Adwin, DriftDetectionMethod, PageHinkley {
  /** What a value led to. */
  enum State {
    STABLE,
    /** It may be a change; only some detectors say so. */
    WARNING,
    CHANGE
  }

  /**
   * Takes the next value.
   *
   * @param value as the detector says
   */
  State add(double value);
}
