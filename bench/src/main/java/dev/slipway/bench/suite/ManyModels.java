package dev.slipway.bench.suite;

import dev.slipway.bench.engine.FraudModel;
import dev.slipway.bench.engine.MeasuredEngine;
import dev.slipway.bench.load.InferBodies;
import dev.slipway.bench.load.LoadResult;
import dev.slipway.bench.load.LoadTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Latency at 10,000 rows a second with one model deployed and with a thousand: asked of one of
 * them, with all in memory and with most of them evicted; and asked of all in turn.
 */
record ManyModels(SuiteRun run) implements Measurement {
  private static final int MODELS = 1_000;
  private static final int RATE = 10_000;

  /** Too small for a thousand models, so that the least recently used ones are unloaded. */
  private static final long SMALL_BUDGET = 64L << 20;

  @Override
  public void measure() throws IOException, InterruptedException {
    try (SlipwayServer slipway = run.subjects().slipway()) {
      compare(slipway, "all in memory");
      LoadResult all = run.openLoop(Subjects.SLIPWAY_PORT, RATE, allInTurn());
      run.table().add("10,000/s over 1,000 models in turn", all.summary(), "", "");
    }
    try (SlipwayServer slipway =
        run.subjects().slipway("--set", "limits.model-memory-bytes-max=" + SMALL_BUDGET)) {
      compare(slipway, "within " + Figures.mebibytes((double) SMALL_BUDGET));
    }
  }

  private void compare(SlipwayServer slipway, String memory)
      throws IOException, InterruptedException {
    slipway.serveFraud(SuiteRun.TREES, MeasuredEngine.TREES);
    List<LoadResult> one = loads();
    deployMore(slipway);
    List<LoadResult> many = loads();
    double before = Figures.median(one, load -> load.millis(99));
    double after = Figures.median(many, load -> load.millis(99));
    run.table()
        .add(
            "open loop 10,000/s, p99 with 1 model deployed, " + memory,
            Figures.millis(before) + Figures.objections(one),
            "1.00",
            "");
    run.table()
        .add(
            "open loop 10,000/s, p99 with 1,000 models deployed, " + memory,
            String.format(
                Locale.ROOT,
                "%s, failed %d, %.0f models of %s loaded%s",
                Figures.millis(after),
                many.stream().mapToLong(LoadResult::failed).sum(),
                slipway.control().metric("slipway_models_loaded"),
                Figures.mebibytes(slipway.control().metric("slipway_models_loaded_bytes")),
                Figures.objections(many)),
            Figures.ratio(after, before),
            "flat");
  }

  private List<LoadResult> loads() throws IOException {
    LoadTarget target = run.bodies(SuiteRun.TREES).restTarget();
    List<LoadResult> results = new ArrayList<>();
    for (int round = 0; round < run.rounds(); round++) {
      results.add(run.openLoop(Subjects.SLIPWAY_PORT, RATE, target));
    }
    return results;
  }

  /** Deploys the others; each is a model of its own, since each file differs in its description. */
  private void deployMore(SlipwayServer slipway) throws IOException, InterruptedException {
    byte[] onnx =
        Files.readAllBytes(
            run.root().resolve(MeasuredEngine.TREES.file(FraudModel.LIGHTGBM).path()));
    for (int i = 1; i < MODELS; i++) {
      slipway.register(name(i), "model.onnx", described(onnx, name(i)), "engine: trees\n");
      slipway.control().deploy(name(i), name(i), 1);
    }
  }

  /** The model with a {@code doc_string}, field 6 of ModelProto; appended fields count. */
  private static byte[] described(byte[] onnx, String text) {
    byte[] description = text.getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(onnx);
    out.write(6 << 3 | 2);
    out.write(description.length);
    out.writeBytes(description);
    return out.toByteArray();
  }

  private LoadTarget allInTurn() {
    byte[][] bodies = run.bodies(SuiteRun.TREES).json();
    return new LoadTarget.Rest(
        IntStream.range(0, bodies.length)
            .mapToObj(i -> LoadTarget.Rest.request(path(i % MODELS), "", bodies[i]))
            .toArray(byte[][]::new));
  }

  private String path(int model) {
    InferBodies bodies = run.bodies(model == 0 ? SuiteRun.TREES : name(model));
    return bodies.path();
  }

  private static String name(int model) {
    return "fraud-%04d".formatted(model);
  }
}
