package dev.slipway.http.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.core.identity.Principal;
import dev.slipway.http.control.ControlApiScene.Answer;
import dev.slipway.http.identity.AccessCounts;
import dev.slipway.http.identity.Caller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookRoutesTest {
  private static final String PATH = "/api/v1/webhooks";
  private static final String BODY =
      "{\"url\":\"https://hooks.example/x\",\"events\":[\"policy.*\",\"promotion.approved\"]}";

  @TempDir Path folder;
  private ControlApiScene scene;

  @BeforeEach
  void start() {
    scene = new ControlApiScene(folder);
  }

  @AfterEach
  void stop() throws Exception {
    scene.close();
  }

  @Test
  void theSecretIsShownOnceAndEveryChangeIsInTheLog() throws IOException {
    JsonNode made = call("POST", PATH, BODY).body();
    assertThat(made.path("id").intValue()).isEqualTo(1);
    assertThat(made.path("events").toString()).isEqualTo("[\"policy.*\",\"promotion.approved\"]");
    assertThat(made.path("state").textValue()).isEqualTo("ENABLED");
    String secret = made.path("secret").textValue();
    assertThat(secret).matches("whsec_[A-Za-z0-9+/]{43}=");

    Answer list = call("GET", PATH, "");
    assertThat(list.body().at("/items/0/url").textValue()).isEqualTo("https://hooks.example/x");
    assertThat(list.text()).doesNotContain(secret, "\"secret\"");
    Answer deleted = call("DELETE", PATH + "/1", "");
    assertThat(deleted.status()).isEqualTo(200);
    assertThat(deleted.text()).doesNotContain(secret);
    assertThat(call("GET", PATH, "").body().path("items")).isEmpty();
    assertThat(call("DELETE", PATH + "/1", "").status()).isEqualTo(404);
    assertThat(call("DELETE", PATH + "/x", "").status()).isEqualTo(400);

    Answer log = call("GET", "/api/v1/audit/entries", "");
    assertThat(log.body().path("items").findValuesAsText("action"))
        .containsExactly("webhook.deleted", "webhook.created");
    assertThat(log.body().at("/items/0/entry/before"))
        .isEqualTo(log.body().at("/items/1/entry/after"));
    assertThat(log.text()).doesNotContain("hooks.example", secret);
  }

  @Test
  void whatIsNotSafeOrNotKnownIsRefused() {
    assertRefused("{\"url\":\"http://hooks.example/\",\"events\":[\"policy.*\"]}", "https");
    assertRefused("{\"url\":\"https://hooks.example/\",\"events\":[]}", "events: []");
    assertRefused("{\"url\":\"https://hooks.example/\",\"events\":[\"model.*\"]}", "model.*");
    assertRefused("{\"url\":\"https://hooks.example/\",\"events\":[\"*\"]}", "[*]");
    assertRefused("{\"url\":\"https://hooks.example/\",\"secret\":\"mine\"}", "secret");
  }

  @Test
  void onlyAdministratorsManageThem() {
    Caller local = new Caller(Principal.LOCAL, new AccessCounts());
    for (String method : new String[] {"GET", "POST"}) {
      assertThat(
              scene
                  .call(
                      local, method, PATH, Map.of(), new ByteArrayInputStream(BODY.getBytes(UTF_8)))
                  .status())
          .isEqualTo(403);
    }
  }

  private void assertRefused(String body, String why) {
    Answer answer = call("POST", PATH, body);
    assertThat(answer.status()).as(body).isEqualTo(400);
    assertThat(answer.text()).contains(why);
  }

  private Answer call(String method, String path, String body) {
    return scene.call(
        ControlApiScene.ADMINISTRATOR,
        method,
        path,
        Map.of(),
        new ByteArrayInputStream(body.getBytes(UTF_8)));
  }
}
