package dev.slipway.core.model;

/**
 * Triton's batching and queueing knobs, with automatic values where the user set none.
 *
 * @param maxBatchSize most rows in one run; 0 means automatic, and then a larger request is run
 *     alone and never refused; where the user set it, a larger request is refused
 * @param maxQueueDelayMicros how long a request may wait for company while the engine is idle; 0,
 *     the default, never waits
 * @param queueCapacity most requests waiting for this model; 0 means automatic
 * @param priorityLevels number of priorities, 1 the highest; 0 or 1 means that all are equal
 * @param defaultPriority priority of a request that names none, {@code 1..priorityLevels}; 0 means
 *     the middle
 * @param defaultTimeoutMicros longest wait of a request that names none; 0 means no limit
 * @param allowTimeoutOverride whether a request may shorten that limit
 * @param timeoutAction what happens to a request that waited longer
 */
public record BatchSettings(
    int maxBatchSize,
    long maxQueueDelayMicros,
    int queueCapacity,
    int priorityLevels,
    int defaultPriority,
    long defaultTimeoutMicros,
    boolean allowTimeoutOverride,
    TimeoutAction timeoutAction) {
  public static final BatchSettings DEFAULT =
      new BatchSettings(0, 0, 0, 0, 0, 0, true, TimeoutAction.REJECT);

  /** What a queue does with a request whose time is over. */
  public enum TimeoutAction {
    REJECT,
    /** Runs it after all requests that are in time. */
    DELAY
  }

  public BatchSettings {
    requireAtLeastZero("max_batch_size", maxBatchSize);
    requireAtLeastZero("max_queue_delay_microseconds", maxQueueDelayMicros);
    requireAtLeastZero("max_queue_size", queueCapacity);
    requireAtLeastZero("priority_levels", priorityLevels);
    requireAtLeastZero("default_priority_level", defaultPriority);
    requireAtLeastZero("default_timeout_microseconds", defaultTimeoutMicros);
    if (defaultPriority > Math.max(1, priorityLevels)) {
      throw new IllegalArgumentException(
          "default_priority_level: %d (expected: 1..%d)"
              .formatted(defaultPriority, priorityLevels));
    }
  }

  private static void requireAtLeastZero(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException("%s: %d (expected: >= 0)".formatted(name, value));
    }
  }
}
