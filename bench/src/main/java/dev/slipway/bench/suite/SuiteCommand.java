package dev.slipway.bench.suite;

import dev.slipway.bench.load.InferBodies;
import dev.slipway.bench.load.LoadPlan;
import dev.slipway.bench.load.LoadResult;
import dev.slipway.bench.load.LoadRun;
import dev.slipway.bench.load.LoadTarget;
import dev.slipway.bench.process.ServerProcess;
import dev.slipway.example.fraud.FraudRows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures every row of the published table. */
@Command(
    name = "suite",
    mixinStandardHelpOptions = true,
    description = "Measures the whole table against the floor of the same run; minutes.",
    footer = {"", "Example:", "  bench/run suite --seconds 8 --rounds 3 --peers"})
public final class SuiteCommand implements Callable<Integer> {
  private static final int ROWS = 12_800;
  private static final int BATCH = 32;
  private static final int CONNECTIONS = 64;
  private static final String TREES = "fraud";
  private static final String ONNX = "fraud-onnx";

  @Option(
      names = "--root",
      defaultValue = ".",
      description = "The project's folder (${DEFAULT-VALUE}).")
  private Path root = Path.of(".");

  @Option(names = "--model", required = true, description = "An ONNX tree ensemble of 15 columns.")
  private Path model = Path.of(".");

  @Option(names = "--input", defaultValue = "input", description = "Its input's name.")
  private String input = "";

  @Option(names = "--seconds", defaultValue = "8", description = "Of each run (${DEFAULT-VALUE}).")
  private int seconds;

  @Option(names = "--rounds", defaultValue = "3", description = "Medians of so many runs.")
  private int rounds;

  @Option(names = "--peers", description = "Measure the peers of bench/peers too.")
  private boolean peers;

  private final Table table = new Table(System.err);

  @Override
  public Integer call() throws IOException, InterruptedException {
    Subjects subjects =
        new Subjects(root.toAbsolutePath().normalize(), Files.createTempDirectory("slipway-suite"));
    InferBodies trees = new InferBodies(TREES, input, FraudRows.rows(7, ROWS));
    InferBodies onnx = new InferBodies(ONNX, input, trees.rows());
    System.out.println(Machine.describe());
    new EngineComparison(model, input, trees.rows(), table).run();
    try (ServerProcess slipway = subjects.slipway()) {
      subjects.deploy(model, TREES, "trees");
      subjects.deploy(model, ONNX, "onnx");
      int restBytes = ProbeSize.rest(Subjects.SLIPWAY_PORT, TREES, trees.json()[0]);
      try (ServerProcess floor = subjects.floor(restBytes, ProbeSize.GRPC_ANSWER_BYTES)) {
        saturation(trees, onnx);
        binaryBatches(trees, onnx);
        openLoop(trees);
        overload(trees);
        table.add("resident memory of the floor after the load", mib(floor), "", "");
      }
      table.add("resident memory of the server after the load", mib(slipway), "", "< 250 MiB");
    }
    startUp(subjects);
    if (peers) {
      peers(subjects, trees);
    }
    table.print(System.out);
    return 0;
  }

  private static String mib(ServerProcess process) throws IOException {
    return process.residentBytes() / (1 << 20) + " MiB";
  }

  private void saturation(InferBodies trees, InferBodies onnx) throws IOException {
    LoadTarget floorRest = rest("/", trees);
    LoadTarget treesRest = rest("/v2/models/" + TREES + "/infer", trees);
    LoadTarget onnxRest = rest("/v2/models/" + ONNX + "/infer", onnx);
    double[] floor = new double[rounds];
    double[] tree = new double[rounds];
    double[] ort = new double[rounds];
    double[] grpcFloor = new double[rounds];
    double[] grpcTree = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      floor[round] = saturate(Subjects.FLOOR_PORT, floorRest, 1);
      tree[round] = saturate(Subjects.SLIPWAY_PORT, treesRest, 1);
      ort[round] = saturate(Subjects.SLIPWAY_PORT, onnxRest, 1);
      grpcFloor[round] = saturate(Subjects.FLOOR_PORT, trees.grpc(), 8);
      grpcTree[round] = saturate(Subjects.SLIPWAY_PORT, trees.grpc(), 8);
    }
    table.add("floor, REST", perSecond(median(floor)), "1.00", "");
    table.add(
        "REST JSON, one row, tree engine", perSecond(median(tree)), ratio(tree, floor), ">= 0.70");
    table.add(
        "REST JSON, one row, ONNX Runtime", perSecond(median(ort)), ratio(ort, floor), ">= 0.60");
    table.add("floor, gRPC", perSecond(median(grpcFloor)), "1.00", "");
    table.add(
        "gRPC raw, one row, tree engine",
        perSecond(median(grpcTree)),
        ratio(grpcTree, grpcFloor),
        ">= 0.70");
  }

  private void binaryBatches(InferBodies trees, InferBodies onnx) throws IOException {
    double inProcess =
        new EngineComparison(model, input, trees.rows(), table).onnxRowsPerSecond(BATCH);
    double treeRows = BATCH * saturate(Subjects.SLIPWAY_PORT, trees.binary(BATCH), 1);
    double onnxRows = BATCH * saturate(Subjects.SLIPWAY_PORT, onnx.binary(BATCH), 1);
    table.add("ONNX Runtime in-process, rows at batch 32", perSecond(inProcess), "1.00", "");
    table.add(
        "REST binary, 32 rows, ONNX Runtime, rows",
        perSecond(onnxRows),
        twoDigits(onnxRows / inProcess),
        ">= 0.80");
    table.add(
        "REST binary, 32 rows, tree engine, rows",
        perSecond(treeRows),
        twoDigits(treeRows / inProcess),
        "");
  }

  private void openLoop(InferBodies trees) throws IOException {
    LoadTarget floorRest = rest("/", trees);
    LoadTarget treesRest = rest("/v2/models/" + TREES + "/infer", trees);
    for (int rate : new int[] {10_000, 40_000}) {
      String target = rate == 10_000 ? "p99 < 2 ms, p99.9 < 10 ms" : "p99 < 10 ms";
      table.add(
          "floor, open loop " + rate + "/s",
          LoadRun.run(plan(Subjects.FLOOR_PORT, rate, 256, 1), floorRest).summary(),
          "",
          "");
      table.add(
          "tree engine, open loop " + rate + "/s",
          LoadRun.run(plan(Subjects.SLIPWAY_PORT, rate, 256, 1), treesRest).summary(),
          "",
          target);
    }
  }

  private void overload(InferBodies trees) throws IOException {
    LoadTarget treesRest = rest("/v2/models/" + TREES + "/infer", trees);
    double capacity = saturate(Subjects.SLIPWAY_PORT, treesRest, 1);
    LoadResult result = LoadRun.run(plan(Subjects.SLIPWAY_PORT, 2 * capacity, 1_000, 1), treesRest);
    table.add(
        "overload at 2x capacity (" + perSecond(capacity) + ")",
        result.summary(),
        twoDigits(result.successPerSecond() / capacity),
        "goodput >= 0.90");
  }

  private void startUp(Subjects subjects) throws IOException, InterruptedException {
    double[] millis = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      try (ServerProcess slipway = subjects.slipway()) {
        millis[round] = slipway.startUp().toMillis();
      }
    }
    table.add("start to first answer", "%.0f ms".formatted(median(millis)), "", "< 1500 ms");
  }

  private void peers(Subjects subjects, InferBodies trees) throws InterruptedException {
    for (Peer peer : Peer.ALL) {
      byte[][] bodies = peer.v2Body() ? trees.json() : nested(trees.rows());
      LoadTarget target = LoadTarget.Rest.post(Peer.PATH, "", bodies);
      try (ServerProcess process =
          subjects.peer(peer, model.toAbsolutePath().normalize(), bodies[0])) {
        LoadResult closed = LoadRun.run(plan(peer.port(), 0, CONNECTIONS, 1), target);
        LoadResult open = LoadRun.run(plan(peer.port(), 500, CONNECTIONS, 1), target);
        table.add("peer " + peer.name() + ", saturation", closed.summary(), mib(process), "");
        table.add("peer " + peer.name() + ", open loop 500/s", open.summary(), "", "");
      } catch (IOException e) {
        table.add("peer " + peer.name(), "does not run here: " + e.getMessage(), "", "");
      }
    }
  }

  private static byte[][] nested(float[][] rows) {
    return Arrays.stream(rows)
        .map(row -> "{\"rows\":[" + Arrays.toString(row) + "]}")
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
  }

  private static LoadTarget rest(String path, InferBodies bodies) {
    return LoadTarget.Rest.post(path, "", bodies.json());
  }

  private double saturate(int port, LoadTarget target, int streams) throws IOException {
    int connections = CONNECTIONS / streams;
    LoadResult result = LoadRun.run(plan(port, 0, connections, streams), target);
    if (result.failed() > 0) {
      throw new IOException("failures while saturating port " + port + ": " + result.summary());
    }
    return result.successPerSecond();
  }

  private LoadPlan plan(int port, double rate, int connections, int streams) {
    return new LoadPlan(
        "127.0.0.1",
        port,
        rate,
        connections,
        streams,
        Duration.ofSeconds(Math.max(2, seconds / 2)),
        Duration.ofSeconds(seconds),
        42);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String ratio(double[] subject, double[] floor) {
    return twoDigits(median(subject) / median(floor));
  }

  private static String twoDigits(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String perSecond(double value) {
    return String.format(Locale.ROOT, "%,.0f/s", value);
  }
}
