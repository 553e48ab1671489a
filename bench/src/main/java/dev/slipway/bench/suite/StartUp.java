package dev.slipway.bench.suite;

import dev.slipway.bench.load.InferBodies;
import dev.slipway.bench.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * From {@code slipway up} to the first prediction of a deployed model, with the ahead-of-time
 * caches that the launcher records and without.
 */
record StartUp(SuiteRun run) implements Measurement {
  @Override
  public void measure() throws IOException, InterruptedException {
    InferBodies bodies = run.bodies(SuiteRun.TREES);
    HttpRequest prediction =
        ServerProcess.post(URI.create(Subjects.url(bodies.path())), bodies.json()[0]);
    Path data = Files.createTempDirectory(run.subjects().scratch(), "data");
    try (ServerProcess _ =
        run.subjects().up(data, Map.of(), prediction, "--demo", SuiteRun.TREES)) {
      new AotCaches(run.root()).await("cli", "server");
    }
    add("without an AOT cache", data, AotCaches.OFF, prediction, "< 1500 ms");
    add("with an AOT cache", data, Map.of(), prediction, "< 800 ms");
  }

  private void add(
      String how, Path data, Map<String, String> environment, HttpRequest probe, String target)
      throws IOException, InterruptedException {
    double[] millis = new double[run.rounds()];
    for (int round = 0; round < millis.length; round++) {
      try (ServerProcess slipway = run.subjects().up(data, environment, probe)) {
        millis[round] = slipway.startUp().toNanos() / 1e6;
      }
    }
    String what = "start of slipway up to the first prediction, " + how;
    run.table().add(what, Figures.millis(Figures.median(millis)), "", target);
  }
}
