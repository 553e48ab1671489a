package dev.slipway.http.limits;

import static dev.slipway.http.testing.RunningServer.rows;
import static dev.slipway.http.testing.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.http.testing.RawHttp;
import dev.slipway.http.testing.RunningServer;
import dev.slipway.serving.ServingLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Each limit of the server at its value and one past it. */
class LimitsTest {
  private static final HttpLimits D = HttpLimits.DEFAULT;
  private static final String INFER = "/v2/models/sum/infer";

  private static HttpLimits limits(
      int body, int decompressed, long buffered, int header, int connections, int bodySeconds) {
    return new HttpLimits(
        body,
        decompressed,
        buffered,
        D.artifactBytesMax(),
        header,
        connections,
        D.callerRatePerSecond(),
        D.accountRatePerSecond(),
        D.controlRequestsMax(),
        D.idleSeconds(),
        bodySeconds,
        D.streamsPerConnectionMax(),
        D.streamInFlightMax());
  }

  private static String padded(int length) {
    String body = rows(1, 2, 3);
    return body + " ".repeat(length - body.length());
  }

  private static String metric(RunningServer running, String limit) {
    return text(running.get("/metrics"))
        .lines()
        .filter(line -> line.startsWith("slipway_limit_hits_total{limit=\"" + limit + "\"}"))
        .findFirst()
        .orElse("");
  }

  @Test
  void aBodyAtTheLimitIsServedAndOneByteMoreIsNot() {
    try (RunningServer running = RunningServer.start(D.withBodyBytesMax(1_000))) {
      assertThat(running.post(INFER, padded(1_000)).statusCode()).isEqualTo(200);
      HttpResponse<byte[]> announced = running.post(INFER, padded(1_001));
      assertThat(announced.statusCode()).isEqualTo(413);
      assertThat(text(announced)).contains("at most 1000");
      HttpResponse<byte[]> chunked =
          running.post(INFER, BodyPublishers.fromPublisher(BodyPublishers.ofString(padded(1_001))));
      assertThat(chunked.statusCode()).isEqualTo(413);
      HttpResponse<byte[]> http2 =
          running.sendHttp2(running.request(INFER).POST(BodyPublishers.ofString(padded(1_001))));
      assertThat(http2.statusCode()).isEqualTo(413);
      assertThat(metric(running, "body_bytes")).endsWith(" 3.0");
      assertThat(running.post(INFER, padded(1_000)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aLargeRefusedBodyStillSeesItsAnswer() {
    try (RunningServer running = RunningServer.start(D.withBodyBytesMax(1_000))) {
      HttpResponse<byte[]> response = running.post(INFER, padded(5 << 20));
      assertThat(response.statusCode()).isEqualTo(413);
    }
  }

  @Test
  void decompressedBytesHaveTheirOwnLimit() throws IOException {
    try (RunningServer running =
        RunningServer.start(limits(2_000, 1_000, D.bufferedBytesMax(), 8_192, 100, 60))) {
      assertThat(sendGzip(running, padded(1_000)).statusCode()).isEqualTo(200);
      HttpResponse<byte[]> bomb = sendGzip(running, padded(1_001));
      assertThat(bomb.statusCode()).isEqualTo(413);
      assertThat(metric(running, "decompressed_bytes")).endsWith(" 1.0");
    }
  }

  private static HttpResponse<byte[]> sendGzip(RunningServer running, String body)
      throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gzip)) {
      out.write(body.getBytes(StandardCharsets.UTF_8));
    }
    return running.send(
        running
            .request(INFER)
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(gzip.toByteArray())));
  }

  @Test
  void halfSentBodiesTogetherHaveALimitAndMakeRoomWhenTheyGo() throws IOException {
    try (RunningServer running = RunningServer.start(limits(1_000, 1_000, 1_500, 8_192, 100, 60))) {
      String half =
          "POST " + INFER + " HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n";
      try (Socket first = RawHttp.connect(running)) {
        first.getOutputStream().write((half + "x".repeat(900)).getBytes(StandardCharsets.US_ASCII));
        first.getOutputStream().flush();
        RunningServer.await(
            "the other body is refused",
            () -> running.post(INFER, padded(1_000)).statusCode() == 503);
      }
      RunningServer.await(
          "the other body is accepted",
          () -> running.post(INFER, padded(1_000)).statusCode() == 200);
      assertThat(metric(running, "buffered_bytes")).isNotEmpty().doesNotEndWith(" 0.0");
    }
  }

  @Test
  void headersPastTheLimitAreRefusedOverHttp1() {
    try (RunningServer running =
        RunningServer.start(limits(1_000, 1_000, D.bufferedBytesMax(), 1_024, 100, 60))) {
      String start = "GET /v2/health/live HTTP/1.1\r\nconnection: close\r\nx-filler: ";
      assertThat(RawHttp.exchange(running, start + "x".repeat(900) + "\r\n\r\n"))
          .startsWith("HTTP/1.1 200");
      assertThat(RawHttp.exchange(running, start + "x".repeat(1_100) + "\r\n\r\n"))
          .contains(" 431 ", "{\"error\":\"request line and headers");
      assertThat(
              RawHttp.exchange(
                  running, "GET /" + "y".repeat(1_100) + " HTTP/1.1\r\nhost: localhost\r\n\r\n"))
          .contains(" 431 ");
      assertThat(metric(running, "header_bytes")).endsWith(" 2.0");
    }
  }

  @Test
  void oneConnectionTooManyIsToldSo() throws IOException {
    try (RunningServer running =
        RunningServer.start(limits(1_000, 1_000, D.bufferedBytesMax(), 8_192, 3, 60))) {
      List<Socket> sockets = new ArrayList<>();
      try {
        String request = "GET /v2/health/live HTTP/1.1\r\nhost: localhost\r\n\r\n";
        for (int i = 0; i < 3; i++) {
          Socket socket = RawHttp.connect(running);
          socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
          socket.getOutputStream().flush();
          sockets.add(socket);
        }
        RunningServer.await(
            "the fourth is refused", () -> RawHttp.exchange(running, request).contains(" 503 "));
      } finally {
        for (Socket socket : sockets) {
          socket.close();
        }
      }
      RunningServer.await(
          "there is room again", () -> running.get("/v2/health/live").statusCode() == 200);
      assertThat(metric(running, "connections")).doesNotEndWith(" 0.0");
    }
  }

  @Test
  void aBodyThatNeverComesIsRefusedInTime() {
    try (RunningServer running =
        RunningServer.start(limits(1_000, 1_000, D.bufferedBytesMax(), 8_192, 100, 1))) {
      long start = System.nanoTime();
      String answer =
          RawHttp.exchangeUntilClosed(
              running,
              "POST "
                  + INFER
                  + " HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{\"inputs\"");
      assertThat(answer).contains(" 400 ", "incomplete after 1 seconds");
      assertThat(System.nanoTime() - start).isGreaterThan(900_000_000L);
      assertThat(metric(running, "body_time")).endsWith(" 1.0");
    }
  }

  @Test
  void requestsPastTheConcurrencyLimitAreRefusedAtOnce() {
    try (RunningServer running =
        RunningServer.start(
            new ServingLimits(
                2,
                ServingLimits.DEFAULT.queueCapacityDefault(),
                1,
                ServingLimits.DEFAULT.modelMemoryBytesMax(),
                ServingLimits.DEFAULT.cacheBytesMax()))) {
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        callers.add(
            Thread.ofVirtual().start(() -> running.post("/v2/models/gate/infer", rows(1, 2, 3))));
      }
      RunningServer.await(
          "two are in flight", () -> running.plane.metrics().plane().requestsInFlight() == 2);
      HttpResponse<byte[]> refused = running.post(INFER, rows(1, 2, 3));
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
      running.models.permits.release(10);
      RunningServer.await("both are answered", () -> callers.stream().noneMatch(Thread::isAlive));
    }
  }

  @Test
  void aCallerThatGoesAwayIsTakenOutOfTheQueue() throws IOException {
    try (RunningServer running = RunningServer.start()) {
      Thread first =
          Thread.ofVirtual().start(() -> running.post("/v2/models/gate/infer", rows(1, 2, 3)));
      RunningServer.await("the gate is entered", () -> running.models.gateRuns.get() == 1);
      String body = rows(1, 2, 3);
      try (Socket socket = RawHttp.connect(running)) {
        socket
            .getOutputStream()
            .write(
                ("POST /v2/models/gate/infer HTTP/1.1\r\nhost: localhost\r\ncontent-length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body)
                    .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        RunningServer.await(
            "two are in flight", () -> running.plane.metrics().plane().requestsInFlight() == 2);
      }
      RunningServer.await(
          "the one whose caller has gone is not",
          () -> running.plane.metrics().plane().requestsInFlight() == 1);
      running.models.permits.release(1);
      RunningServer.await("the other is answered", () -> !first.isAlive());
      assertThat(running.models.gateRuns).hasValue(1);
      RunningServer.await(
          "all buffers are back", () -> running.plane.metrics().plane().buffersTaken() == 0);
    }
  }

  @Test
  void aConnectionThatSaysNothingIsClosed() {
    HttpLimits idle =
        new HttpLimits(
            D.bodyBytesMax(),
            D.decompressedBytesMax(),
            D.bufferedBytesMax(),
            D.artifactBytesMax(),
            D.headerBytesMax(),
            D.connectionsMax(),
            D.callerRatePerSecond(),
            D.accountRatePerSecond(),
            D.controlRequestsMax(),
            1,
            D.bodySeconds(),
            D.streamsPerConnectionMax(),
            D.streamInFlightMax());
    try (RunningServer running = RunningServer.start(idle)) {
      assertThat(RawHttp.isClosedWithinTenSeconds(running, "")).isTrue();
      assertThat(
              RawHttp.isClosedWithinTenSeconds(
                  running, "GET /v2/health/live HTTP/1.1\r\nhost: localhost\r\n\r\n"))
          .isTrue();
    }
  }

  /** Far past the limit the connection is closed; this is just past it. */
  @Test
  void headersPastTheLimitAreRefusedOverHttp2() {
    try (RunningServer running =
        RunningServer.start(limits(1_000, 1_000, D.bufferedBytesMax(), 4_096, 100, 60))) {
      assertThat(running.sendHttp2(running.request("/v2/health/live").GET()).statusCode())
          .isEqualTo(200);
      // The stream is reset right behind the answer, and the JDK's client may see that first.
      RunningServer.await("the refusal is seen", () -> tooLongHeaderStatus(running) == 431);
      assertThat(running.sendHttp2(running.request("/v2/health/live").GET()).statusCode())
          .isEqualTo(200);
    }
  }

  /** 0 if the client saw nothing but the reset. */
  private static int tooLongHeaderStatus(RunningServer running) {
    try {
      return running
          .sendHttp2(running.request("/v2/health/live").header("x-filler", "x".repeat(4_100)).GET())
          .statusCode();
    } catch (UncheckedIOException e) {
      assertThat(e).hasMessageContaining("RST_STREAM");
      return 0;
    }
  }

  @Test
  void impossibleLimitsAreRefused() {
    assertThatThrownBy(() -> D.withBodyBytesMax(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("body_bytes_max: 0");
    assertThatThrownBy(() -> limits(1, 1, 1, 255, 1, 1))
        .hasMessageContaining("header_bytes_max: 255");
  }
}
