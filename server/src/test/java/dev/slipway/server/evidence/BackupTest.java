package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.audit.verify.AuditVerifier;
import dev.slipway.core.audit.verify.Trust;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.audit.FolderTileSource;
import dev.slipway.store.backup.BackupReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup of a server that goes on changing, and a server that is started from it. */
class BackupTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ASK =
      """
      {"inputs": [{"name": "input", "shape": [1, 1], "datatype": "FP32", "data": [3]}]}\
      """;

  @TempDir Path folder;

  @Test
  @Timeout(120)
  void whatIsRestoredAnswersAsBeforeAndItsLogVerifies() throws Exception {
    Path data = folder.resolve("data");
    Path backup;
    String answer;
    try (ServerUnderTest server = ServerUnderTest.start(data, ServerUnderTest.freePort())) {
      server.register("m", "m.txt", new StepModel(1, 2).text());
      assertThat(server.deploy("m", "m", 1).statusCode()).isEqualTo(200);
      answer = outputs(server.post("/v2/models/m/infer", ASK));
      AtomicBoolean stopped = new AtomicBoolean();
      Thread changes =
          Thread.startVirtualThread(
              () -> {
                for (int i = 0; !stopped.get(); i++) {
                  try {
                    server.register("busy", "m.txt", new StepModel(i, i + 1).text());
                  } catch (Exception e) {
                    return;
                  }
                }
              });
      backup = take(server, data);
      stopped.set(true);
      changes.join();
      assertThat(server.register("late", "m.txt", new StepModel(7, 8).text()).statusCode())
          .isEqualTo(201);
    }
    Path restored = folder.resolve("restored");
    BackupReader.restore(backup, restored);
    try (ServerUnderTest server = ServerUnderTest.start(restored, ServerUnderTest.freePort())) {
      assertThat(outputs(server.post("/v2/models/m/infer", ASK))).isEqualTo(answer);
      assertThat(server.get("/api/v1/models/late").statusCode()).isEqualTo(404);
      assertThat(server.register("m", "m.txt", new StepModel(3, 4).text()).statusCode())
          .isEqualTo(201);
      server.stop();
    }
    assertThat(
            AuditVerifier.verify(
                    new FolderTileSource(restored.resolve("audit")),
                    Trust.none(),
                    (read, all) -> {})
                .findings())
        .isEmpty();
    assertRefused(ErrorCode.CONFIGURATION_INVALID, backup, restored);
  }

  @Test
  @Timeout(60)
  void aDamagedBackupRestoresNothing() throws Exception {
    Path data = folder.resolve("data");
    Path backup;
    try (ServerUnderTest server = ServerUnderTest.start(data, ServerUnderTest.freePort())) {
      server.register("m", "m.txt", new StepModel(1, 2).text());
      backup = take(server, data);
    }
    byte[] bytes = Files.readAllBytes(backup);
    Path cut = folder.resolve("cut.zip");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length - 100));
    assertRefused(ErrorCode.STORE_CORRUPT, cut, folder.resolve("a"));
    Path flipped = folder.resolve("flipped.zip");
    bytes[bytes.length / 2] ^= 1;
    Files.write(flipped, bytes, StandardOpenOption.CREATE_NEW);
    assertRefused(ErrorCode.STORE_CORRUPT, flipped, folder.resolve("b"));
    assertThat(folder.resolve("a")).doesNotExist();
    assertThat(folder.resolve("b")).doesNotExist();
  }

  private static void assertRefused(ErrorCode code, Path backup, Path target) {
    assertThatThrownBy(() -> BackupReader.restore(backup, target))
        .isInstanceOfSatisfying(SlipwayException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static Path take(ServerUnderTest server, Path data) throws Exception {
    HttpResponse<String> taken =
        server.send(
            server
                .request("/api/v1/backups")
                .header(
                    "authorization",
                    "Bearer " + Files.readString(data.resolve("admin.token")).strip())
                .POST(BodyPublishers.noBody())
                .build());
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
    return data.resolve("backups").resolve(JSON.readTree(taken.body()).path("name").asText());
  }

  private static String outputs(HttpResponse<String> response) throws Exception {
    JsonNode body = JSON.readTree(response.body());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return body.path("outputs").toString();
  }
}
