package dev.slipway.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What arrives at the server when a model is registered. */
class ModelRegisterTest {
  @TempDir Path folder = Path.of("");
  private final ControlApiServer server = new ControlApiServer();
  private Shell shell = new Shell(folder);
  private Path work = folder;

  @BeforeEach
  void prepare() throws IOException {
    work = Files.createDirectories(folder.resolve("work"));
    shell = new Shell(folder).with("SLIPWAY_URL", server.url());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void singleFileArrivesAsItIs() throws IOException {
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    Files.write(work.resolve("my model.onnx"), bytes);

    Shell.Result result =
        shell.run("model", "register", "my model.onnx", "--name", "fraud", "-o", "name");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo("fraud/1\n");
    assertThat(result.err()).isEqualTo("next: slipway deploy fraud/1 --to fraud\n");
    assertThat(server.lastUpload()).containsOnlyKeys("my model.onnx");
    assertThat(server.lastUpload().get("my model.onnx")).isEqualTo(bytes);
    assertThat(server.lastQuery()).startsWith("dry_run=false");
  }

  @Test
  void descriptionBesideTheFileGoesAlongAndNothingElse() throws IOException {
    Files.writeString(work.resolve("a.onnx"), "model a");
    Files.writeString(work.resolve("b.onnx"), "model b");
    Files.writeString(work.resolve("slipway-model.yaml"), "description: A");

    shell.run("model", "register", "a.onnx", "--name", "fraud");

    assertThat(server.lastUpload()).containsOnlyKeys("a.onnx", "slipway-model.yaml");
    assertThat(server.lastUpload().get("slipway-model.yaml"))
        .isEqualTo("description: A".getBytes(UTF_8));
  }

  @Test
  void folderArrivesWholeWithoutItsHiddenFiles() throws IOException {
    byte[] weights = new byte[1_000_000];
    new Random(2).nextBytes(weights);
    Path model = Files.createDirectories(work.resolve("export/data"));
    Files.write(model.resolve("weights.bin"), weights);
    Files.writeString(work.resolve("export/model.onnx"), "model");
    Files.writeString(work.resolve("export/empty.txt"), "");
    Files.createDirectories(work.resolve("export/.git"));
    Files.writeString(work.resolve("export/.git/HEAD"), "x");
    Files.writeString(work.resolve("export/.DS_Store"), "x");

    Shell.Result result = shell.run("model", "register", "export", "--name", "fraud");

    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(server.lastUpload()).containsOnlyKeys("data/weights.bin", "empty.txt", "model.onnx");
    assertThat(server.lastUpload().get("data/weights.bin")).isEqualTo(weights);
  }

  @Test
  void folderBelowAHiddenOneIsStillRead() throws IOException {
    Path model = Files.createDirectories(work.resolve(".cache/export"));
    Files.writeString(model.resolve("model.onnx"), "model");

    assertThat(shell.run("model", "register", ".cache/export", "--name", "m").exit()).isZero();
    assertThat(server.lastUpload()).containsOnlyKeys("model.onnx");
  }

  @Test
  void dryRunKeepsNothing() throws IOException {
    Files.writeString(work.resolve("a.onnx"), "model");

    Shell.Result result =
        shell.run("model", "register", "a.onnx", "--name", "fraud", "--dry-run", "-o", "name");

    assertThat(result.out()).isEqualTo("fraud/1\n");
    assertThat(result.err()).isEqualTo("dry run: nothing was kept\n");
    assertThat(shell.run("model", "list", "-o", "name").out()).isEmpty();
  }

  @Test
  void refusalIsTold() throws IOException {
    Files.writeString(work.resolve("a.pkl"), "pickle");

    Shell.Result result = shell.run("model", "register", "a.pkl", "--name", "fraud");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .contains(
            "could not register a.pkl as fraud",
            "FORMAT_UNSUPPORTED: [a.pkl]: not a model that can be served (expected: .onnx)");
  }

  @Test
  void whatIsNotThereIsNotFound() throws IOException {
    Shell.Result missing = shell.run("model", "register", "a.onnx", "--name", "fraud");
    Files.createDirectories(work.resolve("empty"));
    Shell.Result empty = shell.run("model", "register", "empty", "--name", "fraud");

    assertThat(missing.exit()).isEqualTo(3);
    assertThat(missing.err()).contains("a.onnx: no such file or folder");
    assertThat(empty.exit()).isEqualTo(1);
    assertThat(empty.err()).contains("the folder holds no file");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void emptyFileIsSentAndLeftToTheServer() throws IOException {
    Files.writeString(work.resolve("a.onnx"), "");

    assertThat(shell.run("model", "register", "a.onnx", "--name", "fraud").exit()).isZero();
    assertThat(server.lastUpload().get("a.onnx")).isEmpty();
  }
}
