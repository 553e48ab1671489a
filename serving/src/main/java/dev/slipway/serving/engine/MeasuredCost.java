package dev.slipway.serving.engine;

/**
 * What a run costs, measured on this machine.
 *
 * @param singleNanos one row; 0 means unknown
 * @param batchNanos {@link #BATCH_ROWS} rows in one run; 0 means unknown, or that rows cannot be
 *     joined
 */
public record MeasuredCost(long singleNanos, long batchNanos) {
  public static final int BATCH_ROWS = 32;

  public static final MeasuredCost UNKNOWN = new MeasuredCost(0, 0);

  public boolean isKnown() {
    return singleNanos > 0;
  }

  /**
   * The better of two measurements of the same model: whatever disturbs one only makes it slower.
   */
  MeasuredCost best(MeasuredCost other) {
    return new MeasuredCost(
        Math.min(singleNanos, other.singleNanos), Math.min(batchNanos, other.batchNanos));
  }
}
