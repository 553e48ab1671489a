package dev.slipway.bench.suite;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How long {@code slipway --help} takes, with the launcher's ahead-of-time cache and without. */
record HelpTime(SuiteRun run) implements Measurement {
  private static final int CALLS = 11;
  private static final String TARGET = "< 400 ms";

  @Override
  public void measure() throws IOException, InterruptedException {
    add("without an AOT cache", AotCaches.OFF);
    millis(Map.of()); // The launcher records the cache if it is not there.
    new AotCaches(run.root()).await("cli");
    add("with an AOT cache", Map.of());
  }

  private void add(String how, Map<String, String> environment)
      throws IOException, InterruptedException {
    double[] millis = new double[CALLS];
    for (int call = 0; call < CALLS; call++) {
      millis[call] = millis(environment);
    }
    run.table().add("slipway --help, " + how, Figures.millis(Figures.median(millis)), "", TARGET);
  }

  private double millis(Map<String, String> environment) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(List.of(run.subjects().launcher(), "--help"))
            .directory(run.root().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    long start = System.nanoTime();
    Process process = builder.start();
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("slipway --help failed");
    }
    return (System.nanoTime() - start) / 1e6;
  }
}
