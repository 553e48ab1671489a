package dev.slipway.http.rest;

import static dev.slipway.http.testing.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.slipway.http.testing.RawHttp;
import dev.slipway.http.testing.RunningServer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestServerTest {
  private static final JsonNode NONE = MissingNode.getInstance();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static RunningServer running;

  @BeforeAll
  static void start() {
    running = RunningServer.start();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2", "/v2/"})
  void serverMetadataListsTheExtensions(String path) {
    JsonNode metadata = json(200, running.get(path));
    assertThat(metadata.path("name").asText()).isEqualTo("slipway");
    assertThat(metadata.path("extensions"))
        .extracting(JsonNode::asText)
        .contains("binary_tensor_data");
  }

  @Test
  void healthSaysLiveAndReady() {
    assertThat(text(running.get("/v2/health/live"))).isEqualTo("{\"live\":true}");
    HttpResponse<byte[]> ready = running.get("/v2/health/ready");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(text(ready)).isEqualTo("{\"live\":true,\"ready\":true}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/models/sum",
        "/v2/models/sum/versions/1",
        "/v2/models/s%75m",
        "/v2/models/sum/",
        "/v2/models/versions",
        "/v2/models/versions/versions/1"
      })
  void modelMetadataShowsTheSignature(String path) {
    JsonNode metadata = json(200, running.get(path));
    assertThat(metadata.path("versions").path(0).asText()).isEqualTo("1");
    assertThat(metadata.path("properties").path("digest").asText()).startsWith("sha256:");
    assertThat(metadata.path("inputs").path(0).path("name").asText()).isEqualTo("x");
    assertThat(metadata.path("inputs").path(0).path("datatype").asText()).isEqualTo("FP32");
    assertThat(metadata.path("inputs").path(0).path("shape").toString()).isEqualTo("[-1,3]");
  }

  @Test
  void modelReadyNamesTheModel() {
    assertThat(text(running.get("/v2/models/sum/ready")))
        .isEqualTo("{\"name\":\"sum\",\"ready\":true}");
    assertThat(text(running.get("/v2/models/sum/versions/1/ready")))
        .isEqualTo("{\"name\":\"sum\",\"ready\":true}");
    assertThat(text(running.get("/v1/models/sum"))).isEqualTo("{\"name\":\"sum\",\"ready\":true}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/models/none",
        "/v2/models/sum/versions/2",
        "/v2/models/sum/versions/abc",
        "/v2/models/sum/versions/0",
        "/v2/models/none/ready",
        "/v2/models/none/config",
        "/v2/models/none/stats",
        "/v1/models/none",
        "/v2/nothing",
        "/nothing"
      })
  void whatIsUnknownIsNotFound(String path) {
    HttpResponse<byte[]> response = running.get(path);
    json(404, response);
    assertThat(text(response)).startsWith("{\"error\":\"");
  }

  @Test
  void aBadlyQuotedNameIsABadRequest() {
    // The JDK's client refuses to send such a path.
    String answer =
        RawHttp.exchange(running, "GET /v2/models/%zz HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 400").contains("%zz");
  }

  @Test
  void anotherMethodIsNotAllowed() {
    HttpResponse<byte[]> response = running.post("/v2/health/live", "");
    json(405, response);
    assertThat(response.headers().firstValue("allow")).hasValue("GET, HEAD");
    HttpResponse<byte[]> infer = running.get("/v2/models/sum/infer");
    json(405, infer);
    assertThat(infer.headers().firstValue("allow")).hasValue("POST");
  }

  @Test
  void headAnswersWithoutABody() {
    HttpResponse<byte[]> response =
        running.send(running.request("/v2/health/live").method("HEAD", BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void configurationIsInTritonsForm() {
    JsonNode config = json(200, running.get("/v2/models/sum/config"));
    assertThat(config.path("name").asText()).isEqualTo("sum");
    assertThat(config.path("backend").asText()).isEqualTo("known");
    assertThat(config.path("input").path(0).path("data_type").asText()).isEqualTo("TYPE_FP32");
  }

  @Test
  void statisticsCountInferences() {
    long before = inferences();
    running.post("/v2/models/echo/infer", RunningServer.rows(1, 2, 3, 4, 5, 6));
    assertThat(inferences()).isEqualTo(before + 2);
    assertThat(json(200, running.get("/v2/models/stats")).path("model_stats").size())
        .isGreaterThanOrEqualTo(5);
  }

  @Test
  void statisticsTellRunsBySizeOfTheirBatch() {
    running.post("/v2/models/versions/infer", RunningServer.rows(new float[3 * 7]));
    running.post("/v2/models/versions/infer", RunningServer.rows(new float[3 * 7]));
    running.post("/v2/models/versions/infer", RunningServer.rows(new float[3 * 200]));
    Map<Integer, JsonNode> batches = new HashMap<>();
    json(200, running.get("/v2/models/versions/stats"))
        .path("model_stats")
        .path(0)
        .path("batch_stats")
        .forEach(batch -> batches.put(batch.path("batch_size").asInt(), batch));
    // Sizes past 128 are counted together up to the next power of two.
    assertThat(batches).containsKeys(7, 256);
    for (String stage : List.of("compute_input", "compute_infer", "compute_output")) {
      JsonNode sevens = batches.getOrDefault(7, NONE).path(stage);
      assertThat(sevens.path("count").asLong()).as(stage).isEqualTo(2);
      assertThat(sevens.path("ns").asLong()).as(stage).isPositive();
      JsonNode hundreds = batches.getOrDefault(256, NONE).path(stage);
      assertThat(hundreds.path("count").asLong()).as(stage).isEqualTo(1);
    }
  }

  private static long inferences() {
    return json(200, running.get("/v2/models/echo/stats"))
        .path("model_stats")
        .path(0)
        .path("inference_count")
        .asLong();
  }

  @Test
  void repositoryIndexListsEveryDeployment() {
    JsonNode all = json(200, running.post("/v2/repository/index", ""));
    assertThat(all).extracting(entry -> entry.path("name").asText()).contains("sum", "versions");
    JsonNode ready = json(200, running.post("/v2/repository/index", "{\"ready\":true}"));
    assertThat(ready).allMatch(entry -> entry.path("state").asText().equals("READY"));
    json(400, running.post("/v2/repository/index", "[1]"));
    json(400, running.post("/v2/repository/index", "{"));
  }

  @Test
  void anUnloadedDeploymentIsNotReadyUntilItIsLoaded() {
    json(200, running.post("/v2/repository/models/text/unload", ""));
    json(503, running.get("/v2/models/text/ready"));
    HttpResponse<byte[]> refused =
        running.post(
            "/v2/models/text/infer",
            "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,1],\"datatype\":\"BYTES\",\"data\":[\"a\"]}]}");
    json(503, refused);
    assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
    json(200, running.post("/v2/repository/models/text/load", "{}"));
    json(200, running.get("/v2/models/text/ready"));
    json(404, running.post("/v2/repository/models/none/load", ""));
    json(
        501,
        running.post("/v2/repository/models/text/load", "{\"parameters\":{\"config\":\"{}\"}}"));
    assertThat(running.repository.notes)
        .containsSubsequence("LocalCaller[] unload text", "LocalCaller[] load text")
        .noneMatch(note -> note.contains("none"));
  }

  @Test
  void absoluteFormAndPipelinedRequestsAreAnswered() {
    String answer =
        RawHttp.exchange(
            running,
            get("http://localhost/v2/health/live", "keep-alive")
                + get("/v2/health/ready", "close"));
    assertThat(answer).contains("{\"live\":true}").contains("{\"live\":true,\"ready\":true}");
  }

  private static String get(String target, String connection) {
    return "GET %s HTTP/1.1\r\nhost: localhost\r\nconnection: %s\r\n\r\n"
        .formatted(target, connection);
  }

  @Test
  void bytesThatAreNoHttpAreRefused() {
    assertThat(RawHttp.exchange(running, "\u0001\u0002 nonsense\r\n\r\n"))
        .contains(" 400 ", "{\"error\":\"");
  }

  private static JsonNode json(int status, HttpResponse<byte[]> response) {
    assertThat(response.statusCode()).as(text(response)).isEqualTo(status);
    assertThat(response.headers().allValues("content-type")).containsExactly("application/json");
    assertThat(response.headers().firstValue("x-request-id")).isPresent();
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new AssertionError(text(response), e);
    }
  }
}
