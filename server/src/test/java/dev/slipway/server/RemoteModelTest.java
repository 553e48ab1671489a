package dev.slipway.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.server.config.ServerConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model that another server serves, registered, deployed and asked like any other. */
@Timeout(120)
class RemoteModelTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private Slipway origin;
  private Slipway front;

  @BeforeEach
  void start() {
    origin = server("origin", 0, "--demo=fraud");
    front = server("front", 0);
  }

  @AfterEach
  void stop() {
    front.close();
    origin.close();
    client.close();
  }

  private Slipway server(String name, int port, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--port=" + port, "--data=" + folder.resolve(name)));
    arguments.addAll(List.of(more));
    return Slipway.start(ServerConfig.read(arguments, Map.of()));
  }

  @Test
  void aRemoteModelAnswersAsItsOriginAndComesBackWithIt() throws Exception {
    JsonNode local = JSON.readTree(get(origin, "/api/v1/models/fraud/versions/1").body());
    HttpResponse<String> registered =
        register(
            "far",
            Map.of(
                "remote.yaml",
                "url: http://127.0.0.1:%d\nmodel: fraud\n".formatted(origin.port()),
                "slipway-model.yaml",
                "description: fraud, served elsewhere\nmax_batch_size: 3\nexample_request: "
                    + local.path("example_request")));
    assertThat(registered.statusCode()).as(registered.body()).isEqualTo(201);
    JsonNode version = JSON.readTree(registered.body());
    assertThat(version.path("format").asText()).isEqualTo("remote_v2");
    assertThat(version.path("primary_file").asText()).isEqualTo("remote.yaml");
    assertThat(version.path("description").asText()).isEqualTo("fraud, served elsewhere");
    assertThat(tensors(version, "inputs")).isEqualTo(tensors(local, "inputs"));
    assertThat(tensors(version, "outputs")).isEqualTo(tensors(local, "outputs"));

    HttpResponse<String> deployed = deploy();
    assertThat(deployed.statusCode()).as(deployed.body()).isEqualTo(200);
    assertThat(JSON.readTree(deployed.body()).path("engine").asText()).isEqualTo("remote");
    assertThat(get(front, "/v2/models/far/ready").statusCode()).isEqualTo(200);

    JsonNode example = local.path("example_request");
    String request = JSON.writeValueAsString(example);
    JsonNode expected = outputs(post(origin, "/v2/models/fraud/infer", request));
    assertThat(outputs(post(front, "/v2/models/far/infer", request))).isEqualTo(expected);

    HttpResponse<String> tooMany = post(front, "/v2/models/far/infer", rows(example, 4));
    assertThat(tooMany.statusCode()).isEqualTo(400);
    assertThat(tooMany.body()).contains("max_batch_size");
    assertThat(outputs(post(front, "/v2/models/far/infer", rows(example, 3))))
        .isEqualTo(outputs(post(origin, "/v2/models/fraud/infer", rows(example, 3))));

    int port = origin.port();
    origin.close();
    HttpResponse<String> away = post(front, "/v2/models/far/infer", request);
    assertThat(away.statusCode()).as(away.body()).isEqualTo(502);
    front.close();
    front = server("front", 0);
    assertUnavailable(request);

    origin = server("origin", port);
    assertThat(deploy().statusCode()).isEqualTo(200);
    assertThat(outputs(post(front, "/v2/models/far/infer", request))).isEqualTo(expected);
  }

  /** The server starts without the origin, and says what it cannot do and why. */
  private void assertUnavailable(String request) throws Exception {
    assertThat(get(front, "/v2/models/far/ready").statusCode()).isEqualTo(503);
    HttpResponse<String> refused = post(front, "/v2/models/far/infer", request);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("model far is unavailable", "cannot connect");
    assertThat(refused.body()).doesNotContain(folder.toString());
    JsonNode index = JSON.readTree(post(front, "/v2/repository/index", "").body());
    assertThat(index.path(0).path("state").asText()).isEqualTo("UNAVAILABLE");
    assertThat(index.path(0).path("reason").asText()).contains("cannot connect");
    JsonNode deployment = JSON.readTree(get(front, "/api/v1/deployments/far").body());
    assertThat(deployment.path("state").asText()).isEqualTo("UNAVAILABLE");
  }

  @Test
  void aRemoteModelThatIsNotThereIsNotRegistered() throws Exception {
    HttpResponse<String> refused =
        register(
            "far",
            Map.of(
                "remote.yaml",
                "url: http://127.0.0.1:%d\nmodel: nobody\n".formatted(origin.port())));

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(502);
    assertThat(refused.body()).contains("nobody");
    assertThat(get(front, "/api/v1/models/far").statusCode()).isEqualTo(404);
  }

  private static Map<String, String> tensors(JsonNode version, String side) {
    Map<String, String> tensors = new TreeMap<>();
    for (JsonNode tensor : version.path("signature").path(side)) {
      tensors.put(
          tensor.path("name").asText(), tensor.path("datatype") + " " + tensor.path("shape"));
    }
    assertThat(tensors).isNotEmpty();
    return tensors;
  }

  /** The example's first row so many times. */
  private static String rows(JsonNode example, int count) throws IOException {
    ObjectNode request = example.deepCopy();
    ObjectNode input = (ObjectNode) request.path("inputs").path(0);
    int width = input.path("shape").path(1).asInt();
    ArrayNode data = JSON.createArrayNode();
    for (int i = 0; i < count * width; i++) {
      data.add(input.path("data").path(i % width));
    }
    input.set("shape", JSON.createArrayNode().add(count).add(width));
    input.set("data", data);
    return JSON.writeValueAsString(request);
  }

  private static JsonNode outputs(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode outputs = JSON.readTree(response.body()).path("outputs");
    assertThat(outputs).isNotEmpty();
    return outputs;
  }

  private HttpResponse<String> register(String name, Map<String, String> files) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, UTF_8)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(UTF_8));
        zip.closeEntry();
      }
    }
    return send(
        request(front, "/api/v1/models/" + name + "/versions")
            .header("Content-Type", "application/zip")
            .POST(BodyPublishers.ofByteArray(bytes.toByteArray())));
  }

  private HttpResponse<String> deploy() throws Exception {
    return send(
        request(front, "/api/v1/deployments/far")
            .PUT(BodyPublishers.ofString("{\"model\":\"far\",\"version\":1}")));
  }

  private HttpResponse<String> get(Slipway server, String path) throws Exception {
    return send(request(server, path));
  }

  private HttpResponse<String> post(Slipway server, String path, String body) throws Exception {
    return send(request(server, path).POST(BodyPublishers.ofString(body)));
  }

  private static HttpRequest.Builder request(Slipway server, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
