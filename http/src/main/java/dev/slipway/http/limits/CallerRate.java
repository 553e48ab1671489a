package dev.slipway.http.limits;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * A token bucket for each remote address. A bucket holds one second's worth of requests and fills
 * evenly. Belongs to its event loop; not thread-safe.
 *
 * <p>At most {@value #CALLERS_MAX} addresses are remembered: past that, full buckets are forgotten
 * first, which changes nothing for their callers.
 */
public final class CallerRate {
  static final int CALLERS_MAX = 65_536;
  private static final double NANOS_PER_SECOND = 1e9;

  private final double ratePerSecond;
  private final Map<String, Bucket> buckets = new HashMap<>();

  /**
   * @param ratePerSecond requests a second that each caller may send, {@code > 0}
   */
  public CallerRate(double ratePerSecond) {
    if (!(ratePerSecond > 0)) {
      throw new IllegalArgumentException(
          "rate: %s (expected: > 0 requests a second)".formatted(ratePerSecond));
    }
    this.ratePerSecond = ratePerSecond;
  }

  /**
   * Takes one token.
   *
   * @param address of the caller
   * @param nowNanos {@link System#nanoTime()}
   * @return whether there was one
   */
  public boolean tryTake(String address, long nowNanos) {
    Bucket bucket = buckets.get(address);
    if (bucket == null) {
      makeRoom(nowNanos);
      bucket = new Bucket(burst(), nowNanos);
      buckets.put(address, bucket);
    }
    bucket.fill(nowNanos);
    if (bucket.tokens < 1) {
      return false;
    }
    bucket.tokens -= 1;
    return true;
  }

  private double burst() {
    return Math.max(1, ratePerSecond);
  }

  private void makeRoom(long nowNanos) {
    if (buckets.size() < CALLERS_MAX) {
      return;
    }
    Iterator<Bucket> all = buckets.values().iterator();
    while (all.hasNext()) {
      Bucket bucket = all.next();
      bucket.fill(nowNanos);
      if (bucket.tokens >= burst()) {
        all.remove();
      }
    }
    if (buckets.size() >= CALLERS_MAX) {
      buckets.clear();
    }
  }

  private final class Bucket {
    private double tokens;
    private long filledAtNanos;

    Bucket(double tokens, long filledAtNanos) {
      this.tokens = tokens;
      this.filledAtNanos = filledAtNanos;
    }

    void fill(long nowNanos) {
      double seconds = (nowNanos - filledAtNanos) / NANOS_PER_SECOND;
      tokens = Math.min(burst(), tokens + seconds * ratePerSecond);
      filledAtNanos = nowNanos;
    }
  }
}
