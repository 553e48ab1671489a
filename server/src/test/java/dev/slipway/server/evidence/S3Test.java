package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.store.backup.BackupManifest;
import dev.slipway.store.backup.BackupReader;
import dev.slipway.store.files.FileTree;
import dev.slipway.testkit.store.FaultyLink;
import dev.slipway.testkit.store.RealS3;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The assembled server with its artifacts in a real S3 server. */
class S3Test {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILES = "/api/2.0/mlflow-artifacts/artifacts";
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

  @Test
  @Timeout(300)
  void whatRunsLogLiesInTheBucketWhateverItsSize() throws Exception {
    long bytes = 64L << 20;
    CheckedInputStream sent = new CheckedInputStream(new Noise(bytes), new CRC32C());
    try (ServerUnderTest server =
            ServerUnderTest.start(
                data, ServerUnderTest.freePort(), settings(s3.port(), "-Xmx96m"));
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest put =
          server
              .request(FILES + "/0/run/artifacts/large.bin")
              .timeout(Duration.ofMinutes(2))
              .PUT(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> sent), bytes))
              .build();
      assertThat(client.send(put, BodyHandlers.ofString()).body()).isEqualTo("{}");
      assertThat(crc(client, server)).isEqualTo(sent.getChecksum().getValue());
      assertThat(server.residentBytes()).as("resident bytes").isLessThan(400L << 20);
      logModel(server, 1, 2);
      assertThat(registerFromRun(server).body()).contains("READY");
      assertThat(server.deploy("m", "line", 1).statusCode()).isEqualTo(200);
      outputs(server);
      assertThat(data.resolve("artifacts")).isEmptyDirectory();
      assertThat(data.resolve("tmp")).isEmptyDirectory();
      server.kill();
    }
    assertThat(s3.keys(prefix + "/artifacts/"))
        .containsExactly(
            prefix + "/artifacts/0/run/artifacts/large.bin",
            prefix + "/artifacts/0/run/artifacts/model/MLmodel",
            prefix + "/artifacts/0/run/artifacts/model/m.txt");
    FileTree.delete(data.resolve("artifacts"));
    FileTree.delete(data.resolve("blobs"));

    try (ServerUnderTest server = start(data, s3.port());
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(crc(client, server)).isEqualTo(sent.getChecksum().getValue());
      assertThat(listed(server, "0/run/artifacts")).contains("large.bin", "model");
      outputs(server);
      server.kill();
    }
    // An empty data folder is another server: it reads what is there and changes nothing of it.
    Path empty = folder.resolve("empty");
    try (ServerUnderTest server = start(empty, s3.port());
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(crc(client, server)).isEqualTo(sent.getChecksum().getValue());
      assertThat(listed(server, "0/run/artifacts/model")).contains("MLmodel", "m.txt");
      HttpResponse<String> refused = server.put(FILES + "/0/run/artifacts/x", "x");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("belongs to another server");
    }
  }

  @Test
  @Timeout(180)
  void whileTheBucketIsAwayNothingIsHalfThereAndNothingIsTakenForMissing() throws Exception {
    try (FaultyLink link = new FaultyLink(s3.port());
        ServerUnderTest server = start(data, link.port())) {
      logModel(server, 1, 2);
      link.cutAfter(0, FaultyLink.Cut.REQUEST);

      for (HttpResponse<String> answer :
          List.of(
              server.put(FILES + "/0/run/artifacts/model/new.txt", "new"),
              server.get(FILES + "/0/run/artifacts/model/MLmodel"),
              server.get(FILES + "?path=0/run/artifacts/model"),
              registerFromRun(server))) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.body()).contains("TEMPORARILY_UNAVAILABLE", "s3://" + RealS3.BUCKET);
        assertThat(answer.headers().firstValue("retry-after")).isPresent();
      }

      link.cutAfter(Integer.MAX_VALUE, FaultyLink.Cut.REQUEST);
      assertThat(server.get(FILES + "/0/run/artifacts/model/new.txt").statusCode()).isEqualTo(404);
      assertThat(listed(server, "0/run/artifacts/model")).doesNotContain("new.txt");
      assertThat(createVersion(server).body()).contains("\"version\":\"1\"");
    }
  }

  @Test
  @Timeout(180)
  void whatWasLoggedAndRegisteredBeforeThereWasABucketGoesOn() throws Exception {
    String answer;
    try (ServerUnderTest server = ServerUnderTest.start(data, ServerUnderTest.freePort())) {
      logModel(server, 1, 2);
      server.put(FILES + "/0/run/artifacts/old.txt", "old");
      assertThat(registerFromRun(server).statusCode()).isEqualTo(200);
      assertThat(server.deploy("m", "line", 1).statusCode()).isEqualTo(200);
      answer = outputs(server);
      server.stop();
    }

    try (ServerUnderTest server = start(data, s3.port())) {
      assertThat(server.get(FILES + "/0/run/artifacts/old.txt").body()).isEqualTo("old");
      server.put(FILES + "/0/run/artifacts/new.txt", "new");
      assertThat(listed(server, "0/run/artifacts")).contains("new.txt", "old.txt", "model");
      long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (!server.log().contains("brought 1 of 1 artifacts") && System.nanoTime() < until) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      assertThat(s3.keys(prefix + "/manifests/")).as(server.log()).hasSize(1);
      assertThat(artifactCheck(server)).contains("\"status\":\"ok\"");
      server.stop();
    }
    FileTree.delete(data.resolve("blobs"));

    try (ServerUnderTest server = start(data, s3.port())) {
      assertThat(outputs(server)).isEqualTo(answer);
      assertThat(server.log()).doesNotContain("brought");
    }
  }

  private static void logModel(ServerUnderTest server, double low, double high) throws Exception {
    String model = FILES + "/0/run/artifacts/model";
    assertThat(
            server.put(model + "/MLmodel", "flavors:\n  lightgbm:\n    data: m.txt\n").statusCode())
        .isEqualTo(200);
    assertThat(server.put(model + "/m.txt", new StepModel(low, high).text()).statusCode())
        .isEqualTo(200);
  }

  private static HttpResponse<String> registerFromRun(ServerUnderTest server) throws Exception {
    server.post("/api/2.0/mlflow/registered-models/create", "{\"name\": \"line\"}");
    return createVersion(server);
  }

  private static HttpResponse<String> createVersion(ServerUnderTest server) throws Exception {
    return server.post(
        "/api/2.0/mlflow/model-versions/create",
        "{\"name\": \"line\", \"source\": \"mlflow-artifacts:/0/run/artifacts/model\"}");
  }

  private static String listed(ServerUnderTest server, String path) throws Exception {
    return server.get(FILES + "?path=" + path).body();
  }

  private static long crc(HttpClient client, ServerUnderTest server) throws Exception {
    HttpResponse<InputStream> answer =
        client.send(
            server.request(FILES + "/0/run/artifacts/large.bin").build(),
            BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValueAsLong("content-length")).hasValue(64L << 20);
    CheckedInputStream received = new CheckedInputStream(answer.body(), new CRC32C());
    received.transferTo(OutputStream.nullOutputStream());
    return received.getChecksum().getValue();
  }

  private ServerUnderTest start(Path home, int port) throws Exception {
    return ServerUnderTest.start(home, ServerUnderTest.freePort(), settings(port));
  }

  private String[] settings(int port, String... more) {
    return Stream.concat(Stream.of(settingsOf(port)), Stream.of(more)).toArray(String[]::new);
  }

  private String[] settingsOf(int port) {
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
