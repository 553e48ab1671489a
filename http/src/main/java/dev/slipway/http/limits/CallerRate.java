package dev.slipway.http.limits;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket for each caller, by remote address or by account, the same for all event loops. A
 * bucket holds one second's worth of requests and fills evenly. Thread-safe, and without locks
 * between callers.
 *
 * <p>At most {@value #CALLERS_MAX} callers are remembered: past that, full buckets are forgotten
 * first, which changes nothing for their callers.
 */
public final class CallerRate {
  static final int CALLERS_MAX = 65_536;

  /** If forgetting full buckets makes less room, the next newcomers would look again in vain. */
  private static final int ROOM_MIN = CALLERS_MAX / 8;

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_MAX = Long.MAX_VALUE / 4.0;

  private final long tokenNanos;
  private final long bucketNanos;

  /** When the bucket of a caller is full again, as {@link System#nanoTime()}. */
  private final ConcurrentMap<String, AtomicLong> fullAt = new ConcurrentHashMap<>();

  /**
   * @param ratePerSecond requests a second that each caller may send, {@code > 0}
   */
  public CallerRate(double ratePerSecond) {
    if (!(ratePerSecond > 0)) {
      throw new IllegalArgumentException(
          "rate: %s (expected: > 0 requests a second)".formatted(ratePerSecond));
    }
    tokenNanos = (long) Math.clamp(NANOS_PER_SECOND / ratePerSecond, 1, NANOS_MAX);
    bucketNanos = Math.max((long) NANOS_PER_SECOND, tokenNanos);
  }

  /**
   * Takes one token.
   *
   * @param caller its address or the name of its account
   * @param nowNanos {@link System#nanoTime()}
   * @return whether there was one
   */
  public boolean tryTake(String caller, long nowNanos) {
    AtomicLong bucket = fullAt.get(caller);
    if (bucket == null) {
      makeRoom(nowNanos);
      bucket = fullAt.computeIfAbsent(caller, ignored -> new AtomicLong(nowNanos));
    }
    while (true) {
      long full = bucket.get();
      long missingNanos = Math.max(0, full - nowNanos) + tokenNanos;
      if (missingNanos > bucketNanos) {
        return false;
      }
      if (bucket.compareAndSet(full, nowNanos + missingNanos)) {
        return true;
      }
    }
  }

  private void makeRoom(long nowNanos) {
    if (fullAt.size() < CALLERS_MAX) {
      return;
    }
    fullAt.values().removeIf(bucket -> bucket.get() - nowNanos <= 0);
    if (fullAt.size() > CALLERS_MAX - ROOM_MIN) {
      fullAt.clear();
    }
  }
}
