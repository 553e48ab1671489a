package dev.slipway.http.identity;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts refused requests by their reason, since the start. Thread-safe. */
public final class AccessCounts {
  private final Map<Refusal, LongAdder> counts = new EnumMap<>(Refusal.class);

  public AccessCounts() {
    for (Refusal refusal : Refusal.values()) {
      counts.put(refusal, new LongAdder());
    }
  }

  void count(Refusal refusal) {
    adder(refusal).increment();
  }

  public long total(Refusal refusal) {
    return adder(refusal).sum();
  }

  private LongAdder adder(Refusal refusal) {
    return Objects.requireNonNull(counts.get(refusal));
  }
}
