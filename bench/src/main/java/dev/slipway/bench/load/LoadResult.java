package dev.slipway.bench.load;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What a run saw in its measured part.
 *
 * @param sent requests whose intended time lies in the measured part
 * @param seconds length of the measured part
 * @param latencies of answered requests, nanoseconds from the intended send time
 * @param failures by status (HTTP or gRPC) or reason
 * @param firstFailure body or message of the first failure; empty if there was none
 */
public record LoadResult(
    long sent,
    double seconds,
    Histogram latencies,
    Map<String, Long> failures,
    String firstFailure) {
  public long succeeded() {
    return latencies.getTotalCount();
  }

  public long failed() {
    return failures.values().stream().mapToLong(Long::longValue).sum();
  }

  public double successPerSecond() {
    return succeeded() / seconds;
  }

  /** The latency of that percentile in milliseconds. */
  public double millis(double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1e6;
  }

  /** One line for people. */
  public String summary() {
    return String.format(
        Locale.ROOT,
        "%,.0f/s  p50 %.3f  p90 %.3f  p99 %.3f  p99.9 %.3f  max %.3f ms  ok %,d  failed %,d%s",
        successPerSecond(),
        millis(50),
        millis(90),
        millis(99),
        millis(99.9),
        millis(100),
        succeeded(),
        failed(),
        failures.isEmpty()
            ? ""
            : " " + new TreeMap<>(failures) + (firstFailure.isEmpty() ? "" : " " + firstFailure));
  }
}
