package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookCommandTest {
  @TempDir Path folder = Path.of("");
  private final ControlApiServer server = new ControlApiServer();
  private Shell shell = new Shell(folder);

  @BeforeEach
  void prepare() throws IOException {
    Files.createDirectories(folder.resolve("work"));
    shell = new Shell(folder).with("SLIPWAY_URL", server.url());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theSecretIsPrintedWhenItIsMadeAndNeverAgain() {
    Shell.Result made = shell.run("webhook", "create", "https://a.example/x", "-o", "name");
    assertThat(made.exit()).as(made.err()).isZero();
    assertThat(made.out()).isEqualTo("whsec_once\n");
    shell.run("webhook", "create", "https://b.example/x", "--event", "policy.activated");

    Shell.Result list = shell.run("webhook", "list");
    assertThat(list.out().lines())
        .anyMatch(
            line ->
                line.matches(
                    "1 +https://a\\.example/x"
                        + " +\\[\"promotion\\.\\*\",\"policy\\.\\*\",\"protection\\.\\*\"].*"))
        .anyMatch(line -> line.matches("2 +https://b\\.example/x +\\[\"policy\\.activated\"].*"));
    assertThat(list.out()).doesNotContain("whsec");
  }

  @Test
  void oneIsDeletedByItsNumber() {
    shell.run("webhook", "create", "https://a.example/x");

    assertThat(shell.run("webhook", "delete", "1").exit()).isZero();
    assertThat(shell.run("webhook", "delete", "1").exit()).isEqualTo(3);
    assertThat(shell.run("webhook", "list").err()).contains("no webhooks");
  }
}
