package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.Environment.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Undo, and the question it asks on a terminal; the dry runs of undo and deploy. */
class UndoTest {
  @TempDir Path folder = Path.of("");
  private final ControlApiServer server = new ControlApiServer();
  private Shell shell = new Shell(folder);

  @BeforeEach
  void deploy() throws IOException {
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
  void twiceIsRedo() {
    assertThat(shell.run("undo", "fraud").exit()).isZero();
    assertThat(served()).isEqualTo("fraud/1");
    assertThat(shell.run("undo", "fraud").exit()).isZero();
    assertThat(served()).isEqualTo("fraud/2");
  }

  @Test
  void terminalIsAskedAndMaySayNo() {
    shell.onTerminal(Stream.IN, Stream.OUT, Stream.ERR).with("NO_COLOR", "1");

    Shell.Result no = shell.typing("n\n").run("undo", "fraud");

    assertThat(no.exit()).isEqualTo(1);
    assertThat(no.err()).startsWith("fraud would serve fraud/1 instead of fraud/2. Go on? [y/N] ");
    assertThat(served()).isEqualTo("fraud/2");
    assertThat(shell.typing("").run("undo", "fraud").exit()).isEqualTo(1);
    assertThat(shell.typing("y\n").run("undo", "fraud").exit()).isZero();
    assertThat(served()).isEqualTo("fraud/1");
  }

  @Test
  void terminalIsNotAskedWithYesOrNoInput() {
    shell.onTerminal(Stream.IN, Stream.OUT, Stream.ERR).typing("n\n");

    assertThat(shell.run("undo", "fraud", "--yes").exit()).isZero();
    assertThat(served()).isEqualTo("fraud/1");
    assertThat(shell.run("undo", "fraud", "--no-input").exit()).isZero();
    assertThat(served()).isEqualTo("fraud/2");
  }

  @Test
  void dryRunsChangeNothing() {
    Shell.Result undo = shell.run("undo", "fraud", "--dry-run");
    Shell.Result deploy = shell.run("deploy", "fraud/1", "--to", "fraud", "--dry-run");

    assertThat(undo.err())
        .isEqualTo("dry run: fraud would serve fraud/1 instead of fraud/2; nothing was changed\n");
    assertThat(deploy.err()).isEqualTo("dry run: fraud would serve fraud/1; nothing was changed\n");
    assertThat(served()).isEqualTo("fraud/2");
    assertThat(shell.run("deploy", "fraud/9", "--to", "fraud", "--dry-run").exit()).isEqualTo(3);
  }

  @Test
  void nothingToUndoIsToldTheSameWayWithAndWithoutDryRun() {
    server.deploy("fraud", 1, "new");

    for (String[] line : new String[][] {{"undo", "new"}, {"undo", "new", "--dry-run"}}) {
      Shell.Result result = shell.run(line);
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err()).contains("next:       slipway deployment get new");
    }
    Shell.Result missing = shell.run("undo", "nobody");
    assertThat(missing.exit()).isEqualTo(3);
    assertThat(missing.err()).contains("next:       slipway deployment list");
  }

  private String served() {
    String json = shell.run("deployment", "get", "fraud", "-o", "jsonl").out();
    return json.replaceAll(".*\"model\":\"(\\w+)\",\"version\":(\\d+).*\\n", "$1/$2");
  }
}
