package dev.slipway.bench.load;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What a run saw in its measured part.
 *
 * @param seconds length of the measured part
 * @param latencies of successful answers, nanoseconds from the intended send time
 * @param refusalLatencies of answers with an error status, likewise
 * @param failures by status (HTTP or gRPC) or reason
 * @param firstFailure body or message of the first failure; empty if there was none
 */
public record LoadResult(
    double seconds,
    Histogram latencies,
    Histogram refusalLatencies,
    Map<String, Long> failures,
    String firstFailure,
    Generator generator) {

  /**
   * How well the generator kept to its plan.
   *
   * @param sent as {@link LoadResult#sent}
   * @param lag nanoseconds from when a request was due to when the generator noticed; empty in a
   *     closed loop
   * @param starved requests that found every connection busy when they were due
   */
  public record Generator(long sent, Histogram lag, long starved) {
    /** Past this at p99 the arrivals are bursts, and no longer those of the plan. */
    private static final long LAG_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(25);

    /** Past this share the server was not offered the load of the plan. */
    private static final double STARVED_SHARE_MAX = 0.01;

    /** A lag below this is left out of the verdict on a latency. */
    private static final long LAG_NANOS_NEGLIGIBLE = TimeUnit.MILLISECONDS.toNanos(1);

    /** Whether the server was offered the load of the plan. */
    public boolean offeredThePlan() {
      return lagNanos() <= LAG_NANOS_MAX && starved <= STARVED_SHARE_MAX * sent;
    }

    long lagNanos() {
      return lag.getValueAtPercentile(99);
    }

    /** What is to be said against a latency of {@code nanos} at p99; empty if nothing is. */
    String objection(long nanos) {
      if (!offeredThePlan()) {
        return String.format(
            Locale.ROOT,
            "INVALID: the generator was behind (p99 %.3f ms; %,d of %,d requests found every"
                + " connection busy)",
            lagNanos() / 1e6,
            starved,
            sent);
      }
      return lagNanos() > LAG_NANOS_NEGLIGIBLE && lagNanos() > nanos / 2
          ? "UPPER BOUND: most of p99 is the generator's own lag"
          : "";
    }
  }

  /** Requests whose intended time lies in the measured part. */
  public long sent() {
    return generator.sent();
  }

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

  /** The same of answers with an error status. */
  public double refusalMillis(double percentile) {
    return refusalLatencies.getValueAtPercentile(percentile) / 1e6;
  }

  /**
   * Why the figures must not be taken as they are: the generator did not offer the load of the
   * plan, or its own lag, which each latency includes, makes up most of them. Empty if there is
   * nothing.
   */
  public String objection() {
    return generator.objection(latencies.getValueAtPercentile(99));
  }

  /** One line for people. */
  public String summary() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%,.0f/s  p50 %.3f  p90 %.3f  p99 %.3f  p99.9 %.3f  max %.3f ms  ok %,d  failed"
                    + " %,d",
                successPerSecond(),
                millis(50),
                millis(90),
                millis(99),
                millis(99.9),
                millis(100),
                succeeded(),
                failed()));
    if (!failures.isEmpty()) {
      text.append(' ').append(new TreeMap<>(failures)).append(' ').append(firstFailure);
    }
    if (generator.lag().getTotalCount() > 0) {
      text.append(String.format(Locale.ROOT, "  lag p99 %.3f ms", generator.lagNanos() / 1e6));
    }
    return objection().isEmpty() ? text.toString() : text + "  " + objection();
  }
}
