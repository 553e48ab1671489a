package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.output.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code slipway monitor}, on files alone. */
class MonitorTest {
  /** Whatever the header of a file may hold: markup, quotes, a turned direction. */
  private static final String HOSTILE = "</title><script>alert(1)</script>\u202e' onload=x";

  @TempDir Path folder = Path.of("");
  private Shell shell = new Shell(folder);
  private Path work = folder;

  @BeforeEach
  void prepare() throws IOException {
    work = Files.createDirectories(folder.resolve("work"));
    shell = new Shell(folder);
    Random random = new Random(5);
    Files.writeString(work.resolve("before.csv"), rows(random, 2_000, 0, "no"));
    Files.writeString(work.resolve("same.csv"), rows(random, 2_000, 0, "no"));
    Files.writeString(work.resolve("moved.csv"), rows(random, 2_000, 2, "new"));
  }

  @Test
  void whatMovedDriftsAndWhatDidNotDoesNot() throws IOException {
    Shell.Result result = drift("moved.csv", "-o", "json");

    assertThat(result.exit()).as(result.err()).isZero();
    JsonNode document = Json.mapper().readTree(result.out());
    assertThat(document.path("drift").asBoolean()).isTrue();
    assertThat(document.path("drifted").asInt()).isEqualTo(2);
    assertThat(feature(document, "amount").path("psi").asDouble()).isGreaterThan(1);
    assertThat(feature(document, "kind").path("quality").path("current").path("unseen").asDouble())
        .isEqualTo(0.5);
    assertThat(feature(document, "steady").path("drift").asBoolean()).isFalse();
    assertThat(feature(document, "steady").path("verdict").asText()).startsWith("No drift (PSI");
    assertThat(feature(document, "steady").path("reference_rows").asInt()).isEqualTo(2_000);
  }

  @Test
  void onlyFailOnDriftMakesDriftAFailure() {
    assertThat(drift("moved.csv").exit()).isZero();
    assertThat(drift("moved.csv", "--fail-on-drift").exit()).isEqualTo(5);
    assertThat(drift("same.csv", "--fail-on-drift").exit()).isZero();
    assertThat(drift("moved.csv", "--fail-on-drift", "--columns", "steady").exit()).isZero();
    assertThat(drift("moved.csv", "--fail-on-drift", "--threshold", "1000").exit()).isZero();
  }

  @Test
  void aColumnThatIsGoneIsToldAndFails() throws IOException {
    Files.writeString(work.resolve("less.csv"), "steady\n1\n2\n3\n");

    Shell.Result result = drift("less.csv", "--threshold", "1000", "--fail-on-drift");

    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.err()).contains("amount: not in less.csv", "kind: not in less.csv");
  }

  @Test
  void theTableTellsTheVerdictAndN() {
    Shell.Result result = drift("moved.csv");

    assertThat(result.out().lines())
        .anyMatch(line -> line.matches("FEATURE +VERDICT +N REF +N NOW +PSI .*"))
        .anyMatch(line -> line.matches("amount +drift +2000 +2000 +\\d+\\.\\d{3} +0\\.100 .*"))
        .anyMatch(line -> line.matches("steady +- +2000 +2000 .*"))
        .contains("2 of 3 features drift.");
    assertThat(drift("moved.csv", "-o", "name").out()).isEqualTo("drift\n");
    assertThat(drift("same.csv", "-o", "name").out()).isEqualTo("no-drift\n");
  }

  @Test
  void evidentlyModeTellsItsTests() throws IOException {
    Shell.Result result = drift("moved.csv", "--mode", "evidently-compat", "-o", "json");

    assertThat(result.exit()).as(result.err()).isZero();
    JsonNode document = Json.mapper().readTree(result.out());
    assertThat(feature(document, "amount").path("test").asText()).isEqualTo("wasserstein");
    assertThat(feature(document, "kind").path("test").asText()).isEqualTo("jensenshannon");
    assertThat(document.path("drift").asBoolean()).as("2 of 3 are half").isTrue();
    assertThat(drift("same.csv", "--mode", "evidently-compat", "--fail-on-drift").exit()).isZero();
    assertThat(drift("moved.csv", "--mode", "evidently-compat", "--fail-on-drift").exit())
        .isEqualTo(5);
    assertThat(drift("moved.csv", "--mode", "evidently-compat", "--bins", "5").exit()).isEqualTo(2);
  }

  @Test
  void numbersThatAreNamesCanBeSaidToBe() throws IOException {
    Shell.Result result = drift("same.csv", "--categorical", "steady", "-o", "json");

    assertThat(feature(Json.mapper().readTree(result.out()), "steady").path("type").asText())
        .isEqualTo("categorical");
  }

  @Test
  void mistakesAreToldWithTheirExitCodes() throws IOException {
    Files.writeString(work.resolve("empty.csv"), "amount\n");
    assertThat(drift("absent.csv").exit()).isEqualTo(3);
    assertThat(drift("same.csv", "--columns", "amonut").exit()).isEqualTo(2);
    assertThat(drift("same.csv", "--columns", "amonut").err())
        .contains("no column 'amonut' (expected: one of amount, steady, kind)");
    assertThat(drift("same.csv", "--bins", "1").exit()).isEqualTo(2);
    assertThat(drift("same.csv", "--threshold", "-1").exit()).isEqualTo(2);
    assertThat(drift("same.csv", "--mode", "other").exit()).isEqualTo(2);
    assertThat(drift("empty.csv").exit()).isEqualTo(1);
    assertThat(drift("empty.csv").err()).contains("no rows (expected: at least one)");
  }

  @Test
  void qualityTellsWhatIsMissingInvalidAndNew() throws IOException {
    Files.writeString(work.resolve("a.csv"), "x,t\n1,a\n2,b\n3,a\n4,b\n");
    Files.writeString(work.resolve("b.csv"), "x,t\n1,a\n,c\nNaN,\n9,b\n");

    Shell.Result json = shell.run("monitor", "quality", "a.csv", "b.csv", "-o", "json");
    JsonNode document = Json.mapper().readTree(json.out());

    JsonNode x = feature(document, "x").path("current");
    assertThat(x.path("missing").asDouble()).isEqualTo(0.25);
    assertThat(x.path("invalid").asDouble()).isEqualTo(0.25);
    assertThat(x.path("out_of_range").asDouble()).isEqualTo(0.25);
    JsonNode t = feature(document, "t").path("current");
    assertThat(t.path("missing").asDouble()).isEqualTo(0.25);
    assertThat(t.path("unseen").asDouble()).isEqualTo(0.25);
    assertThat(shell.run("monitor", "quality", "a.csv", "b.csv").out()).contains("0.00% -> 25.00%");
  }

  @Test
  void thePageNeedsNothingElseAndNothingInItRuns() throws IOException {
    Files.writeString(work.resolve("x.csv"), HOSTILE + ",<b>\n" + "1,<i>\n2,&amp;\n".repeat(50));
    Files.writeString(work.resolve("y.csv"), HOSTILE + ",<b>\n" + "3,<i>\n,\"\n".repeat(50));

    Shell.Result result = shell.run("monitor", "drift", "x.csv", "y.csv", "--html", "out/d.html");

    assertThat(result.exit()).as(result.err()).isZero();
    String page = Files.readString(work.resolve("out/d.html"), StandardCharsets.UTF_8);
    assertThat(page)
        .contains("default-src 'none'", "&#60;script&#62;alert(1)", "n reference", "100")
        .doesNotContain("<script", "http:", "https:", "url(", "@import", "\u202e", "<i>", "<b>");
    assertThat(page).contains("missing, before 0%");
    assertThat(Pattern.compile("<(svg|section)[ >]").matcher(page).results().count()).isEqualTo(4);
  }

  @Test
  void thePageIsBoundedHoweverManyColumnsThereAre() throws IOException {
    int columns = 1_500;
    StringBuilder wide = new StringBuilder();
    for (int i = 0; i < columns; i++) {
      wide.append(i == 0 ? "" : ",").append("c".repeat(200)).append(i);
    }
    Random random = new Random(1);
    for (int row = 0; row < 90; row++) {
      for (int i = 0; i < columns; i++) {
        wide.append(i == 0 ? "\n" : ",").append(random.nextInt(100_000));
      }
    }
    Files.writeString(work.resolve("wide.csv"), wide.append('\n'));

    Shell.Result result =
        shell.run(
            "monitor", "drift", "wide.csv", "wide.csv", "--bins", "1000", "--html", "d.html", "-q");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(Files.size(work.resolve("d.html"))).isLessThan(4_000_000);
    assertThat(Files.readString(work.resolve("d.html")))
        .contains("Histograms of the first 100 features only.", "The first 1000 of 1500 features.");
  }

  private Shell.Result drift(String current, String... more) {
    String[] arguments = new String[4 + more.length];
    System.arraycopy(new String[] {"monitor", "drift", "before.csv", current}, 0, arguments, 0, 4);
    System.arraycopy(more, 0, arguments, 4, more.length);
    return shell.run(arguments);
  }

  private static JsonNode feature(JsonNode document, String name) {
    for (JsonNode feature : document.path("features")) {
      if (feature.path("feature").asText().equals(name)) {
        return feature;
      }
    }
    throw new AssertionError(name + " is not in " + document);
  }

  private static String rows(Random random, int rows, double shift, String kind) {
    StringBuilder text = new StringBuilder("amount,steady,kind\n");
    for (int i = 0; i < rows; i++) {
      text.append(random.nextGaussian() + shift)
          .append(',')
          .append(random.nextInt(30))
          .append(',')
          .append(i % 2 == 0 ? "yes" : kind)
          .append('\n');
    }
    return text.toString();
  }
}
