package dev.slipway.serving.batching;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Refuses at once what could not be answered in time, from the length of the queue and the measured
 * cost of a row.
 *
 * <p>Where the user set a capacity, it alone bounds the queue. Else the estimated wait does: at
 * most 20 ms, or ten rows of a slow model, so that under overload the accepted requests stay fast
 * and the rest can go elsewhere. A few requests may always wait, because a model whose cost depends
 * on what it is asked can be estimated badly.
 */
final class AdmissionControl {
  private static final long WAIT_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int ROWS_MAX = 10;
  private static final int ALWAYS_WAITING = 4;

  private final QueuePolicy policy;

  AdmissionControl(QueuePolicy policy) {
    this.policy = policy;
  }

  /**
   * @param cost null while the model is not in memory, so that nothing is known
   * @param instances runs that go on at the same time
   * @throws SlipwayException QUEUE_FULL or DEADLINE_EXCEEDED
   */
  void requireRoom(
      PendingRequest request, RequestQueue queue, @Nullable RunCost cost, int instances) {
    if (queue.isEmpty()) {
      return;
    }
    if (queue.size() >= policy.capacity()) {
      throw new SlipwayException(
          ErrorCode.QUEUE_FULL,
          "queue: %d requests waiting (expected: < %d)".formatted(queue.size(), policy.capacity()));
    }
    if (cost == null) {
      return;
    }
    long waitNanos = cost.waitNanos(queue.rows(), instances);
    long leftNanos = request.deadlineNanos() - request.submittedNanos();
    if (request.deadlineNanos() != Long.MAX_VALUE && waitNanos > leftNanos) {
      throw new SlipwayException(
          ErrorCode.DEADLINE_EXCEEDED,
          "queue: about %d us to wait (expected: <= %d us, what is left of the deadline)"
              .formatted(
                  TimeUnit.NANOSECONDS.toMicros(waitNanos),
                  TimeUnit.NANOSECONDS.toMicros(leftNanos)));
    }
    long allowedNanos = Math.max(WAIT_MAX_NANOS, (long) (ROWS_MAX * cost.rowNanos()));
    if (policy.isCapacityAutomatic()
        && queue.size() >= ALWAYS_WAITING * instances
        && waitNanos > allowedNanos) {
      throw new SlipwayException(
          ErrorCode.QUEUE_FULL,
          "queue: about %d ms to wait (expected: <= %d ms)"
              .formatted(
                  TimeUnit.NANOSECONDS.toMillis(waitNanos),
                  TimeUnit.NANOSECONDS.toMillis(allowedNanos)));
    }
  }
}
