package dev.slipway.http.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.identity.Rights;
import dev.slipway.core.identity.Role;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.http.testing.KnownTokens;
import dev.slipway.http.testing.RawHttp;
import dev.slipway.http.testing.RunningServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who a request is from, on a server that lets callers on the loopback in without credentials. */
class AccessFilterTest {
  private static final Rights CALLS_SUM = Rights.parse(List.of(), List.of("infer:deployment/sum"));

  private final KnownTokens tokens = new KnownTokens();
  private volatile Instant now = Instant.parse("2026-11-25T10:00:00Z");
  private final InstantSource clock = () -> now;
  private RunningServer running;

  @BeforeEach
  void start() {
    running =
        RunningServer.start(
            request ->
                new ControlResponse(
                    200,
                    "text/plain",
                    request.caller().principal().name().getBytes(StandardCharsets.UTF_8)),
            new Access(tokens, true, KnownTokens.uses(), clock));
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private String whois(String... headers) {
    HttpResponse<byte[]> response =
        running.send(running.request("/api/v1/whoami").headers(headers));
    return response.statusCode() == 200
        ? RunningServer.text(response)
        : Integer.toString(response.statusCode());
  }

  private int infer(String model, String token) {
    return running
        .send(
            running
                .request("/v2/models/" + model + "/infer")
                .header("Authorization", "Bearer " + token)
                .POST(
                    java.net.http.HttpRequest.BodyPublishers.ofString(RunningServer.rows(1, 2, 3))))
        .statusCode();
  }

  @Test
  void aCallerOnTheLoopbackIsLocalAndATokenSaysWhoElse() {
    tokens.add("t1", Rights.of(Role.ADMIN));
    String basic =
        Base64.getEncoder().encodeToString("anybody:t1".getBytes(StandardCharsets.UTF_8));

    assertThat(running.get("/v2/models/sum").statusCode()).isEqualTo(200);
    assertThat(RunningServer.text(running.get("/api/v1/whoami"))).isEqualTo("local");
    assertThat(whois("Authorization", "Bearer t1")).isEqualTo("holder-of-t1");
    assertThat(whois("Authorization", "bearer t1")).isEqualTo("holder-of-t1");
    assertThat(whois("Authorization", "Basic " + basic)).isEqualTo("holder-of-t1");
    assertThat(whois("Authorization", "Bearer t2")).isEqualTo("401");
  }

  @Test
  void aGrantOpensOneDeploymentOnly() {
    tokens.add("one", CALLS_SUM);

    assertThat(infer("sum", "one")).isEqualTo(200);
    assertThat(infer("echo", "one")).isEqualTo(403);
    assertThat(infer("no-such", "one")).as("does not tell what there is").isEqualTo(403);
  }

  @Test
  void whatAConnectionShowedIsLookedUpOnceAndForgottenWhenItIsTakenBack() {
    tokens.add("t1", CALLS_SUM);
    for (int i = 0; i < 20; i++) {
      assertThat(infer("sum", "t1")).isEqualTo(200);
    }
    assertThat(tokens.lookUps.get()).isLessThanOrEqualTo(2);

    tokens.remove("t1");
    assertThat(infer("sum", "t1")).isEqualTo(401);

    tokens.add("t1", CALLS_SUM);
    tokens.validUntil = now.plusSeconds(60);
    assertThat(infer("sum", "t1")).isEqualTo(200);
    long lookUps = tokens.lookUps.get();
    now = now.plusSeconds(60);
    infer("sum", "t1");
    assertThat(tokens.lookUps.get()).as("it may have expired").isEqualTo(lookUps + 1);
  }

  @Test
  void whoeverAProxyPassesOnIsNotLocal() {
    for (String header : List.of("X-Forwarded-For", "Forwarded", "X-Real-IP")) {
      HttpResponse<byte[]> response =
          running.send(running.request("/v2/models/sum").header(header, "203.0.113.9"));
      assertThat(response.statusCode()).as(header).isEqualTo(401);
    }
  }

  @Test
  void aNameThatWasMadeToLeadHereReadsNothingEither() {
    for (String path : List.of("/v2/models/sum", "/metrics", "/api/v1/models", "/")) {
      assertThat(get(path, "evil.example")).as(path).startsWith("HTTP/1.1 403");
      assertThat(get(path, "localhost.evil.example")).as(path).startsWith("HTTP/1.1 403");
    }
    for (String own :
        List.of("localhost", "LOCALHOST:8080", "127.0.0.1", "127.9.9.9:1", "[::1]:8")) {
      assertThat(get("/v2/models/sum", own)).as(own).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void withATokenAnyNameWillDo() {
    tokens.add("t1", Rights.of(Role.VIEWER));
    assertThat(
            RawHttp.exchange(
                running,
                "GET /v2/models/sum HTTP/1.1\r\nHost: models.example\r\nAuthorization: Bearer"
                    + " t1\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void refusedRequestsAreCounted() {
    tokens.add("none", Rights.NONE);
    infer("sum", "none");
    infer("sum", "unknown");
    get("/", "evil.example");
    running.send(running.request("/v2").header("X-Real-IP", "203.0.113.9"));

    assertThat(RunningServer.text(running.get("/metrics")))
        .contains(
            "slipway_access_refused_total{reason=\"denied\"} 1.0",
            "slipway_access_refused_total{reason=\"bad_credentials\"} 1.0",
            "slipway_access_refused_total{reason=\"foreign_site\"} 1.0",
            "slipway_access_refused_total{reason=\"no_credentials\"} 1.0");
  }

  private String get(String path, String host) {
    return RawHttp.exchange(
        running, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(path, host));
  }
}
