package dev.slipway.example.fraud;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The example's command line. Data goes to files or stdout, progress to stderr. */
@Command(
    name = "fraud",
    mixinStandardHelpOptions = true,
    description = "Card fraud, from generated transactions to a trained model.",
    subcommands = {
      FraudCommand.Generate.class,
      FraudCommand.Features.class,
      FraudCommand.TrainJvm.class,
      FraudCommand.Rows.class
    })
public final class FraudCommand {
  private FraudCommand() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new FraudCommand());
  }

  /** Options that name a world. */
  static final class WorldOptions {
    @Option(names = "--seed", description = "Seed of everything random (${DEFAULT-VALUE}).")
    private long seed = WorldSettings.DEFAULT.seed();

    @Option(names = "--customers", description = "Number of card holders (${DEFAULT-VALUE}).")
    private int customers = WorldSettings.DEFAULT.customers();

    @Option(names = "--terminals", description = "Number of terminals (${DEFAULT-VALUE}).")
    private int terminals = WorldSettings.DEFAULT.terminals();

    @Option(names = "--days", description = "Number of days (${DEFAULT-VALUE}).")
    private int days = WorldSettings.DEFAULT.days();

    WorldSettings settings() {
      return new WorldSettings(seed, customers, terminals, days, WorldSettings.DEFAULT.start());
    }
  }

  @Command(
      name = "generate",
      mixinStandardHelpOptions = true,
      description = "Writes the transactions of a world as CSV.")
  static final class Generate implements Callable<Integer> {
    @Mixin private WorldOptions world = new WorldOptions();

    @Option(names = "--out", required = true, description = "CSV file; .gz compresses.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
      WorldSettings settings = world.settings();
      ScenarioTally tally = new ScenarioTally();
      try (CsvWriter csv = CsvWriter.open(out, settings)) {
        csv.transactionHeader();
        TransactionStream stream = new TransactionStream(settings);
        while (stream.hasNext()) {
          Transaction transaction = stream.next();
          csv.transaction(transaction);
          tally.add(transaction);
        }
      }
      System.err.println(tally);
      return CommandLine.ExitCode.OK;
    }
  }

  @Command(
      name = "features",
      mixinStandardHelpOptions = true,
      description = "Writes the transactions of a world with their features as CSV.")
  static final class Features implements Callable<Integer> {
    @Mixin private WorldOptions world = new WorldOptions();

    @Option(names = "--out", required = true, description = "CSV file; .gz compresses.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
      WorldSettings settings = world.settings();
      FeatureExtractor extractor = new FeatureExtractor(settings);
      ScenarioTally tally = new ScenarioTally();
      float[] row = new float[Feature.count()];
      try (CsvWriter csv = CsvWriter.open(out, settings)) {
        csv.featureHeader();
        TransactionStream stream = new TransactionStream(settings);
        while (stream.hasNext()) {
          Transaction transaction = stream.next();
          extractor.extract(transaction, row, 0);
          csv.features(transaction, row);
          tally.add(transaction);
        }
      }
      System.err.println(tally);
      return CommandLine.ExitCode.OK;
    }
  }

  @Command(
      name = "train-jvm",
      mixinStandardHelpOptions = true,
      description = "Trains XGBoost in the JVM on earlier weeks and measures it on later ones.")
  static final class TrainJvm implements Callable<Integer> {
    @Mixin private WorldOptions world = new WorldOptions();

    @Option(names = "--out", required = true, description = "Model file (.ubj).")
    private Path out = Path.of("");

    @Option(names = "--metrics", required = true, description = "Metrics file (.json).")
    private Path metrics = Path.of("");

    @Override
    public Integer call() throws IOException {
      WorldSettings settings = world.settings();
      TrainingSplit split = TrainingSplit.DEFAULT;
      TrainingSplit.Data data = split.collect(settings);
      System.err.printf(
          "training on %,d rows (%,d frauds)%n", data.training().count(), data.training().frauds());
      XgboostTrainer.Result result = XgboostTrainer.train(data.training(), data.test(), out);
      Files.writeString(metrics, MetricsJson.of(settings, split, result), StandardCharsets.UTF_8);
      System.err.printf(
          "test: %,d rows (%,d frauds), AUC %.4f, average precision %.4f%n",
          result.test().rows(),
          result.test().frauds(),
          result.test().auc(),
          result.test().averagePrecision());
      return CommandLine.ExitCode.OK;
    }
  }

  @Command(
      name = "rows",
      mixinStandardHelpOptions = true,
      description = "Prints V2 inference requests of real rows, one JSON object a line.")
  static final class Rows implements Callable<Integer> {
    @Option(names = "--seed", description = "Seed of the rows (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--count", description = "Number of requests (${DEFAULT-VALUE}).")
    private int count = 10;

    @Option(names = "--batch", description = "Rows in each request (${DEFAULT-VALUE}).")
    private int batch = 1;

    @Option(names = "--input", description = "Name of the model's input (${DEFAULT-VALUE}).")
    private String input = "input";

    @Override
    public Integer call() {
      float[][] rows = FraudRows.rows(seed, Math.multiplyExact(count, batch));
      PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
      for (int request = 0; request < count; request++) {
        out.println(V2Request.json(input, rows, request * batch, batch));
      }
      out.flush();
      return CommandLine.ExitCode.OK;
    }
  }
}
