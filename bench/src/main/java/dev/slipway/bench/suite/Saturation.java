package dev.slipway.bench.suite;

import dev.slipway.bench.engine.MeasuredEngine;
import dev.slipway.bench.load.InferBodies;
import dev.slipway.bench.load.LoadTarget;
import dev.slipway.bench.process.ServerProcess;
import java.io.IOException;

/** Single rows as fast as they are answered, REST and gRPC, alternating with the floor. */
record Saturation(SuiteRun run) implements Measurement {
  private static final int GRPC_STREAMS = 8;

  @Override
  public void measure() throws IOException, InterruptedException {
    InferBodies trees = run.bodies(SuiteRun.TREES);
    try (SlipwayServer slipway = run.subjects().slipway()) {
      slipway.serveFraud(SuiteRun.TREES, MeasuredEngine.TREES);
      slipway.serveFraud(SuiteRun.ONNX, MeasuredEngine.ONNX);
      try (ServerProcess _ = ProbeSize.floorFor(run, trees)) {
        alternate(trees, run.bodies(SuiteRun.ONNX));
      }
    }
  }

  private void alternate(InferBodies trees, InferBodies onnx) throws IOException {
    LoadTarget rest = trees.restTarget();
    LoadTarget grpc = trees.grpcTarget();
    LoadTarget onnxRest = onnx.restTarget();
    double[] floor = new double[run.rounds()];
    double[] tree = new double[run.rounds()];
    double[] ort = new double[run.rounds()];
    double[] grpcFloor = new double[run.rounds()];
    double[] grpcTree = new double[run.rounds()];
    for (int round = 0; round < run.rounds(); round++) {
      floor[round] = run.saturate(Subjects.FLOOR_PORT, rest, 1);
      tree[round] = run.saturate(Subjects.SLIPWAY_PORT, rest, 1);
      ort[round] = run.saturate(Subjects.SLIPWAY_PORT, onnxRest, 1);
      grpcFloor[round] = run.saturate(Subjects.FLOOR_PORT, grpc, GRPC_STREAMS);
      grpcTree[round] = run.saturate(Subjects.SLIPWAY_PORT, grpc, GRPC_STREAMS);
    }
    add("floor, REST", floor, floor, "");
    add("REST JSON, one row, tree engine", tree, floor, ">= 0.70");
    add("REST JSON, one row, ONNX Runtime", ort, floor, ">= 0.60");
    add("floor, gRPC", grpcFloor, grpcFloor, "");
    add("gRPC raw, one row, tree engine", grpcTree, grpcFloor, ">= 0.70");
  }

  private void add(String what, double[] subject, double[] floor, String target) {
    double median = Figures.median(subject);
    run.table()
        .add(what, Figures.perSecond(median), Figures.ratio(median, Figures.median(floor)), target);
  }
}
