package dev.slipway.bench.suite;

import dev.slipway.bench.engine.FraudModel;
import dev.slipway.bench.engine.MeasuredEngine;
import dev.slipway.bench.load.LoadResult;
import dev.slipway.bench.load.LoadTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Latency at 10,000 rows a second while the version is exchanged every half second, by turns with a
 * deployment and with an undo, against the latency without.
 */
record HotSwap(SuiteRun run) implements Measurement {
  private static final int RATE = 10_000;

  @Override
  public void measure() throws IOException, InterruptedException {
    LoadTarget target = run.bodies(SuiteRun.TREES).restTarget();
    List<LoadResult> quiet = new ArrayList<>();
    List<LoadResult> swapped = new ArrayList<>();
    long swaps = 0;
    try (SlipwayServer slipway = run.subjects().slipway()) {
      slipway.serveFraud(SuiteRun.TREES, MeasuredEngine.TREES);
      slipway.registerFraud(SuiteRun.TREES, FraudModel.XGBOOST, MeasuredEngine.TREES);
      run.warmUp(Subjects.SLIPWAY_PORT, target);
      for (int round = 0; round < run.rounds(); round++) {
        quiet.add(run.openLoop(Subjects.SLIPWAY_PORT, RATE, target));
        try (Swapping swapping = new Swapping(slipway.control(), SuiteRun.TREES)) {
          swapped.add(run.openLoop(Subjects.SLIPWAY_PORT, RATE, target));
          swaps += swapping.stop();
        }
      }
    }
    double before = Figures.median(quiet, load -> load.millis(99));
    double during = Figures.median(swapped, load -> load.millis(99));
    run.table()
        .add(
            "open loop 10,000/s, p99 without a swap",
            Figures.millis(before) + Figures.objections(quiet),
            "1.00",
            "");
    run.table()
        .add(
            "open loop 10,000/s, p99 with %d hot swaps".formatted(swaps),
            "%s, failed %d%s"
                .formatted(
                    Figures.millis(during),
                    swapped.stream().mapToLong(LoadResult::failed).sum(),
                    Figures.objections(swapped)),
            Figures.ratio(during, before),
            "<= 2, none failed");
  }
}
