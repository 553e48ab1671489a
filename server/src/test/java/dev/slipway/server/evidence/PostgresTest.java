package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.audit.verify.AuditVerifier;
import dev.slipway.core.audit.verify.Trust;
import dev.slipway.store.audit.FolderTileSource;
import dev.slipway.testkit.store.RealPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The assembled server on a real PostgreSQL. */
class PostgresTest {
  private static final String ASK =
      """
      {"inputs": [{"name": "input", "shape": [1, 1], "datatype": "FP32", "data": [3]}]}\
      """;

  @TempDir Path folder;

  @Test
  @Timeout(120)
  void servingGoesOnWithoutTheDatabaseAndNothingIsLost() throws Exception {
    RealPostgres postgres = RealPostgres.shared();
    postgres.create("assembled");
    Path data = folder.resolve("data");
    String[] settings = {"--database-url=" + postgres.url("assembled"), "--database-user=postgres"};
    try (ServerUnderTest server =
        ServerUnderTest.start(data, ServerUnderTest.freePort(), settings)) {
      assertThat(server.register("m", "m.txt", new StepModel(1, 2).text()).statusCode())
          .isEqualTo(201);
      assertThat(server.deploy("m", "m", 1).statusCode()).isEqualTo(200);

      postgres.allowConnections("assembled", false);
      assertThat(server.register("m", "m.txt", new StepModel(3, 4).text()).statusCode())
          .isEqualTo(503);
      assertThat(server.get("/api/v1/deployments/m").statusCode()).isEqualTo(503);
      assertThat(server.post("/v2/models/m/infer", ASK).statusCode()).isEqualTo(200);

      postgres.allowConnections("assembled", true);
      assertThat(server.register("m", "m.txt", new StepModel(3, 4).text()).statusCode())
          .isEqualTo(201);
      assertThat(server.stop()).isEqualTo(ServerUnderTest.STOPPED_BY_SIGTERM);
    }
    assertThat(data.resolve("control.db")).doesNotExist();
    try (ServerUnderTest server =
        ServerUnderTest.start(data, ServerUnderTest.freePort(), settings)) {
      assertThat(server.post("/v2/models/m/infer", ASK).statusCode()).isEqualTo(200);
      assertThat(entries(server, Files.readString(data.resolve("admin.token")).strip()))
          .as("an account, its token, two versions and a deployment")
          .isEqualTo(5);
    }
    assertThat(
            AuditVerifier.verify(
                    new FolderTileSource(data.resolve("audit")), Trust.none(), (read, all) -> {})
                .findings())
        .isEmpty();
  }

  private static int entries(ServerUnderTest server, String token)
      throws IOException, InterruptedException {
    assertThat(server.get("/api/v1/audit/entries").statusCode()).isEqualTo(403);
    return new ObjectMapper()
        .readTree(
            server
                .send(
                    server
                        .request("/api/v1/audit/entries")
                        .header("Authorization", "Bearer " + token)
                        .build())
                .body())
        .path("items")
        .size();
  }
}
