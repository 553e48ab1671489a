package dev.slipway.protocol.metadata;

import java.util.List;

/**
 * Counters of one model version since it was loaded.
 *
 * @param lastInferenceMillis since the epoch; 0 if there was none
 * @param inferenceCount rows inferred
 * @param executionCount runs of the engine, each over a batch
 */
public record ModelStatisticsEntry(
    String name,
    String version,
    long lastInferenceMillis,
    long inferenceCount,
    long executionCount,
    Stages stages,
    List<BatchEntry> batches) {
  public ModelStatisticsEntry {
    batches = List.copyOf(batches);
  }

  /**
   * How often, and how long in total.
   *
   * @param nanos nanoseconds
   */
  public record Total(long count, long nanos) {
    public static final Total NONE = new Total(0, 0);
  }

  /** Requests by outcome, and the stages of those that succeeded. */
  public record Stages(
      Total success,
      Total failure,
      Total queue,
      Total computeInput,
      Total computeInfer,
      Total computeOutput,
      Total cacheHit,
      Total cacheMiss) {}

  /**
   * Runs over batches of one size. Each total counts the runs; its time is that of the runs, or of
   * decoding and encoding the requests that were in them.
   *
   * @param batchSize rows; one past 128 stands for all down to half of it
   */
  public record BatchEntry(
      long batchSize, Total computeInput, Total computeInfer, Total computeOutput) {}
}
