package dev.slipway.bench.suite;

import dev.slipway.bench.engine.FraudModel;
import dev.slipway.bench.engine.MeasuredEngine;
import dev.slipway.bench.load.LoadResult;
import dev.slipway.bench.load.LoadTarget;
import dev.slipway.bench.process.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** Other servers with the same model under the same load, as their makers recommend to run them. */
record Peers(SuiteRun run) implements Measurement {
  /** A rate that every peer keeps up with. */
  private static final int RATE = 500;

  @Override
  public void measure() throws InterruptedException {
    Path model = run.root().resolve(MeasuredEngine.ONNX.file(FraudModel.LIGHTGBM).path());
    for (Peer peer : Peer.ALL) {
      byte[][] bodies = peer.v2Body() ? run.bodies(SuiteRun.TREES).json() : nested(run.rows());
      LoadTarget target = LoadTarget.Rest.post(Peer.PATH, "", bodies);
      String name = "peer " + peer.name();
      try (ServerProcess process = run.subjects().peer(peer, model, bodies[0])) {
        LoadResult closed = run.closedLoop(peer.port(), target);
        LoadResult open = run.openLoop(peer.port(), RATE, target);
        String resident = Figures.resident(process);
        run.table().add(name + ", saturation", closed.summary(), resident, "");
        run.table().add(name + ", open loop 500/s", open.summary(), "", "");
      } catch (IOException e) {
        run.table().add(name, "does not run here: " + e.getMessage(), "", "");
      }
    }
  }

  private static byte[][] nested(float[][] rows) {
    return Arrays.stream(rows)
        .map(row -> "{\"rows\":[" + Arrays.toString(row) + "]}")
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
  }
}
