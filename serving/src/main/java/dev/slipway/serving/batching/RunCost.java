package dev.slipway.serving.batching;

/**
 * What a run costs, as moving averages over the last 30 or so runs.
 *
 * <p>Where a model runs is decided from an average to which a single slow run (a collection pause,
 * a page fault) adds at most {@link #SPIKE_NANOS}, so that it cannot move a model. How long a queue
 * takes is estimated from the full times, so that a model of seconds is known to take seconds.
 */
public final class RunCost {
  /** A run this long on an event loop delays every other request of the loop noticeably. */
  static final long SLOW_NANOS = 400_000;

  /** A run this short never needs a thread of its own. */
  static final long FAST_NANOS = 80_000;

  private static final long SPIKE_NANOS = 10 * SLOW_NANOS;
  private static final int SETTLED_RUNS = 64;
  private static final double WEIGHT = 1.0 / 32;

  private double loopNanos;
  private double runNanos;
  private double runRows;
  private int runs;

  /** Starts from what warm-up measured; 0 means unknown. */
  public RunCost(long singleRowNanos) {
    loopNanos = singleRowNanos;
    runNanos = singleRowNanos;
    runRows = 1;
  }

  void record(int rows, long nanos) {
    double weight = runs == 0 && runNanos == 0 ? 1 : WEIGHT;
    loopNanos += weight * (Math.min(nanos, SPIKE_NANOS) - loopNanos);
    runNanos += weight * (nanos - runNanos);
    runRows += weight * (Math.max(1, rows) - runRows);
    runs = Math.min(runs + 1, SETTLED_RUNS);
  }

  /** The mean time over the mean rows: a run of one costly row does not make all rows look so. */
  double rowNanos() {
    return runNanos / runRows;
  }

  /** Estimated time until {@code rows} rows have run on {@code instances} instances. */
  long waitNanos(int rows, int instances) {
    return (long) (rows * rowNanos() / instances);
  }

  boolean isTooSlowForLoop() {
    return runs >= SETTLED_RUNS && loopNanos > SLOW_NANOS;
  }

  boolean isFastEnoughForLoop() {
    return runs >= SETTLED_RUNS && loopNanos < FAST_NANOS;
  }

  /** Forgets how settled the averages are, after a change of scheduling. */
  void restart() {
    runs = 0;
  }

  /**
   * Most rows of an automatic batch: as many as run in about 2 ms, from 32 to 1024, so that one
   * batch does not hold up the next for long.
   */
  int automaticRows() {
    return runNanos <= 0 ? 64 : (int) Math.clamp(2_000_000 / rowNanos(), 32, 1024);
  }
}
