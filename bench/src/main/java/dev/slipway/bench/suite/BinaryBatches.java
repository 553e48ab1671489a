package dev.slipway.bench.suite;

import dev.slipway.bench.engine.MeasuredEngine;
import java.io.IOException;

/** Batches in the binary extension against ONNX Runtime's own speed in this process. */
record BinaryBatches(SuiteRun run) implements Measurement {
  private static final int BATCH = 32;

  @Override
  public void measure() throws IOException, InterruptedException {
    double inProcess = new EngineComparison(run).rowsPerSecond(MeasuredEngine.ONNX, BATCH);
    add("ONNX Runtime in-process, rows at batch 32", inProcess, inProcess, "");
    try (SlipwayServer slipway = run.subjects().slipway()) {
      slipway.serveFraud(SuiteRun.TREES, MeasuredEngine.TREES);
      slipway.serveFraud(SuiteRun.ONNX, MeasuredEngine.ONNX);
      add("REST binary, 32 rows, ONNX Runtime, rows", rows(SuiteRun.ONNX), inProcess, ">= 0.80");
      add("REST binary, 32 rows, tree engine, rows", rows(SuiteRun.TREES), inProcess, "");
    }
  }

  private double rows(String deployment) throws IOException {
    double[] rows = new double[run.rounds()];
    for (int round = 0; round < rows.length; round++) {
      rows[round] =
          BATCH
              * run.saturate(Subjects.SLIPWAY_PORT, run.bodies(deployment).binaryTarget(BATCH), 1);
    }
    return Figures.median(rows);
  }

  private void add(String what, double rows, double inProcess, String target) {
    run.table().add(what, Figures.perSecond(rows), Figures.ratio(rows, inProcess), target);
  }
}
