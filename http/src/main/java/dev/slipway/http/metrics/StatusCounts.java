package dev.slipway.http.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts answers by their HTTP status. Thread-safe. */
public final class StatusCounts {
  private final ConcurrentMap<Integer, LongAdder> counts = new ConcurrentHashMap<>();

  public void count(int status) {
    counts.computeIfAbsent(status, ignored -> new LongAdder()).increment();
  }

  /** Every status that was answered, with how often. */
  Map<Integer, Long> totals() {
    Map<Integer, Long> totals = new TreeMap<>();
    counts.forEach((status, count) -> totals.put(status, count.sum()));
    return totals;
  }
}
