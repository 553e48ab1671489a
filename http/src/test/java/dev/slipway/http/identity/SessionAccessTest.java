package dev.slipway.http.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.identity.Action;
import dev.slipway.core.identity.Resource;
import dev.slipway.core.identity.Rights;
import dev.slipway.core.identity.Role;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.http.testing.KnownTokens;
import dev.slipway.http.testing.RawHttp;
import dev.slipway.http.testing.RunningServer;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that browsers send with the cookie of a session. */
class SessionAccessTest {
  private static final String OWN = "http://localhost:8080";

  private final KnownTokens known = new KnownTokens();
  private volatile Instant now = Instant.parse("2026-11-25T10:00:00Z");
  private final InstantSource clock = () -> now;
  private RunningServer running;

  @BeforeEach
  void start() {
    running =
        RunningServer.start(
            request -> {
              request.caller().require(Action.READ_SERVER, Resource.SERVER);
              return new ControlResponse(
                  200,
                  "text/plain",
                  request.caller().principal().name().getBytes(StandardCharsets.UTF_8));
            },
            new Access(
                known, true, KnownTokens.uses(), clock, SessionCookie.ofSession(URI.create(OWN))));
    known.add("s1", Rights.of(Role.DEVELOPER));
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private HttpResponse<byte[]> get(String path, String... headers) {
    return running.send(running.request(path).headers(headers));
  }

  private String whois(String... headers) {
    return RunningServer.text(get("/api/v1/whoami", headers));
  }

  private int infer(String... headers) {
    return running
        .send(
            running
                .request("/v2/models/sum/infer")
                .headers(headers)
                .POST(BodyPublishers.ofString(RunningServer.rows(1, 2, 3))))
        .statusCode();
  }

  @Test
  void aSessionIsItsHolderOnEveryMountAndAnAuthorizationComesBeforeIt() {
    known.add("t1", Rights.of(Role.ADMIN));

    assertThat(whois("Cookie", "slipway-8080=s1")).isEqualTo("holder-of-s1");
    assertThat(whois("Cookie", "a=b; slipway-8080=s1; c=d")).isEqualTo("holder-of-s1");
    assertThat(whois("Cookie", "slipway-8080=s1", "Authorization", "Bearer t1"))
        .isEqualTo("holder-of-t1");
    assertThat(whois("Cookie", "slipway-9090=s1")).as("another server's").isEqualTo("local");
    assertThat(get("/v2/models/sum", "Cookie", "slipway-8080=s1").statusCode()).isEqualTo(200);
  }

  @Test
  void aSessionIsLookedUpOnceForAConnectionAndNeverTakenForAToken() {
    for (int i = 0; i < 20; i++) {
      assertThat(whois("Cookie", "slipway-8080=s1")).isEqualTo("holder-of-s1");
    }
    assertThat(known.lookUps.get()).isLessThanOrEqualTo(2);

    long lookUps = known.lookUps.get();
    assertThat(get("/api/v1/whoami", "Authorization", "s1").statusCode())
        .as("what the cookie said is no header")
        .isEqualTo(401);
    assertThat(known.lookUps.get()).isEqualTo(lookUps);
  }

  @Test
  void aSessionThatEndedIsNobodyAndNotLocalAndSaysHowToComeInAgain() {
    assertThat(infer("Cookie", "slipway-8080=s1", "Origin", OWN)).isEqualTo(200);
    known.remove("s1");

    for (String path : List.of("/api/v1/whoami", "/v2", "/v2/models/sum", "/metrics", "/such")) {
      HttpResponse<byte[]> answer = get(path, "Cookie", "slipway-8080=s1");
      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(RunningServer.text(answer)).as(path).contains("token: not accepted");
    }
    assertThat(get("/v2/health/live", "Cookie", "slipway-8080=s1").statusCode())
        .as("open, so that somebody can come in again")
        .isEqualTo(200);
    assertThat(infer("Cookie", "slipway-8080=s1", "Origin", OWN)).isEqualTo(401);
    assertThat(RunningServer.text(running.get("/api/v1/whoami"))).isEqualTo("local");
    assertThat(RunningServer.text(running.get("/metrics")))
        .contains("slipway_access_refused_total{reason=\"bad_credentials\"}");
  }

  @Test
  void whatChangesSomethingComesFromAPageOfThisServerAlone() {
    assertThat(infer("Cookie", "slipway-8080=s1", "Origin", OWN)).isEqualTo(200);
    for (String other :
        List.of(
            "https://evil.example",
            "null",
            "http://localhost:8081",
            "https://localhost:8080",
            "http://localhost",
            "http://127.0.0.1:8080",
            "http://localhost:8080.evil.example",
            "http://localhost:8080/")) {
      assertThat(infer("Cookie", "slipway-8080=s1", "Origin", other)).as(other).isEqualTo(403);
    }
    assertThat(infer("Cookie", "slipway-8080=s1")).as("no origin").isEqualTo(403);
    assertThat(infer("Cookie", "slipway-8080=unknown")).as("not even looked up").isEqualTo(403);
    assertThat(RunningServer.text(running.get("/metrics")))
        .contains("slipway_access_refused_total{reason=\"foreign_site\"} 10.0");
  }

  @Test
  void aCookieThatHttp2SplitsIsFound() {
    HttpResponse<byte[]> answer =
        running.sendHttp2(
            running
                .request("/api/v1/whoami")
                .headers("Cookie", "a=b", "Cookie", "slipway-8080=s1", "Cookie", "c=d"));
    assertThat(RunningServer.text(answer)).isEqualTo("holder-of-s1");
  }

  @Test
  void aNameThatLeadsHereByRebindingHasNoSessionAndNothingElse() {
    assertThat(
            RawHttp.exchange(
                running,
                "GET /v2/models/sum HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 403");
  }
}
