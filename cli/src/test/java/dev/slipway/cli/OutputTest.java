package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.Environment.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is printed where, in each format. */
class OutputTest {
  @TempDir Path folder = Path.of("");
  private final ControlApiServer server = new ControlApiServer();
  private Shell shell = new Shell(folder);

  @BeforeEach
  void deployTwoVersions() throws IOException {
    Files.createDirectories(folder.resolve("work"));
    shell = new Shell(folder).with("SLIPWAY_URL", server.url());
    server.register("fraud");
    server.register("fraud");
    server.deploy("fraud", 1, "fraud");
    server.deploy("fraud", 2, "fraud");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void tableIsAlignedAndFreeOfEscapesOffATerminal() {
    assertThat(shell.run("deployment", "list"))
        .isEqualTo(
            new Shell.Result(
                0,
                """
                NAME   SERVES   ENV  STATE  PREVIOUS  CHANGED
                fraud  fraud/2  dev  READY  fraud/1   2026-11-24T10:00:00Z
                """,
                ""));
  }

  @Test
  void wideAddsColumns() {
    assertThat(shell.run("deployment", "list", "-o", "wide").out())
        .isEqualTo(
            """
            NAME   SERVES   ENV  STATE  PREVIOUS  CHANGED               ENGINE  SCHEDULING  REVISION  DIGEST               REASON
            fraud  fraud/2  dev  READY  fraud/1   2026-11-24T10:00:00Z  trees   inline      2         sha256:96a296d224f2  -
            """);
  }

  @Test
  void jsonIsTheServersDocumentInAnArray() {
    assertThat(shell.run("deployment", "list", "-o", "json").out())
        .isEqualTo(
            """
            [
              {
                "name" : "fraud",
                "environment" : "dev",
                "model" : "fraud",
                "version" : 2,
                "previous_version" : 1,
                "revision" : 2,
                "state" : "READY",
                "reason" : "",
                "engine" : "trees",
                "scheduling" : "inline",
                "digest" : "sha256:96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "changed_at" : "2026-11-24T10:00:00.123456Z"
              }
            ]
            """);
  }

  @Test
  void jsonlIsOneDocumentALine() {
    server.deploy("fraud", 1, "other");

    String out = shell.run("deployment", "list", "-o", "jsonl").out();

    assertThat(out.lines()).hasSize(2).allMatch(line -> line.startsWith("{\"name\":\""));
  }

  @Test
  void yamlReadsWithoutNoise() {
    assertThat(shell.run("deployment", "get", "fraud", "-o", "yaml").out())
        .isEqualTo(
            """
            name: fraud
            environment: dev
            model: fraud
            version: 2
            previous_version: 1
            revision: 2
            state: READY
            reason: ""
            engine: trees
            scheduling: inline
            digest: sha256:96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7
            changed_at: 2026-11-24T10:00:00.123456Z
            """);
  }

  @Test
  void nameIsWhatTheNextCommandTakes() {
    assertThat(shell.run("model", "get", "fraud/2", "-o", "name").out()).isEqualTo("fraud/2\n");
    assertThat(shell.run("deployment", "list", "-o", "name").out()).isEqualTo("fraud\n");
  }

  @Test
  void modelShowsItsVersions() {
    assertThat(shell.run("model", "get", "fraud").out())
        .isEqualTo(
            """
            Model        fraud
            Latest       2
            Created      2026-11-24T10:00:00Z

            VERSION  FORMAT  SIZE  REGISTERED            DIGEST
            fraud/1  ONNX    14 B  2026-11-24T10:00:00Z  sha256:8b71de431084
            fraud/2  ONNX    14 B  2026-11-24T10:00:00Z  sha256:8b71de431084
            """);
  }

  @Test
  void versionShowsSignatureAndSettings() {
    assertThat(shell.run("model", "get", "fraud/1").out())
        .isEqualTo(
            """
            Version      fraud/1
            Description  from model.onnx
            Format       ONNX
            Size         14 B
            Digest       sha256:8b71de431084e34ac37ad0625d3718880f9a30db38757b6f5d725464009c2e7a
            Registered   2026-11-24T10:00:00Z

            TENSOR  NAME   DATATYPE  SHAPE    FIELDS
            input   input  FP32      [-1, 2]  amount, hour
            output  sum    FP64      [-1]     -

            SETTING               VALUE
            batch.max_batch_size  64
            """);
  }

  @Test
  void deploymentIsShownAtLength() {
    assertThat(shell.run("deployment", "get", "fraud").out())
        .isEqualTo(
            """
            Deployment   fraud
            Environment  dev
            Serves       fraud/2
            State        READY
            Previous     fraud/1
            Engine       trees
            Scheduling   inline
            Digest       sha256:96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7
            Revision     2
            Changed      2026-11-24T10:00:00Z
            """);
  }

  @Test
  void profileRoundsItsFiguresAndNamesWhatIsMissing() {
    assertThat(shell.run("model", "profile", "fraud/1").out())
        .isEqualTo(
            """
            ENGINE  PROVIDER  BATCH  THREADS  MICROS/RUN  ROWS/S
            trees   cpu       1      1        1.1         941176
            onnx    cpu       32     2        118.3       270613
            cuda is not available: no device

            Recommended
            Engine       trees
            Provider     cpu
            Max batch    64
            Threads      1
            Scheduling   inline
            Why          fastest at every batch
            """);
  }

  @Test
  void emptyListPrintsNothingAndSaysWhatToDoOnStderr() {
    try (ControlApiServer empty = new ControlApiServer()) {
      Shell.Result result = shell.with("SLIPWAY_URL", empty.url()).run("model", "list");

      assertThat(result.out()).isEmpty();
      assertThat(result.err())
          .isEqualTo("no models yet; slipway model register PATH --name NAME\n");
      assertThat(shell.run("model", "list", "-o", "json").out()).isEqualTo("[ ]\n");
      assertThat(shell.run("model", "list", "-q").err()).isEmpty();
    }
  }

  @Test
  void listsFollowTheirPagesUpToTheLimit() {
    for (int i = 0; i < 250; i++) {
      server.register("m%03d".formatted(i));
    }

    assertThat(shell.run("model", "list", "-o", "name").out().lines()).hasSize(251);
    assertThat(server.requests())
        .containsSubsequence(
            "GET /api/v1/models?page_size=100",
            "GET /api/v1/models?page_size=100&page_token=100",
            "GET /api/v1/models?page_size=100&page_token=200");
    assertThat(shell.run("model", "list", "-o", "name", "--limit", "120").out().lines())
        .hasSize(120)
        .last()
        .isEqualTo("m118");
    assertThat(server.requests().getLast())
        .isEqualTo("GET /api/v1/models?page_size=20&page_token=100");
  }

  @Test
  void terminalGetsColour() {
    assertThat(shell.onTerminal(Stream.OUT).run("deployment", "list").out())
        .startsWith("\u001b[1mNAME\u001b[0m   \u001b[1mSERVES\u001b[0m")
        .contains("\u001b[32mREADY\u001b[0m");
  }

  @Test
  void noColorAndDumbTerminalsGetNone() {
    shell.onTerminal(Stream.OUT, Stream.ERR);

    assertThat(shell.with("NO_COLOR", "1").run("deployment", "list").out())
        .doesNotContain("\u001b");
    assertThat(shell.run("--help").out()).doesNotContain("\u001b");
    shell.with("NO_COLOR", "").with("TERM", "dumb");
    assertThat(shell.run("deployment", "list").out()).doesNotContain("\u001b");
  }

  @Test
  void clicolorForceColoursAPipeUnlessNoColorForbidsIt() {
    shell.with("CLICOLOR_FORCE", "1");

    assertThat(shell.run("deployment", "list").out()).contains("\u001b[32mREADY\u001b[0m");
    assertThat(shell.run("no-such-command").err()).startsWith("\u001b[31merror:\u001b[0m");
    assertThat(shell.with("NO_COLOR", "1").run("deployment", "list").out())
        .doesNotContain("\u001b");
  }

  @Test
  void jsonIsNeverColoured() {
    assertThat(shell.onTerminal(Stream.OUT).run("deployment", "list", "-o", "json").out())
        .doesNotContain("\u001b");
  }

  @Test
  void watchPrintsAgainWhenSomethingChanged() {
    server.loadSlowly(3);
    server.deploy("fraud", 1, "slow");
    Thread watch =
        Thread.ofVirtual()
            .start(
                () -> {
                  await(() -> count("GET /api/v1/deployments/slow") >= 4);
                  server.refuse(404, "NOT_FOUND");
                });

    Shell.Result result =
        shell.run("deployment", "get", "slow", "-o", "jsonl", "--watch", "--interval", "10ms");

    assertThat(watch).isNotNull();
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out().lines())
        .hasSize(2)
        .satisfiesExactly(
            line -> assertThat(line).contains("LOADING"),
            line -> assertThat(line).contains("READY"));
  }

  private long count(String request) {
    return server.requests().stream().filter(request::equals).count();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for more than 20 s").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
