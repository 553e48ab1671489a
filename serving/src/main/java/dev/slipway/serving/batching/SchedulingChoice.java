package dev.slipway.serving.batching;

import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.serving.engine.MeasuredCost;

/** The first choice of where a model runs; {@link RunCost} corrects it later. */
public final class SchedulingChoice {
  /** A batch that takes longer than this would hold up the other requests of its event loop. */
  private static final long LOOP_NANOS = 200_000;

  /** Rows of a typical batch under load. */
  private static final int TYPICAL_ROWS = 16;

  /** Joining rows must save this share of the work to be worth the queue. */
  private static final double WORTHWHILE_SAVING = 0.3;

  private SchedulingChoice() {}

  /**
   * @param blocks whether a run waits for I/O
   * @param joinable whether rows of several requests can be joined
   * @return never AUTO
   */
  public static Scheduling choose(
      Scheduling asked, boolean blocks, boolean joinable, MeasuredCost cost) {
    if (blocks) {
      return Scheduling.WORKER;
    }
    if (asked != Scheduling.AUTO) {
      return asked;
    }
    if (cost.singleNanos() > LOOP_NANOS) {
      return Scheduling.WORKER;
    }
    if (!joinable) {
      return Scheduling.INLINE;
    }
    if (!cost.isKnown() || cost.batchNanos() == 0) {
      return Scheduling.TURN;
    }
    double rowNanos = (double) cost.batchNanos() / MeasuredCost.BATCH_ROWS;
    if (cost.singleNanos() + (TYPICAL_ROWS - 1) * rowNanos > LOOP_NANOS) {
      return Scheduling.WORKER;
    }
    return rowNanos > (1 - WORTHWHILE_SAVING) * cost.singleNanos()
        ? Scheduling.INLINE
        : Scheduling.TURN;
  }
}
