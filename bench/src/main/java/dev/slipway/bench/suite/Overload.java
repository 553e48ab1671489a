package dev.slipway.bench.suite;

import dev.slipway.bench.load.LoadResult;
import dev.slipway.bench.load.LoadTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Twice as many requests as the server can answer.
 *
 * <p>A tree model is so fast that the generator would be the one that is overloaded. This takes a
 * network that costs some 0.3 ms a row and may run on one core at a time, so that twice its
 * capacity is within the means of a generator that leaves the server its cores.
 */
record Overload(SuiteRun run) implements Measurement {
  private static final String MODEL = "deep";
  private static final String DESCRIPTION = "engine: onnx\ninstances: 1\n";

  /** Accepted requests wait for at most some 50 ms; this many arrive in a tenth of a second. */
  private static final double CONNECTIONS_SECONDS = 0.1;

  @Override
  public void measure() throws IOException, InterruptedException {
    LoadTarget target = run.bodies(MODEL).restTarget();
    double[] capacity = new double[run.rounds()];
    List<LoadResult> overloads = new ArrayList<>();
    try (SlipwayServer slipway = run.subjects().slipway()) {
      slipway.register(MODEL, "deep.onnx", DeepNetwork.DEFAULT.onnx(), DESCRIPTION);
      slipway.control().deploy(MODEL, MODEL, 1);
      for (int round = 0; round < run.rounds(); round++) {
        capacity[round] = run.closedLoop(Subjects.SLIPWAY_PORT, target).successPerSecond();
        double rate = 2 * capacity[round];
        int connections = (int) Math.ceil(rate * CONNECTIONS_SECONDS);
        overloads.add(run.lightOpenLoop(Subjects.SLIPWAY_PORT, rate, connections, target));
      }
    }
    double goodput = Figures.median(overloads, LoadResult::successPerSecond);
    double full = Figures.median(capacity);
    String objections = Figures.objections(overloads);
    run.table().add("capacity, network on one core", Figures.perSecond(full), "1.00", "");
    run.table()
        .add(
            "overload at 2x capacity, goodput",
            Figures.perSecond(goodput) + objections,
            Figures.ratio(goodput, full),
            ">= 0.90");
    run.table()
        .add(
            "overload at 2x capacity, p99 of accepted requests",
            Figures.millis(Figures.median(overloads, result -> result.millis(99))) + objections,
            "",
            "< 50 ms");
    run.table()
        .add(
            "overload at 2x capacity, p99 of refusals",
            "%s %s"
                .formatted(
                    Figures.millis(Figures.median(overloads, result -> result.refusalMillis(99))),
                    overloads.getLast().failures()),
            "",
            "at once");
  }
}
