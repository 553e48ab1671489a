package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @TempDir Path folder = Path.of("");
  private final ControlApiServer server = new ControlApiServer();
  private Shell shell = new Shell(folder);

  @BeforeEach
  void folders() throws IOException {
    Files.createDirectories(folder.resolve("work"));
    shell = new Shell(folder).with("SLIPWAY_URL", server.url());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void healthyMachineAndServerEndWithZero() {
    Shell.Result result = shell.run("doctor", "-o", "name");

    assertThat(result.exit()).as(shell.run("doctor").out()).isZero();
    assertThat(result.out()).isEqualTo("jdk\ndisk\nport\nserver\nversion\nclock\nstore\n");
  }

  @Test
  void failedCheckOfTheServerIsDegradedAndNamesTheMend() {
    server.doctorStatus("failed");

    Shell.Result result = shell.run("doctor");

    assertThat(result.exit()).isEqualTo(6);
    assertThat(result.out().lines())
        .last()
        .asString()
        .matches("server +store +failed +schema 3 +restore it");
  }

  @Test
  void warningAloneIsNotDegraded() {
    server.doctorStatus("warning");

    assertThat(shell.run("doctor").exit()).isZero();
  }

  @Test
  void absentServerIsDegraded() {
    server.close();

    Shell.Result result = shell.run("doctor", "-o", "jsonl");

    assertThat(result.exit()).isEqualTo(6);
    assertThat(result.out())
        .contains("\"name\":\"port\",\"status\":\"failed\"", "start the server with slipway up");
  }

  @Test
  void dataFolderThatIsAFileIsRefused() throws IOException {
    Files.createFile(folder.resolve("work/state"));

    Shell.Result result = shell.with("SLIPWAY_DATA", "state").run("doctor", "-o", "jsonl");

    assertThat(result.exit()).isEqualTo(6);
    assertThat(result.out())
        .contains("\"name\":\"disk\",\"status\":\"failed\"", "slipway up --data DIR");
  }

  @Test
  void versionNamesBothSidesAndDoesWithoutAServer() {
    assertThat(shell.run("version").out())
        .isEqualTo(
            "slipway  %s (Java %s)%nserver   %1$s at %s%n"
                .formatted(Version.number(), Runtime.version(), server.url()));
    server.close();
    Shell.Result alone = shell.run("version", "-o", "json");
    assertThat(alone.exit()).isZero();
    assertThat(alone.out()).contains("\"server\" : null");
    assertThat(Version.number()).matches("\\d+\\.\\d+\\.\\d+");
  }
}
