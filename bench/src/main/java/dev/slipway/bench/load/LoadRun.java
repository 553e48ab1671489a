package dev.slipway.bench.load;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One run of the generator, on the calling thread.
 *
 * <p>In the open loop a request leaves at its intended time, as exactly as the plan's pace allows.
 * Where that fails, the result tells: it has how late the thread noticed that a request was due,
 * and how many requests found every connection busy and waited here. Both waits are part of the
 * latency.
 */
public final class LoadRun {
  private static final long HIGHEST_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Kernels add some 50 microseconds of their own. */
  private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  private final LoadPlan plan;
  private final LoadTarget target;
  private final Histogram latencies = new Histogram(HIGHEST_NANOS, 3);
  private final Histogram refusalLatencies = new Histogram(HIGHEST_NANOS, 3);
  private final Histogram generatorLag = new Histogram(HIGHEST_NANOS, 3);
  private final Map<String, Long> failures = new HashMap<>();
  private final ArrayDeque<LoadConnection> roomy = new ArrayDeque<>();
  private final List<LoadConnection> connections = new ArrayList<>();
  private final LongQueue waiting = new LongQueue();
  private String firstFailure = "";
  private long measureFrom;
  private long measureTo;
  private long sent;
  private long starved;
  private int nextRequest;

  private LoadRun(LoadPlan plan, LoadTarget target) {
    this.plan = plan;
    this.target = target;
  }

  /**
   * Runs the plan to its end.
   *
   * @throws IOException if the server cannot be reached at the start
   */
  public static LoadResult run(LoadPlan plan, LoadTarget target) throws IOException {
    return new LoadRun(plan, target).run();
  }

  private LoadResult run() throws IOException {
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < plan.connections(); i++) {
        connections.add(target.connect(plan, selector, this::answered));
      }
      long start = System.nanoTime();
      measureFrom = start + plan.warmUp().toNanos();
      measureTo = measureFrom + plan.measured().toNanos();
      if (plan.isOpenLoop()) {
        openLoop(selector, start);
      } else {
        closedLoop(selector, start);
      }
      for (LoadConnection connection : connections) {
        connection.close();
      }
    }
    return new LoadResult(
        plan.measured().toNanos() / 1e9,
        latencies,
        refusalLatencies,
        failures,
        firstFailure,
        new LoadResult.Generator(sent, generatorLag, starved));
  }

  private void openLoop(Selector selector, long start) throws IOException {
    roomy.addAll(connections);
    SplittableRandom random = new SplittableRandom(plan.seed());
    double meanGapNanos = 1e9 / plan.ratePerSecond();
    double next = start;
    long now = start;
    while (now < measureTo || (isUnfinished() && now < measureTo + DRAIN_NANOS)) {
      int arrived = 0;
      while (next <= now && next < measureTo) {
        waiting.add((long) next);
        arrived++;
        if (next >= measureFrom) {
          generatorLag.recordValue(Math.min(now - (long) next, HIGHEST_NANOS));
        }
        next -= Math.log(1 - random.nextDouble()) * meanGapNanos;
      }
      while (!waiting.isEmpty()) {
        LoadConnection connection = takeRoomy();
        if (connection == null) {
          break;
        }
        send(connection, waiting.remove());
      }
      if (now >= measureFrom) {
        starved += Math.min(arrived, waiting.size());
      }
      selector.selectNow(this::ready);
      await(next);
      now = System.nanoTime();
    }
    lost(inFlight() + waiting.size());
  }

  private void closedLoop(Selector selector, long start) throws IOException {
    for (LoadConnection connection : connections) {
      while (connection.hasRoom()) {
        send(connection, System.nanoTime());
      }
    }
    long now = start;
    while (now < measureTo || (inFlight() > 0 && now < measureTo + DRAIN_NANOS)) {
      selector.select(this::ready, 10);
      now = System.nanoTime();
    }
    lost(inFlight());
  }

  private void await(double next) {
    switch (plan.pace()) {
      case SPIN -> Thread.onSpinWait();
      case NAP -> {
        if (next - System.nanoTime() > 0) {
          LockSupport.parkNanos(NAP_NANOS);
        }
      }
    }
  }

  private boolean isUnfinished() {
    return !waiting.isEmpty() || inFlight() > 0;
  }

  private int inFlight() {
    int count = 0;
    for (LoadConnection connection : connections) {
      count += connection.inFlight();
    }
    return count;
  }

  private @Nullable LoadConnection takeRoomy() {
    for (LoadConnection connection = roomy.poll(); connection != null; connection = roomy.poll()) {
      if (connection.hasRoom()) {
        return connection;
      }
    }
    return null;
  }

  private void send(LoadConnection connection, long intendedNanos) throws IOException {
    if (intendedNanos >= measureFrom) {
      sent++;
    }
    connection.send(nextRequest, intendedNanos);
    nextRequest = nextRequest + 1 == target.requestCount() ? 0 : nextRequest + 1;
    if (plan.isOpenLoop() && connection.hasRoom()) {
      roomy.addLast(connection);
    }
  }

  private void ready(SelectionKey key) {
    LoadConnection connection = (LoadConnection) key.attachment();
    try {
      connection.ready();
    } catch (IOException e) {
      for (int i = 0; i < connection.inFlight(); i++) {
        fail("connection", String.valueOf(e.getMessage()));
      }
      connections.remove(connection);
      key.cancel();
    }
  }

  private void answered(
      LoadConnection connection, long intendedNanos, String status, String detail) {
    long now = System.nanoTime();
    if (intendedNanos >= measureFrom && intendedNanos < measureTo) {
      if (status.isEmpty()) {
        latencies.recordValue(Math.min(now - intendedNanos, HIGHEST_NANOS));
      } else {
        refusalLatencies.recordValue(Math.min(now - intendedNanos, HIGHEST_NANOS));
        fail(status, detail);
      }
    }
    if (plan.isOpenLoop()) {
      roomy.addLast(connection);
    } else if (now < measureTo) {
      try {
        send(connection, now);
      } catch (IOException e) {
        fail("connection", String.valueOf(e.getMessage()));
      }
    }
  }

  private void fail(String status, String detail) {
    failures.merge(status, 1L, Long::sum);
    if (firstFailure.isEmpty()) {
      firstFailure = detail;
    }
  }

  private void lost(int count) {
    if (count > 0) {
      failures.merge("unanswered", (long) count, Long::sum);
    }
  }
}
