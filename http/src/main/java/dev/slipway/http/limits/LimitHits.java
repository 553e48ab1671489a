package dev.slipway.http.limits;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts how often each limit has refused something since the start. Thread-safe. */
public final class LimitHits {
  private final Map<Limit, LongAdder> hits = new EnumMap<>(Limit.class);

  public LimitHits() {
    for (Limit limit : Limit.values()) {
      hits.put(limit, new LongAdder());
    }
  }

  public void count(Limit limit) {
    adder(limit).increment();
  }

  public long total(Limit limit) {
    return adder(limit).sum();
  }

  private LongAdder adder(Limit limit) {
    return Objects.requireNonNull(hits.get(limit));
  }
}
