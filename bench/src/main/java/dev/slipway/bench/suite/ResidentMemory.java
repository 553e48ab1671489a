package dev.slipway.bench.suite;

import dev.slipway.bench.engine.MeasuredEngine;
import dev.slipway.bench.load.LoadResult;
import dev.slipway.bench.load.LoadTarget;
import dev.slipway.bench.process.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Resident memory of fresh servers that have served 10,000 rows a second. */
record ResidentMemory(SuiteRun run) implements Measurement {
  private static final int RATE = 10_000;

  @Override
  public void measure() throws IOException, InterruptedException {
    LoadTarget target = run.bodies(SuiteRun.TREES).restTarget();
    double[] bytes = new double[run.rounds()];
    double[] floorBytes = new double[run.rounds()];
    List<LoadResult> loads = new ArrayList<>();
    for (int round = 0; round < run.rounds(); round++) {
      try (SlipwayServer slipway = run.subjects().slipway()) {
        slipway.serveFraud(SuiteRun.TREES, MeasuredEngine.TREES);
        loads.add(run.openLoop(Subjects.SLIPWAY_PORT, RATE, target));
        bytes[round] = (double) slipway.process().residentBytes();
        try (ServerProcess floor = ProbeSize.floorFor(run, run.bodies(SuiteRun.TREES))) {
          run.openLoop(Subjects.FLOOR_PORT, RATE, target);
          floorBytes[round] = (double) floor.residentBytes();
        }
      }
    }
    add("tree engine", bytes, Figures.objections(loads), "< 250 MB");
    add("floor", floorBytes, "", "");
  }

  private void add(String who, double[] bytes, String objections, String target) {
    String measured = Figures.mebibytes(Figures.median(bytes)) + objections;
    run.table().add(who + ", resident memory at 10,000/s", measured, "", target);
  }
}
