package dev.slipway.serving.batching;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.RequestParameters;
import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.BatchSettings.TimeoutAction;
import java.util.concurrent.TimeUnit;

/**
 * A variant's {@link BatchSettings}, with the automatic values filled in.
 *
 * @param joinable whether the model takes the rows of several requests in one run
 * @param capacityDefault most requests waiting where the settings name no number
 * @param instances runs that may go on at the same time, {@code >= 1}
 */
public record QueuePolicy(
    BatchSettings settings, boolean joinable, int capacityDefault, int instances) {

  int priorities() {
    return Math.max(1, settings.priorityLevels());
  }

  int capacity() {
    return settings.queueCapacity() > 0 ? settings.queueCapacity() : capacityDefault;
  }

  /** Whether the wait is bounded by measurement, because the user set no capacity. */
  boolean isCapacityAutomatic() {
    return settings.queueCapacity() == 0;
  }

  long maxDelayNanos() {
    return TimeUnit.MICROSECONDS.toNanos(settings.maxQueueDelayMicros());
  }

  /** Level in {@code 1..priorities()}; one past the last counts as the last. */
  int level(RequestParameters parameters) {
    int levels = priorities();
    if (levels == 1) {
      return 1;
    }
    if (parameters.priority() > 0) {
      return (int) Math.min(levels, parameters.priority());
    }
    return settings.defaultPriority() > 0 ? settings.defaultPriority() : (levels + 1) / 2;
  }

  /** Longest wait of a request in nanoseconds; {@link Long#MAX_VALUE} means no limit. */
  long timeoutNanos(RequestParameters parameters) {
    long micros = settings.defaultTimeoutMicros();
    long asked = settings.allowTimeoutOverride() ? parameters.timeoutMicros() : 0;
    if (asked > 0) {
      micros = micros > 0 ? Math.min(micros, asked) : asked;
    }
    return micros > 0 ? TimeUnit.MICROSECONDS.toNanos(micros) : Long.MAX_VALUE;
  }

  boolean delaysLateRequests() {
    return settings.timeoutAction() == TimeoutAction.DELAY;
  }

  /**
   * @throws SlipwayException BATCH_TOO_LARGE where the user set a maximum and {@code rows} is more
   */
  public void requireWithinBatch(int rows) {
    if (settings.maxBatchSize() > 0 && rows > settings.maxBatchSize()) {
      throw new SlipwayException(
          ErrorCode.BATCH_TOO_LARGE,
          "batch: %d rows (expected: <= %d, the model's max_batch_size)"
              .formatted(rows, settings.maxBatchSize()));
    }
  }
}
