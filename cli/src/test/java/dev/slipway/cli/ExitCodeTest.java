package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every exit code, and what an error tells. 130 is shown by the launcher's test. */
class ExitCodeTest {
  @TempDir Path folder = Path.of("");
  private final ControlApiServer server = new ControlApiServer();
  private Shell shell = new Shell(folder);

  @BeforeEach
  void register() throws IOException {
    Files.createDirectories(folder.resolve("work"));
    shell = new Shell(folder).with("SLIPWAY_URL", server.url());
    server.register("fraud");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void errorTellsWhatWhyNextAndTheRequest() {
    Shell.Result result = shell.run("deploy", "fraud/9", "--to", "fraud");

    assertThat(result)
        .isEqualTo(
            new Shell.Result(
                3,
                "",
                """
                error: could not deploy fraud/9 to fraud
                  why:        NOT_FOUND: version: fraud/9 does not exist
                  next:       slipway model get fraud
                  request id: req-1
                """));
  }

  @ParameterizedTest
  @CsvSource({
    "409, NOTHING_TO_UNDO, 1",
    "422, MODEL_INVALID, 1",
    "429, RATE_LIMITED, 1",
    "500, INTERNAL, 1",
    "404, NOT_FOUND, 3",
    "401, UNAUTHENTICATED, 4",
    "403, PERMISSION_DENIED, 4",
    "403, POLICY_UNMET, 5",
    "409, GATE_FAILED, 5",
    "503, NOT_READY, 6",
    "502, UPSTREAM_FAILED, 6",
    "500, STORE_CORRUPT, 7",
    "503, DEADLINE_EXCEEDED, 8",
    "504, SOMETHING_NEWER, 8",
    "418, SOMETHING_NEWER, 1"
  })
  void codesOfTheServerBecomeExitCodes(int status, String code, int exit) {
    server.refuse(status, code);

    Shell.Result result = shell.run("model", "list");

    assertThat(result.exit()).isEqualTo(exit);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("could not list the models", code + ": it was told to refuse", "req-1");
  }

  @Test
  void retryAfterIsPassedOn() {
    server.refuse(429, "RATE_LIMITED");

    assertThat(shell.run("model", "list").err()).contains("next:       the same again in 3 s");
  }

  @Test
  void nobodyListeningNamesTheWayToStart() {
    server.close();

    Shell.Result result = shell.run("model", "list");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .contains("no server answers at " + server.url(), "next:       slipway up");
  }

  @Test
  void lateAnswerIsATimeout() {
    server.delay(3000);

    Shell.Result result = shell.run("model", "list", "--timeout", "100ms");

    assertThat(result.exit()).isEqualTo(8);
    assertThat(result.err()).contains("no answer of " + server.url() + " within 100ms");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model lst | Unmatched argument",
        "deploy fraud --to x | model version: 'fraud' (expected: NAME/VERSION)",
        "deploy fraud/0 --to x | model version: 'fraud/0' (expected: NAME/VERSION)",
        "deploy fraud/1 | Missing required option: '--to=DEPLOYMENT'",
        "model list -o xml | xml",
        "model list --limit -1 | --limit: -1 (expected: >= 0)",
        "model list --timeout soon | --timeout: 'soon' (expected: a whole number",
        "model list --url ftp://x | --url: 'ftp://x' (expected: such as http://localhost:8080)",
        "model get fraud --watch --interval never | --interval: 'never'",
        "predict fraud | Missing required argument",
        "predict fraud --example --row 1,2 | mutually exclusive",
        "up --demo chess | chess",
        "up --port 70000 | --port: '70000' (expected: 0 to 65535)",
        "model | a command is missing",
        "completion tcsh | tcsh"
      })
  void usageErrorsNameTheArgument(String line, String why) {
    Shell.Result result = shell.run(line.split(" ", -1));

    assertThat(result.exit()).as(result.err()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains(why, "  next:       ");
  }

  @Test
  void waitGoesOnUntilTheVersionIsReady() {
    server.loadSlowly(3);

    Shell.Result result = shell.run("deploy", "fraud/1", "--to", "f", "--wait", "-o", "json");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("\"state\" : \"READY\"");
    assertThat(server.requests()).contains("GET /api/v1/deployments/f");
  }

  @Test
  void waitEndsWithATimeout() {
    server.loadSlowly(1_000_000);

    Shell.Result result =
        shell.run("deploy", "fraud/1", "--to", "f", "--wait", "--timeout", "300ms");

    assertThat(result.exit()).isEqualTo(8);
    assertThat(result.err()).contains("still LOADING after 300ms");
  }

  @Test
  void versionThatCannotBeServedIsDegraded() {
    server.failLoads();

    Shell.Result result = shell.run("deploy", "fraud/1", "--to", "f", "--wait");

    assertThat(result.exit()).isEqualTo(6);
    assertThat(result.out()).contains("State        UNAVAILABLE");
    assertThat(result.err())
        .contains("fraud/1 cannot be served: out of memory", "next:       slipway undo f");
  }

  @Test
  void anotherProgramOnThePortIsRecognised() throws IOException {
    var other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, 6);
          exchange.getResponseBody().write("<html>".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    other.start();
    try {
      Shell.Result result =
          shell.run("model", "list", "--url", "http://127.0.0.1:" + other.getAddress().getPort());

      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err()).contains("answered with text/html (expected: JSON)");
    } finally {
      other.stop(0);
    }
  }
}
