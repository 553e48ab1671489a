package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Accounts that may ask only so much, of the assembled server with the example model. */
@Timeout(180)
class ProtectionTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void aBudgetOutlivesARestartAndWhatLooksLikeCopyingIsWrittenDown() throws Exception {
    Path data = folder.resolve("data");
    int port = ServerUnderTest.freePort();
    String partner;
    String curious;
    JsonNode input;
    try (ServerUnderTest server = start(data, port)) {
      String admin = Files.readString(data.resolve("admin.token")).strip();
      partner = service(server, admin, "partner", "infer-rounded:deployment/fraud@100/day");
      curious = service(server, admin, "curious", "infer:deployment/fraud");
      input = JSON.readTree(server.get("/v2/models/fraud").body()).path("inputs").get(0);

      String rounded = ask(server, partner, input, 60, 0).body();
      JsonNode scores = JSON.readTree(rounded).path("outputs").get(0).path("data");
      assertThat(scores.size()).isEqualTo(60);
      scores.forEach(score -> assertThat(score.toString().length()).isLessThanOrEqualTo(4));

      for (int i = 0; i < 20; i++) {
        assertThat(ask(server, curious, input, 100, 100 * i).statusCode()).isEqualTo(200);
      }
      assertThat(server.get("/metrics").body()).contains("slipway_extraction_suspicions_total 1.0");
      JsonNode entry = suspicion(server, admin);
      assertThat(entry.path("actor").toString()).contains("curious");
      assertThat(entry.path("subject").toString()).contains("deployment", "fraud");
      assertThat(entry.path("reason").toString()).contains("different rows within the window");
      assertThat(server.log())
          .contains("somebody may be copying the model")
          .doesNotContain("curious");
      server.stop();
    }
    try (ServerUnderTest server = start(data, port)) {
      HttpResponse<String> refused = ask(server, partner, input, 41, 0);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body()).contains("at most 40, which are left of 100 a day");
      assertThat(ask(server, partner, input, 40, 0).statusCode()).isEqualTo(200);
      assertThat(server.get("/metrics").body())
          .contains("slipway_limit_hits_total{limit=\"account_rows\"} 1.0");
    }
  }

  private static ServerUnderTest start(Path data, int port) throws Exception {
    return ServerUnderTest.start(
        data, port, "--demo=fraud", "--protection.extraction-rows-per-hour=1000");
  }

  private static String service(ServerUnderTest server, String admin, String name, String grant)
      throws Exception {
    json(
        server.sendAs(
            admin,
            "POST",
            "/api/v1/accounts",
            "{\"name\":\"%s\",\"kind\":\"service\",\"grants\":[\"%s\"]}".formatted(name, grant)));
    return json(server.sendAs(
            admin, "POST", "/api/v1/accounts/" + name + "/tokens", "{\"purpose\":\"test\"}"))
        .path("token")
        .asText();
  }

  /** Rows that are alike but for their first feature, which goes up. */
  private static HttpResponse<String> ask(
      ServerUnderTest server, String token, JsonNode input, int rows, int from) throws Exception {
    int features = input.path("shape").get(1).asInt();
    float[] values = new float[rows * features];
    Arrays.fill(values, 1);
    for (int row = 0; row < rows; row++) {
      values[row * features] = from + row;
    }
    String data = Arrays.toString(values).replace(" ", "");
    return server.sendAs(
        token,
        "POST",
        "/v2/models/fraud/infer",
        "{\"inputs\":[{\"name\":\"%s\",\"shape\":[%d,%d],\"datatype\":\"FP32\",\"data\":%s}]}"
            .formatted(input.path("name").asText(), rows, features, data));
  }

  /** The entry is written aside, so it takes a moment. */
  private static JsonNode suspicion(ServerUnderTest server, String admin) throws Exception {
    for (int i = 0; i < 100; i++) {
      for (JsonNode entry :
          json(server.sendAs(admin, "GET", "/api/v1/audit/entries", "")).path("items")) {
        JsonNode shown = entry.has("entry") ? entry.path("entry") : entry;
        if (shown.path("action").asText().equals("protection.extraction-suspected")) {
          return shown;
        }
      }
      Thread.sleep(50);
    }
    throw new AssertionError("no suspicion in the audit log");
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isLessThan(300);
    return JSON.readTree(response.body());
  }
}
