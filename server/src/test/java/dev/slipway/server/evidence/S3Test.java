package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.store.backup.BackupManifest;
import dev.slipway.store.backup.BackupReader;
import dev.slipway.store.files.FileTree;
import dev.slipway.testkit.store.FaultyLink;
import dev.slipway.testkit.store.RealS3;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The assembled server with its artifacts in a real S3 server. */
class S3Test {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ASK =
      """
      {"inputs": [{"name": "input", "shape": [1, 1], "datatype": "FP32", "data": [3]}]}\
      """;

  @TempDir Path folder;
  private final RealS3 s3 = RealS3.shared();
  private final String prefix = "server/" + UUID.randomUUID();
  private Path data;

  @BeforeEach
  void writeCredentials() {
    data = folder.resolve("data");
    RealS3.credentials(folder.resolve("credentials"));
  }

  @Test
  @Timeout(180)
  void aServerThatLostItsLocalCopiesServesAsBefore() throws Exception {
    String answer;
    try (ServerUnderTest server = start(data, s3.port())) {
      assertThat(server.register("m", "m.txt", new StepModel(1, 2).text()).statusCode())
          .isEqualTo(201);
      assertThat(server.deploy("m", "m", 1).statusCode()).isEqualTo(200);
      answer = outputs(server);
      assertThat(artifactCheck(server))
          .contains("\"status\":\"ok\"", "1 of 1", "s3://" + RealS3.BUCKET);
      assertThat(server.stop()).isEqualTo(ServerUnderTest.STOPPED_BY_SIGTERM);
    }
    FileTree.delete(data.resolve("blobs"));

    try (ServerUnderTest server = start(data, s3.port())) {
      assertThat(outputs(server)).isEqualTo(answer);
      server.kill();
    }
    // It lies here again, and serves without the bucket.
    try (ServerUnderTest server = start(data, ServerUnderTest.freePort())) {
      assertThat(outputs(server)).isEqualTo(answer);
      HttpResponse<String> refused = server.register("m", "m.txt", new StepModel(5, 6).text());
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("STORE_UNAVAILABLE", "s3://" + RealS3.BUCKET);
      assertThat(artifactCheck(server))
          .contains("\"status\":\"failed\"", "cannot read", "bring the artifact");
      assertThat(server.log()).doesNotContain("test-secret");
    }
  }

  @Test
  @Timeout(180)
  void aServerThatStartedWithoutTheBucketServesWhatIsDeployedAgainWhenItIsBack() throws Exception {
    String answer;
    try (ServerUnderTest server = start(data, s3.port())) {
      server.register("m", "m.txt", new StepModel(1, 2).text());
      assertThat(server.deploy("m", "m", 1).statusCode()).isEqualTo(200);
      answer = outputs(server);
    }
    FileTree.delete(data.resolve("blobs"));
    try (FaultyLink link = new FaultyLink(s3.port())) {
      link.cutAfter(0, FaultyLink.Cut.REQUEST);
      try (ServerUnderTest server =
          ServerUnderTest.startDegraded(data, ServerUnderTest.freePort(), settings(link.port()))) {
        HttpResponse<String> refused = server.post("/v2/models/m/infer", ASK);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(server.get("/v2/health/ready").statusCode()).isNotEqualTo(200);

        link.cutAfter(Integer.MAX_VALUE - 1, FaultyLink.Cut.REQUEST);

        assertThat(server.deploy("m", "m", 1).statusCode()).isEqualTo(200);
        assertThat(outputs(server)).isEqualTo(answer);
      }
    }
  }

  @Test
  @Timeout(180)
  void aBackupLeavesTheArtifactsToTheBucketAndSaysSo() throws Exception {
    Path backup;
    String answer;
    try (ServerUnderTest server = start(data, s3.port())) {
      server.register("m", "m.txt", new StepModel(1, 2).text());
      assertThat(server.deploy("m", "m", 1).statusCode()).isEqualTo(200);
      answer = outputs(server);
      HttpResponse<String> taken =
          server.send(
              asAdministrator(server, "/api/v1/backups").POST(BodyPublishers.noBody()).build());
      JsonNode body = JSON.readTree(taken.body());
      assertThat(body.path("has_artifacts").asBoolean(true)).as(taken.body()).isFalse();
      assertThat(body.path("has_database").asBoolean()).isTrue();
      backup = data.resolve("backups").resolve(body.path("name").asText());
      server.register("late", "m.txt", new StepModel(7, 8).text());
    }
    Path restored = folder.resolve("restored");

    BackupManifest manifest = BackupReader.restore(backup, restored);

    assertThat(manifest.hasArtifacts()).isFalse();
    assertThat(manifest.files().keySet()).noneMatch(name -> name.startsWith("blobs/"));
    try (ServerUnderTest server = start(restored, s3.port())) {
      assertThat(outputs(server)).isEqualTo(answer);
    }
    assertThat(s3.keys(prefix + "/manifests/"))
        .as("the restored server knows one version and takes nothing of the other away")
        .hasSize(2);
  }

  @Test
  @Timeout(120)
  void withoutABucketNothingOfTheClientIsLoaded() throws Exception {
    Path loaded = folder.resolve("loaded");
    String log = "-Xlog:class+load:file=" + loaded;
    try (ServerUnderTest server = ServerUnderTest.start(data, ServerUnderTest.freePort(), log)) {
      server.register("m", "m.txt", new StepModel(1, 2).text());
      server.stop();
    }

    assertThat(Files.readString(loaded))
        .contains("dev.slipway.store.blob.FileBlobStore")
        .doesNotContain("software.amazon.", "dev.slipway.store.s3.S3Bucket");
  }

  private ServerUnderTest start(Path home, int port) throws Exception {
    return ServerUnderTest.start(home, ServerUnderTest.freePort(), settings(port));
  }

  private String[] settings(int port) {
    return new String[] {
      "--artifact-s3-bucket=" + RealS3.BUCKET,
      "--artifact-s3-prefix=" + prefix,
      "--artifact-s3-endpoint=" + RealS3.endpoint(port),
      "--artifact-s3-path-style=true",
      "--artifact-s3-credentials-file=" + folder.resolve("credentials"),
      "--artifact-s3-timeout-seconds=10"
    };
  }

  private static String outputs(ServerUnderTest server) throws Exception {
    HttpResponse<String> response = server.post("/v2/models/m/infer", ASK);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body()).path("outputs").toString();
  }

  private HttpRequest.Builder asAdministrator(ServerUnderTest server, String path)
      throws Exception {
    return server
        .request(path)
        .header("authorization", "Bearer " + Files.readString(data.resolve("admin.token")).strip());
  }

  private String artifactCheck(ServerUnderTest server) throws Exception {
    HttpResponse<String> response = server.send(asAdministrator(server, "/api/v1/doctor").build());
    for (JsonNode check : JSON.readTree(response.body()).path("checks")) {
      if (check.path("name").asText().equals("artifacts")) {
        return check.toString();
      }
    }
    return response.body();
  }
}
