package dev.slipway.http;

import java.util.concurrent.TimeUnit;

/**
 * How long one side waits for the other to send or take bytes: a grace, and a second for each
 * {@value #BYTES_PER_SECOND_MIN} bytes that went through. At most two graces are ever left, so that
 * nobody earns hours of silence by being fast at first. Not thread-safe.
 */
final class Patience {
  /** A modem's rate: nobody who uploads on purpose is slower, and 64 who are cost 64 KiB/s. */
  static final int BYTES_PER_SECOND_MIN = 1_024;

  private static final int GRACES_MAX = 2;

  private final int graceSeconds;
  private long waitedNanos;

  Patience(int graceSeconds) {
    this.graceSeconds = graceSeconds;
  }

  /**
   * How much longer to wait.
   *
   * @param bytes that went through until now
   * @return at most 0 if it has been long enough
   */
  long leftNanos(long bytes) {
    long earnedNanos = TimeUnit.SECONDS.toNanos(graceSeconds + bytes / BYTES_PER_SECOND_MIN);
    long mostNanos = TimeUnit.SECONDS.toNanos((long) GRACES_MAX * graceSeconds);
    waitedNanos = Math.max(waitedNanos, earnedNanos - mostNanos);
    return earnedNanos - waitedNanos;
  }

  void waited(long nanos) {
    waitedNanos += nanos;
  }
}
