package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.output.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code slipway monitor performance}, on files alone. */
class PerformanceTest {
  private static final int COUNT = 4_000;

  @TempDir Path folder = Path.of("");
  private Shell shell = new Shell(folder);
  private Path work = folder;

  /** The second half of the predictions is no better than chance. */
  @BeforeEach
  void prepare() throws IOException {
    work = Files.createDirectories(folder.resolve("work"));
    shell = new Shell(folder);
    Random random = new Random(9);
    StringBuilder scored = new StringBuilder("id,week,p,y\n");
    StringBuilder unlabelled = new StringBuilder("id,week,p\n");
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      double p = random.nextDouble();
      int y = random.nextDouble() < (i < COUNT / 2 ? p : 0.5) ? 1 : 0;
      String row = String.format(Locale.ROOT, "%d,w%d,%.6f", i, i / 1_000, p);
      scored.append(row).append(',').append(y).append('\n');
      unlabelled.append(row).append('\n');
      labels.add(i + "," + y);
    }
    Files.writeString(work.resolve("scored.csv"), scored);
    Files.writeString(work.resolve("unlabelled.csv"), unlabelled);
    Collections.shuffle(labels, random);
    Files.writeString(
        work.resolve("labels.csv"), "id,y\n0,1\nnobody,1\n" + String.join("\n", labels) + "\n");
    Files.writeString(
        work.resolve("good.csv"),
        scored.toString().lines().limit(2_001).reduce("", (all, line) -> all + line + "\n"));
  }

  private JsonNode run(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("monitor", "performance"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("-o", "json"));
    Shell.Result result = shell.run(all.toArray(String[]::new));
    assertThat(result.exit()).as(result.err()).isZero();
    return Json.mapper().readTree(result.out());
  }

  @Test
  void labelsOfAnotherFileGiveTheSameCurveInWhateverOrderTheyCome() throws IOException {
    JsonNode beside = run("scored.csv", "--score", "p", "--label", "y", "--by", "week");
    JsonNode joined =
        run(
            "unlabelled.csv",
            "--score",
            "p",
            "--labels",
            "labels.csv",
            "--key",
            "id",
            "--label",
            "y",
            "--by",
            "week");
    assertThat(joined.path("windows")).isEqualTo(beside.path("windows"));
    assertThat(joined.path("orphans").asInt()).isEqualTo(1);
    assertThat(joined.path("revisions").asInt()).isEqualTo(1);
    assertThat(beside.path("windows")).hasSize(4);
    assertThat(beside.path("windows").path(0).path("window").asText()).isEqualTo("w0");
  }

  @Test
  void aDecayIsMeasuredNotEstimatedAndDetected() throws IOException {
    JsonNode document =
        run(
            "scored.csv",
            "--score",
            "p",
            "--label",
            "y",
            "--every",
            "2000",
            "--reference",
            "good.csv");
    JsonNode before = document.path("windows").path(0);
    JsonNode after = document.path("windows").path(1);
    assertThat(before.path("value").asDouble()).isBetween(0.78, 0.88);
    assertThat(after.path("high").asDouble()).isLessThan(0.55);
    assertThat(after.path("estimate").asDouble())
        .isCloseTo(before.path("estimate").asDouble(), within(0.03));
    assertThat(document.path("summary").asText()).contains("blind to concept drift");
    assertThat(document.path("changes").path("ADWIN").path(0).asInt()).isBetween(2_000, 2_700);
    assertThat(document.path("changes").path("DDM").path(0).asInt()).isBetween(2_000, 2_700);
  }

  @Test
  void theLatestWindowDecidesTheExitCode() {
    String[] command = {
      "monitor", "performance", "scored.csv", "--score", "p", "--label", "y", "--bound", "0.7"
    };
    Shell.Result result = shell.run(command);
    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.out().lines())
        .anyMatch(line -> line.matches("WINDOW +PREDICTIONS +LABELLED +VALUE +LOW +HIGH +ESTIMATE"))
        .anyMatch(line -> line.matches("1 +200 +100\\.00% +0\\.\\d{3} .*"))
        .contains(
            "4000 of 4000 predictions have a label; 0 labels were corrected, 0 belong to none.");
    command[2] = "good.csv";
    assertThat(shell.run(command).exit()).isZero();
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThat(
            shell.run("monitor", "performance", "scored.csv", "--score", "q", "--label", "y").err())
        .contains("scored.csv: no column 'q' (expected: one of id, week, p, y)");
    assertThat(
            shell
                .run(
                    "monitor",
                    "performance",
                    "scored.csv",
                    "--score",
                    "p",
                    "--label",
                    "y",
                    "--key",
                    "id")
                .err())
        .contains("--labels and --key belong together");
    assertThat(
            shell
                .run("monitor", "performance", "scored.csv", "--score", "p", "--label", "id")
                .err())
        .contains("label");
    assertThat(
            shell.run("monitor", "performance", "none.csv", "--score", "p", "--label", "y").exit())
        .isEqualTo(3);
  }

  /**
   * NannyML's employment data, whose labels lie in a file of their own: what is measured equals its
   * batch computation, and estimates are at least as near to it as its own. The data are read from
   * the folder that SLIPWAY_DATA names; the numbers are by make_employment.py.
   */
  @ParameterizedTest
  @ValueSource(strings = {"auc", "accuracy", "precision", "recall", "f1"})
  void employmentIsMeasuredAndEstimatedAsByNannyMl(String metric) throws IOException {
    String data =
        System.getProperty("slipway.data", System.getenv().getOrDefault("SLIPWAY_DATA", ""));
    assumeTrue(!data.isEmpty(), "SLIPWAY_DATA names no folder with nannyml/");
    Path given = Path.of(data, "nannyml").toAbsolutePath();
    JsonNode document =
        run(
            given.resolve("employment_MA_analysis.pq").toString(),
            "--score",
            "predicted_probability",
            "--labels",
            given.resolve("employment_MA_analysis_target.pq").toString(),
            "--key",
            "id",
            "--label",
            "employed",
            "--every",
            "5000",
            "--metric",
            metric,
            "--reference",
            given.resolve("employment_MA_reference.pq").toString());
    double ownError = 0;
    double theirError = 0;
    int compared = 0;
    for (String line : lines()) {
      String[] cells = line.split(",", -1);
      if (cells[0].equals(metric)) {
        JsonNode window = document.path("windows").path(Integer.parseInt(cells[1]));
        double measured = Double.parseDouble(cells[3]);
        assertThat(window.path("value").asDouble())
            .as("%s of window %s", metric, cells[1])
            .isCloseTo(measured, within(1e-9));
        theirError += Math.abs(Double.parseDouble(cells[2]) - measured);
        ownError += Math.abs(window.path("estimate").asDouble() - measured);
        compared++;
      }
    }
    assertThat(compared).isEqualTo(42);
    System.out.printf(
        Locale.ROOT,
        "%s of employment: mean error of the estimate %.5f, NannyML's %.5f%n",
        metric,
        ownError / compared,
        theirError / compared);
    assertThat(ownError).isLessThanOrEqualTo(1.02 * theirError);
  }

  private static List<String> lines() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(PerformanceTest.class.getResourceAsStream("employment.csv"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
