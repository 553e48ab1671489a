package dev.slipway.http.limits;

import java.util.concurrent.atomic.LongAdder;

/** Counts how often each limit has refused something since the start. Thread-safe. */
public final class LimitHits {
  private final LongAdder[] hits = new LongAdder[Limit.values().length];

  public LimitHits() {
    for (int i = 0; i < hits.length; i++) {
      hits[i] = new LongAdder();
    }
  }

  public void count(Limit limit) {
    hits[limit.ordinal()].increment();
  }

  public long total(Limit limit) {
    return hits[limit.ordinal()].sum();
  }
}
