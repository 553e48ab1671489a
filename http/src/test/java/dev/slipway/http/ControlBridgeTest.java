package dev.slipway.http;

import static dev.slipway.http.testing.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.control.ControlHandler;
import dev.slipway.http.control.ControlRequest;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.http.limits.HttpLimits;
import dev.slipway.http.testing.RawHttp;
import dev.slipway.http.testing.RunningServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ControlBridgeTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static ControlResponse ok(String body) {
    return new ControlResponse(200, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theHandlerSeesTheRequestOnAVirtualThread() {
    AtomicReference<ControlRequest> seen = new AtomicReference<>();
    AtomicBoolean virtual = new AtomicBoolean();
    ControlHandler handler =
        request -> {
          seen.set(request);
          virtual.set(Thread.currentThread().isVirtual());
          return ok("{}");
        };
    try (RunningServer running = RunningServer.start(RunningServer.OPTIONS, handler)) {
      HttpResponse<byte[]> response =
          running.send(
              running
                  .request("/api/v1/models/a%20b?page_size=3&x=%2B+y")
                  .header("X-Request-Id", "mine")
                  .header("X-Other", "value")
                  .DELETE());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("x-request-id")).hasValue("mine");
      assertThat(virtual).isTrue();
      ControlRequest arrived = Objects.requireNonNull(seen.get());
      assertThat(arrived.method()).isEqualTo("DELETE");
      assertThat(arrived.path()).isEqualTo("/api/v1/models/a b");
      assertThat(arrived.query()).containsEntry("page_size", "3").containsEntry("x", "+ y");
      assertThat(arrived.headers()).containsEntry("x-other", "value");
      assertThat(arrived.requestId()).isEqualTo("mine");
    }
  }

  @Test
  void aRequestCannotSayWhereTheServerIs() {
    AtomicReference<ControlRequest> seen = new AtomicReference<>();
    ControlHandler handler =
        request -> {
          seen.set(request);
          return ok("{}");
        };
    try (RunningServer running = RunningServer.start(RunningServer.OPTIONS, handler)) {
      RawHttp.exchange(running, "GET /api/v1/models HTTP/1.1\r\nhost: localhost:9\r\n\r\n");
      assertThat(Objects.requireNonNull(seen.get()).server())
          .isEqualTo(URI.create("http://127.0.0.1:" + running.uri("/").getPort()));
    }
  }

  @Test
  void aLargeBodyIsStreamedWithBackpressureOverBothVersionsOfHttp() {
    AtomicLong sum = new AtomicLong();
    ControlHandler handler =
        request -> {
          long total = 0;
          byte[] buffer = new byte[32 << 10];
          try (InputStream body = request.body()) {
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
              for (int i = 0; i < n; i++) {
                total += buffer[i] & 0xff;
              }
            }
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
          sum.set(total);
          return ok("{}");
        };
    byte[] body = new byte[24 << 20];
    long expected = 0;
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) (i * 31);
      expected += body[i] & 0xff;
    }
    try (RunningServer running = RunningServer.start(RunningServer.OPTIONS, handler)) {
      var request = running.request("/api/v1/upload").POST(BodyPublishers.ofByteArray(body));
      assertThat(running.send(request).statusCode()).isEqualTo(200);
      assertThat(sum).hasValue(expected);
      sum.set(0);
      assertThat(running.sendHttp2(request).statusCode()).isEqualTo(200);
      assertThat(sum).hasValue(expected);
    }
  }

  @Test
  void aBodyAtTheArtifactLimitIsReadAndOneByteMoreIsRefused() throws IOException {
    HttpLimits limits = artifactLimit(1_000);
    ControlHandler handler =
        request -> {
          try {
            return ok("" + request.body().readAllBytes().length);
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        };
    try (RunningServer running =
        RunningServer.start(RunningServer.OPTIONS.withLimits(limits), handler)) {
      HttpResponse<byte[]> fits =
          running.post("/api/v1/upload", BodyPublishers.ofByteArray(new byte[1_000]));
      assertThat(text(fits)).isEqualTo("1000");
      HttpResponse<byte[]> tooLong =
          running.post("/api/v1/upload", BodyPublishers.ofByteArray(new byte[1_001]));
      assertThat(tooLong.statusCode()).isEqualTo(413);
      assertThat(tooLong.headers().firstValue("content-type")).hasValue("application/problem+json");
      JsonNode problem = JSON.readTree(tooLong.body());
      assertThat(problem.path("code").asText()).isEqualTo("PAYLOAD_TOO_LARGE");
      assertThat(problem.path("status").asInt()).isEqualTo(413);
      assertThat(problem.path("request_id").asText()).isNotEmpty();
    }
  }

  private static HttpLimits artifactLimit(long bytes) {
    HttpLimits d = HttpLimits.DEFAULT;
    return new HttpLimits(
        d.bodyBytesMax(),
        d.decompressedBytesMax(),
        d.bufferedBytesMax(),
        bytes,
        d.headerBytesMax(),
        d.connectionsMax(),
        d.callerRatePerSecond(),
        d.accountRatePerSecond(),
        2,
        d.idleSeconds(),
        d.bodySeconds(),
        d.streamsPerConnectionMax(),
        d.streamInFlightMax());
  }

  @Test
  void moreRequestsThanTheLimitAreRefusedWithRetryAfter() {
    CountDownLatch entered = new CountDownLatch(2);
    CountDownLatch leave = new CountDownLatch(1);
    ControlHandler handler =
        request -> {
          entered.countDown();
          try {
            leave.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return ok("{}");
        };
    try (RunningServer running =
        RunningServer.start(RunningServer.OPTIONS.withLimits(artifactLimit(1_000)), handler)) {
      Thread first = Thread.ofVirtual().start(() -> running.get("/api/v1/slow"));
      Thread second = Thread.ofVirtual().start(() -> running.get("/api/v1/slow"));
      RunningServer.await("both are in", () -> entered.getCount() == 0);
      HttpResponse<byte[]> refused = running.get("/api/v1/slow");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
      leave.countDown();
      RunningServer.await("both are out", () -> !first.isAlive() && !second.isAlive());
      assertThat(running.get("/api/v1/slow").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aHandlerThatThrowsIsAnsweredWithoutItsDetails() {
    ControlHandler handler =
        request -> {
          throw request.path().endsWith("/known")
              ? new SlipwayException(ErrorCode.CONFLICT, "out of date")
              : new IllegalStateException("a secret");
        };
    try (RunningServer running = RunningServer.start(RunningServer.OPTIONS, handler)) {
      HttpResponse<byte[]> known = running.get("/api/v1/known");
      assertThat(known.statusCode()).isEqualTo(409);
      assertThat(text(known)).contains("out of date");
      HttpResponse<byte[]> unknown = running.get("/api/v1/unknown");
      assertThat(unknown.statusCode()).isEqualTo(500);
      assertThat(text(unknown)).doesNotContain("secret");
    }
  }

  @Test
  void aCallerThatGoesAwayEndsTheRead() {
    AtomicReference<ErrorCode> code = new AtomicReference<>();
    ControlHandler handler =
        request -> {
          try {
            request.body().readAllBytes();
          } catch (SlipwayException e) {
            code.set(e.code());
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
          return ok("{}");
        };
    try (RunningServer running = RunningServer.start(RunningServer.OPTIONS, handler)) {
      RawHttp.sendAndLeave(
          running,
          "POST /api/v1/upload HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nabc");
      RunningServer.await("the read fails", () -> code.get() == ErrorCode.CANCELLED);
    }
  }
}
