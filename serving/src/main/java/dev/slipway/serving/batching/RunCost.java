package dev.slipway.serving.batching;

/**
 * What a run costs, as moving averages over the last 30 or so runs. A single slow run (a collection
 * pause, a page fault) counts for at most {@link #SPIKE_NANOS}, so that it cannot move a model.
 */
public final class RunCost {
  /** A run this long on an event loop delays every other request of the loop noticeably. */
  static final long SLOW_NANOS = 400_000;

  /** A run this short never needs a thread of its own. */
  static final long FAST_NANOS = 80_000;

  private static final long SPIKE_NANOS = 10 * SLOW_NANOS;
  private static final int SETTLED_RUNS = 64;
  private static final double WEIGHT = 1.0 / 32;

  private double runNanos;
  private double rowNanos;
  private int runs;

  /** Starts from what warm-up measured; 0 means unknown. */
  public RunCost(long singleRowNanos) {
    runNanos = singleRowNanos;
    rowNanos = singleRowNanos;
  }

  void record(int rows, long nanos) {
    double weight = runs == 0 && runNanos == 0 ? 1 : WEIGHT;
    runNanos += weight * (Math.min(nanos, SPIKE_NANOS) - runNanos);
    rowNanos += weight * ((double) nanos / Math.max(1, rows) - rowNanos);
    runs = Math.min(runs + 1, SETTLED_RUNS);
  }

  double runNanos() {
    return runNanos;
  }

  /** Estimated time until {@code rows} rows have run on {@code instances} instances. */
  long waitNanos(int rows, int instances) {
    return (long) (rows * rowNanos / instances);
  }

  boolean isTooSlowForLoop() {
    return runs >= SETTLED_RUNS && runNanos > SLOW_NANOS;
  }

  boolean isFastEnoughForLoop() {
    return runs >= SETTLED_RUNS && runNanos < FAST_NANOS;
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
    return rowNanos <= 0 ? 64 : (int) Math.clamp(2_000_000 / rowNanos, 32, 1024);
  }
}
