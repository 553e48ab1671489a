package dev.slipway.bench.suite;

import dev.slipway.bench.engine.FraudModel;
import dev.slipway.bench.load.InferBodies;
import dev.slipway.bench.load.LoadPlan;
import dev.slipway.bench.load.LoadPlan.Pace;
import dev.slipway.bench.load.LoadResult;
import dev.slipway.bench.load.LoadRun;
import dev.slipway.bench.load.LoadTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the measurements of one run of the suite share.
 *
 * @param rows different rows of the fraud example, which every load goes round
 * @param seconds length of each load
 * @param rounds loads whose median is taken
 */
record SuiteRun(Subjects subjects, Table table, float[][] rows, int seconds, int rounds) {
  /** Name of the deployment of the tree engine. */
  static final String TREES = "fraud";

  /** Name of the deployment of ONNX Runtime. */
  static final String ONNX = "fraud-onnx";

  /** Connections that saturate a server of one event loop. */
  static final int CONNECTIONS = 64;

  private static final int OPEN_LOOP_CONNECTIONS_MIN = 256;

  /** A stall for which an open loop still has free connections. */
  private static final double STALL_SECONDS = 0.025;

  private static final long SEED = 42;

  Path root() {
    return subjects.root();
  }

  InferBodies bodies(String deployment) {
    return new InferBodies(deployment, FraudModel.INPUT, rows);
  }

  /** As many requests as the server answers, on all connections. */
  LoadResult closedLoop(int port, LoadTarget target) throws IOException {
    return LoadRun.run(plan(port, 0, CONNECTIONS, 1, Pace.NAP), target);
  }

  /** Requests at times that do not depend on the answers, exact to the microsecond. */
  LoadResult openLoop(int port, double ratePerSecond, LoadTarget target) throws IOException {
    int connections =
        Math.max(OPEN_LOOP_CONNECTIONS_MIN, (int) Math.ceil(ratePerSecond * STALL_SECONDS));
    return LoadRun.run(plan(port, ratePerSecond, connections, 1, Pace.SPIN), target);
  }

  /** The same from a generator that leaves the cores to a server which needs them all. */
  LoadResult lightOpenLoop(int port, double ratePerSecond, int connections, LoadTarget target)
      throws IOException {
    return LoadRun.run(plan(port, ratePerSecond, connections, 1, Pace.NAP), target);
  }

  /**
   * Answers per second when as many are asked for as come.
   *
   * @param streams requests in flight on a connection
   * @throws IOException if a request fails
   */
  double saturate(int port, LoadTarget target, int streams) throws IOException {
    LoadResult result =
        LoadRun.run(plan(port, 0, CONNECTIONS / streams, streams, Pace.NAP), target);
    if (result.failed() > 0) {
      throw new IOException("failures while saturating port " + port + ": " + result.summary());
    }
    return result.successPerSecond();
  }

  /**
   * Saturates a server until its virtual machine has compiled what matters, so that the compiler
   * does not compete with what is measured next.
   */
  void warmUp(int port, LoadTarget target) throws IOException {
    saturate(port, target, 1);
  }

  private LoadPlan plan(int port, double rate, int connections, int streams, Pace pace) {
    return new LoadPlan(
        "127.0.0.1",
        port,
        rate,
        connections,
        streams,
        Duration.ofSeconds(Math.max(2, seconds / 2)),
        Duration.ofSeconds(seconds),
        SEED,
        pace);
  }
}
