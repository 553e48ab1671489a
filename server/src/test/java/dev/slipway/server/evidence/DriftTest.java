package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Drift of a real server: seen soon, exactly counted, and still there after it was killed. */
@Timeout(180)
class DriftTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REFERENCE = "/api/v1/models/step/versions/1/reference";

  @TempDir Path folder;
  private final Random random = new Random(11);

  @Test
  void whatIsAskedIsComparedWithTheReferenceOfTheVersion() throws Exception {
    Path data = folder.resolve("data");
    int port = ServerUnderTest.freePort();
    try (ServerUnderTest server = ServerUnderTest.start(data, port)) {
      assertThat(server.register("step", "model.txt", new StepModel(10, 20).text()).statusCode())
          .isEqualTo(201);
      assertThat(server.get(REFERENCE).statusCode()).isEqualTo(404);

      assertThat(freeze(server, "y\n1\n").statusCode()).isEqualTo(400);
      JsonNode frozen = json(freeze(server, rows(2_000, 0.5)));
      assertThat(frozen.path("rows").asInt()).isEqualTo(2_000);
      assertThat(freeze(server, rows(2_000, 0.6)).statusCode()).isEqualTo(409);
      assertThat(json(server.get(REFERENCE)).path("digest")).isEqualTo(frozen.path("digest"));

      assertThat(server.deploy("step", "step", 1).statusCode()).isEqualTo(200);
      ask(server, 0.2);
      ask(
          server,
          DoubleStream.generate(() -> 0.7 + 0.1 * random.nextDouble()).limit(400).toArray());
      awaitRows(server, 401);
      JsonNode report = json(drift(server));
      assertThat(field(report, "input").path("windows").path(2).path("psi").asDouble())
          .isGreaterThan(1);
      assertThat(field(report, "output").path("windows").path(2).path("rows").asLong())
          .isEqualTo(401);
      assertThat(report.path("alert").asBoolean()).as("after one window").isFalse();
      server.kill();
    }
    try (ServerUnderTest server = ServerUnderTest.start(data, port)) {
      assertThat(json(drift(server)).path("rows").asLong()).as("saved before").isEqualTo(401);
      ask(server, 0.1, 0.9);
      server.stop();
      try (ServerUnderTest again = ServerUnderTest.start(data, port)) {
        assertThat(json(drift(again)).path("rows").asLong())
            .as("a stop saves what was counted, and nothing is counted twice")
            .isEqualTo(403);
        assertThat(again.get("/metrics").body()).contains("slipway_cells_dropped_total 0.0");
      }
    }
  }

  @Test
  void theDemoIsWatchedFromItsFirstPredictionOn() throws Exception {
    try (ServerUnderTest server =
        ServerUnderTest.start(folder.resolve("data"), ServerUnderTest.freePort(), "--demo=fraud")) {
      JsonNode reference = json(server.get("/api/v1/models/fraud/versions/1/reference"));
      assertThat(reference.path("rows").asInt()).isGreaterThan(100_000);
      JsonNode input = JSON.readTree(server.get("/v2/models/fraud").body()).path("inputs").path(0);
      String ones =
          DoubleStream.generate(() -> 1)
              .limit(input.path("shape").path(1).asInt())
              .mapToObj(Double::toString)
              .collect(Collectors.joining(","));
      HttpResponse<String> answer =
          server.post(
              "/v2/models/fraud/infer",
              "{\"inputs\":[{\"name\":\"%s\",\"shape\":[1,%d],\"datatype\":\"FP32\",\"data\":[%s]}]}"
                  .formatted(
                      input.path("name").asText(), input.path("shape").path(1).asInt(), ones));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      for (int i = 0; i < 60; i++) {
        if (json(server.get("/api/v1/deployments/fraud/drift")).path("rows").asLong() == 1) {
          return;
        }
        Thread.sleep(500);
      }
      throw new AssertionError(server.get("/api/v1/deployments/fraud/drift").body());
    }
  }

  private String rows(int count, double mean) {
    return "x\n"
        + DoubleStream.generate(() -> mean + 0.2 * random.nextGaussian())
            .limit(count)
            .mapToObj(Double::toString)
            .collect(Collectors.joining("\n"));
  }

  private static HttpResponse<String> freeze(ServerUnderTest server, String rows)
      throws IOException, InterruptedException {
    return server.send(
        server
            .request(REFERENCE)
            .header("Content-Type", "text/csv")
            .PUT(BodyPublishers.ofString(rows))
            .build());
  }

  private static void ask(ServerUnderTest server, double... values)
      throws IOException, InterruptedException {
    String data =
        DoubleStream.of(values).mapToObj(Double::toString).collect(Collectors.joining(","));
    JsonNode model = JSON.readTree(server.get("/v2/models/step").body());
    JsonNode input = model.path("inputs").path(0);
    HttpResponse<String> answer =
        server.post(
            "/v2/models/step/infer",
            String.format(
                Locale.ROOT,
                "{\"inputs\":[{\"name\":\"%s\",\"shape\":[%d,1],\"datatype\":\"%s\",\"data\":[%s]}]}",
                input.path("name").asText(),
                values.length,
                input.path("datatype").asText(),
                data));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static HttpResponse<String> drift(ServerUnderTest server)
      throws IOException, InterruptedException {
    return server.get("/api/v1/deployments/step/drift?window=1d");
  }

  private static JsonNode field(JsonNode report, String side) {
    for (JsonNode field : report.path("fields")) {
      if (field.path("side").asText().equals(side)) {
        return field;
      }
    }
    throw new AssertionError("no " + side);
  }

  private static void awaitRows(ServerUnderTest server, long rows)
      throws IOException, InterruptedException {
    for (int i = 0; i < 60; i++) {
      JsonNode report = json(drift(server));
      if (report.path("rows").asLong() >= rows) {
        return;
      }
      Thread.sleep(500);
    }
    throw new AssertionError("not %d rows: %s".formatted(rows, drift(server).body()));
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isLessThan(300);
    return JSON.readTree(response.body());
  }
}
