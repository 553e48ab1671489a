package dev.slipway.http;

import static dev.slipway.http.testing.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

  /** Counts what was taken of a stream of so many bytes, and fails after some if it is to. */
  private static final class Source extends InputStream {
    private final long bytes;
    private final long failAt;
    private final AtomicLong taken = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);

    Source(long bytes, long failAt) {
      this.bytes = bytes;
      this.failAt = failAt;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      long at = taken.get();
      if (at >= failAt) {
        throw new SlipwayException(ErrorCode.STORE_UNAVAILABLE, "the rest cannot be had");
      }
      int count = (int) Math.min(length, bytes - at);
      for (int i = 0; i < count; i++) {
        target[offset + i] = (byte) ((at + i) * 31);
      }
      taken.addAndGet(count);
      return count == 0 ? -1 : count;
    }

    @Override
    public void close() {
      closed.countDown();
    }

    ControlHandler handler() {
      return request ->
          ControlResponse.ofStream(
              "application/octet-stream",
              new ControlResponse.Stream(bytes, this),
              Map.of("x-more", "yes"));
    }
  }

  @Test
  void aStreamIsSentWholeOverBothVersionsOfHttp() throws Exception {
    for (long bytes : new long[] {0, 1, 3 << 20}) {
      for (boolean http2 : new boolean[] {false, true}) {
        Source source = new Source(bytes, Long.MAX_VALUE);
        try (RunningServer running = RunningServer.start(RunningServer.OPTIONS, source.handler())) {
          var request = running.request("/api/v1/file").GET();
          HttpResponse<byte[]> response =
              http2 ? running.sendHttp2(request) : running.send(request);

          assertThat(response.statusCode()).isEqualTo(200);
          assertThat(response.headers().firstValueAsLong("content-length")).hasValue(bytes);
          assertThat(response.headers().firstValue("x-more")).hasValue("yes");
          assertThat(response.headers().firstValue("x-request-id")).isPresent();
          assertThat(response.body()).hasSize((int) bytes);
          for (int i = 0; i < bytes; i++) {
            if (response.body()[i] != (byte) (i * 31)) {
              throw new AssertionError("byte " + i);
            }
          }
          assertThat(source.closed.await(10, TimeUnit.SECONDS)).isTrue();
        }
      }
    }
  }

  @Test
  void aStreamThatFailsOnItsWayIsBrokenOffAndNeverLooksWhole() throws Exception {
    for (boolean http2 : new boolean[] {false, true}) {
      Source source = new Source(1 << 20, 300_000);
      try (RunningServer running = RunningServer.start(RunningServer.OPTIONS, source.handler())) {
        var request = running.request("/api/v1/file").GET();
        assertThatThrownBy(
                () -> (http2 ? running.sendHttp2(request) : running.send(request)).body())
            .as("http2: %s", http2)
            .isInstanceOf(Throwable.class);
        assertThat(source.closed.await(10, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void aCallerWhoTakesNothingHoldsTheStreamBackAndWhoGoesEndsIt() throws Exception {
    Source source = new Source(1L << 40, Long.MAX_VALUE);
    try (RunningServer running = RunningServer.start(RunningServer.OPTIONS, source.handler())) {
      try (Socket socket = new Socket("127.0.0.1", running.uri("/").getPort())) {
        socket.setSoTimeout(10_000);
        socket
            .getOutputStream()
            .write(
                "GET /api/v1/file HTTP/1.1\r\nhost: localhost\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().readNBytes(1 << 16)).hasSize(1 << 16);
        long before = -1;
        for (long at = source.taken.get(); at != before; at = source.taken.get()) {
          before = at;
          // It stands still when the buffers of both sides are full.
          assertThat(source.closed.await(500, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(before).as("bytes that were read ahead").isLessThan(64 << 20);
      }
      assertThat(source.closed.await(30, TimeUnit.SECONDS)).as("closed").isTrue();
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
