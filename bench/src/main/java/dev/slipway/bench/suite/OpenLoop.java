package dev.slipway.bench.suite;

import dev.slipway.bench.engine.MeasuredEngine;
import dev.slipway.bench.load.InferBodies;
import dev.slipway.bench.load.LoadResult;
import dev.slipway.bench.load.LoadTarget;
import dev.slipway.bench.process.ServerProcess;
import java.io.IOException;

/** Latency of single rows at rates that do not depend on the answers. */
record OpenLoop(SuiteRun run) implements Measurement {
  private static final int CONNECTIONS_AT_FORTY = 256;

  private enum Rate {
    TEN(10_000, "p99 < 2 ms, p99.9 < 10 ms"),
    FORTY(40_000, "p99 < 10 ms");

    private final int perSecond;
    private final String target;

    Rate(int perSecond, String target) {
      this.perSecond = perSecond;
      this.target = target;
    }
  }

  @Override
  public void measure() throws IOException, InterruptedException {
    InferBodies bodies = run.bodies(SuiteRun.TREES);
    LoadTarget target = bodies.restTarget();
    try (SlipwayServer slipway = run.subjects().slipway()) {
      slipway.serveFraud(SuiteRun.TREES, MeasuredEngine.TREES);
      try (ServerProcess _ = ProbeSize.floorFor(run, bodies)) {
        run.warmUp(Subjects.FLOOR_PORT, target);
        run.warmUp(Subjects.SLIPWAY_PORT, target);
        for (Rate rate : Rate.values()) {
          add("floor", Subjects.FLOOR_PORT, rate, target, "");
          add("tree engine", Subjects.SLIPWAY_PORT, rate, target, rate.target);
        }
      }
    }
  }

  private void add(String who, int port, Rate rate, LoadTarget target, String aim)
      throws IOException {
    String what = "%s, open loop %d/s".formatted(who, rate.perSecond);
    // At the higher rate a generator that spins would leave a server on two cores less than it
    // needs.
    LoadResult result =
        switch (rate) {
          case TEN -> run.openLoop(port, rate.perSecond, target);
          case FORTY -> run.lightOpenLoop(port, rate.perSecond, CONNECTIONS_AT_FORTY, target);
        };
    run.table().add(what, result.summary(), "", aim);
  }
}
