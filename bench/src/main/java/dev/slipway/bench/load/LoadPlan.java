package dev.slipway.bench.load;

import java.time.Duration;

/**
 * What to send and how fast.
 *
 * @param ratePerSecond mean of the Poisson arrivals; 0 means closed loop: as fast as answers come
 * @param connections open connections
 * @param streamsPerConnection requests in flight on one connection; 1 for HTTP/1.1
 * @param warmUp not counted
 * @param measured counted
 * @param seed of the arrival times
 * @param pace how the generator waits for the next arrival of an open loop
 */
public record LoadPlan(
    String host,
    int port,
    double ratePerSecond,
    int connections,
    int streamsPerConnection,
    Duration warmUp,
    Duration measured,
    long seed,
    Pace pace) {
  /** How exactly arrivals are kept to, and what that costs. */
  public enum Pace {
    /** Within a microsecond; keeps a core busy. */
    SPIN,
    /**
     * Within some 0.2 ms, which latencies include; leaves the core to the server, for servers that
     * take milliseconds and need all cores.
     */
    NAP
  }

  public LoadPlan {
    if (ratePerSecond < 0 || connections < 1 || streamsPerConnection < 1) {
      throw new IllegalArgumentException(
          "rate %s, connections %d, streams %d (expected: >= 0, >= 1, >= 1)"
              .formatted(ratePerSecond, connections, streamsPerConnection));
    }
  }

  /** A plan that spins. */
  public LoadPlan(
      String host,
      int port,
      double ratePerSecond,
      int connections,
      int streamsPerConnection,
      Duration warmUp,
      Duration measured,
      long seed) {
    this(
        host,
        port,
        ratePerSecond,
        connections,
        streamsPerConnection,
        warmUp,
        measured,
        seed,
        Pace.SPIN);
  }

  public boolean isOpenLoop() {
    return ratePerSecond > 0;
  }
}
