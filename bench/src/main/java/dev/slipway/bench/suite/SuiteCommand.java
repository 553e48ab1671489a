package dev.slipway.bench.suite;

import dev.slipway.example.fraud.FraudRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the published table, or parts of it. */
@Command(
    name = "suite",
    mixinStandardHelpOptions = true,
    description = "Measures the whole table against the floor of the same run; minutes.",
    footer = {
      "",
      "Examples:",
      "  bench/run suite --seconds 8 --rounds 3 --peers",
      "  bench/run suite --only overload --only hot-swap"
    })
public final class SuiteCommand implements Callable<Integer> {
  private static final int ROWS = 12_800;
  private static final long SEED = 7;

  @Option(
      names = "--root",
      defaultValue = ".",
      description = "The project's folder (${DEFAULT-VALUE}).")
  private Path root = Path.of(".");

  @Option(names = "--seconds", defaultValue = "8", description = "Of each run (${DEFAULT-VALUE}).")
  private int seconds;

  @Option(names = "--rounds", defaultValue = "3", description = "Medians of so many runs.")
  private int rounds;

  @Option(
      names = "--only",
      paramLabel = "PART",
      description = "Only this part; again for further ones: ${COMPLETION-CANDIDATES}.")
  private List<Part> only = new ArrayList<>();

  @Option(names = "--peers", description = "Measure the peers of bench/peers too.")
  private boolean peers;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Table table = new Table(System.err);
    Subjects subjects =
        new Subjects(root.toAbsolutePath().normalize(), Files.createTempDirectory("slipway-suite"));
    SuiteRun run = new SuiteRun(subjects, table, FraudRows.rows(SEED, ROWS), seconds, rounds);
    System.out.println(Machine.describe());
    boolean complete = true;
    for (Part part : parts()) {
      try {
        part.of(run).measure();
      } catch (IOException e) {
        // The others take minutes and are still worth having.
        complete = false;
        table.add(part.toString(), "FAILED: " + e.getMessage(), "", "");
      }
    }
    table.print(System.out);
    return complete ? 0 : 1;
  }

  private Set<Part> parts() {
    Set<Part> parts =
        only.isEmpty() ? EnumSet.complementOf(EnumSet.of(Part.PEERS)) : EnumSet.copyOf(only);
    if (peers) {
      parts.add(Part.PEERS);
    }
    return parts;
  }
}
