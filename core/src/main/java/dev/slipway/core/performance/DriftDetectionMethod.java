package dev.slipway.core.performance;

/**
 * DDM (Gama and others, Learning with Drift Detection, 2004): the error rate p since the last
 * change with its deviation s = sqrt(p (1 - p) / n); a warning when p + s exceeds the least such
 * sum by {@code warning} deviations, a change by {@code drift}. It sees errors grow, not shrink.
 *
 * <p>Values are 1 for an error and 0 for none.
 */
public final class DriftDetectionMethod implements ChangeDetector {
  private final double warning;
  private final double drift;
  private final int warmUp;
  private long values;
  private long errors;
  private double rateMin;
  private double deviationMin;

  /**
   * @param warning deviations, {@code > 0}
   * @param drift deviations, {@code >= warning}
   * @param warmUp values before the first judgement, {@code >= 1}
   */
  public DriftDetectionMethod(double warning, double drift, int warmUp) {
    if (!(warning > 0) || !(drift >= warning) || warmUp < 1) {
      throw new IllegalArgumentException(
          "warning %s, drift %s, warm-up %d (expected: > 0, at least the warning, >= 1)"
              .formatted(warning, drift, warmUp));
    }
    this.warning = warning;
    this.drift = drift;
    this.warmUp = warmUp;
    reset();
  }

  /** Warning at 2, drift at 3 deviations, after 30 values. */
  public static DriftDetectionMethod standard() {
    return new DriftDetectionMethod(2, 3, 30);
  }

  private void reset() {
    values = 0;
    errors = 0;
    rateMin = Double.POSITIVE_INFINITY;
    deviationMin = Double.POSITIVE_INFINITY;
  }

  @Override
  public State add(double value) {
    if (value != 0 && value != 1) {
      throw new IllegalArgumentException("error: %s (expected: 0 or 1)".formatted(value));
    }
    values++;
    errors += (long) value;
    if (values < warmUp) {
      return State.STABLE;
    }
    double rate = (double) errors / values;
    double deviation = Math.sqrt(rate * (1 - rate) / values);
    if (rate + deviation < rateMin + deviationMin) {
      rateMin = rate;
      deviationMin = deviation;
    }
    if (rate + deviation > rateMin + drift * deviationMin) {
      reset();
      return State.CHANGE;
    }
    return rate + deviation > rateMin + warning * deviationMin ? State.WARNING : State.STABLE;
  }
}
