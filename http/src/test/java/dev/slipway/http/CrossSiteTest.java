package dev.slipway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.http.testing.RawHttp;
import dev.slipway.http.testing.RunningServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page of another site can make a browser send. */
class CrossSiteTest {
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
  @ValueSource(
      strings = {
        "/api/v1/deployments/sum/undo",
        "/v2/repository/models/sum/unload",
        "/v2/models/sum/infer"
      })
  void anotherSitesPageChangesNothing(String path) {
    String answer = post(path, "localhost:" + running.uri("/").getPort(), "http://evil.example");
    assertThat(answer).startsWith("HTTP/1.1 403").contains("origin: 'http://evil.example'");
    assertThat(post(path, "localhost:" + running.uri("/").getPort(), "null"))
        .startsWith("HTTP/1.1 403");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/deployments/sum/undo", "/v2/repository/models/sum/unload"})
  void aNameThatWasMadeToLeadHereControlsNothing(String path) {
    String answer = post(path, "evil.example", "http://evil.example");
    assertThat(answer).startsWith("HTTP/1.1 403").contains("host: 'evil.example'");
  }

  @Test
  void itsOwnPagesAndProgramsGoOn() {
    String own = "127.0.0.1:" + running.uri("/").getPort();
    assertThat(post("/v2/repository/index", own, "http://" + own)).startsWith("HTTP/1.1 200");
    assertThat(post("/v2/repository/index", "localhost", null)).startsWith("HTTP/1.1 200");
  }

  private static String post(String path, String host, @Nullable String origin) {
    return RawHttp.exchange(
        running,
        "POST %s HTTP/1.1\r\nHost: %s\r\n%sContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
            .formatted(path, host, origin == null ? "" : "Origin: " + origin + "\r\n"));
  }
}
