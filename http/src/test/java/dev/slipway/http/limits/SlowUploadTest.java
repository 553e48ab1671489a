package dev.slipway.http.limits;

import static dev.slipway.http.testing.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.http.control.ControlHandler;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.http.testing.RawHttp;
import dev.slipway.http.testing.RunningServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Uploads that hold a place without getting on, and one that takes its time and does. */
class SlowUploadTest {
  private static final String UPLOAD = "/api/v1/upload";

  private static final ControlHandler COUNTS =
      request -> {
        long length = 0;
        byte[] part = new byte[8_192];
        try {
          for (int n = request.body().read(part); n >= 0; n = request.body().read(part)) {
            length += n;
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        return new ControlResponse(
            200, "application/json", Long.toString(length).getBytes(StandardCharsets.US_ASCII));
      };

  /** Two places for uploads, and a second of grace. */
  private static RunningServer start() {
    HttpLimits d = HttpLimits.DEFAULT;
    HttpLimits limits =
        new HttpLimits(
            d.bodyBytesMax(),
            d.decompressedBytesMax(),
            d.bufferedBytesMax(),
            d.artifactBytesMax(),
            d.headerBytesMax(),
            d.connectionsMax(),
            d.callerRatePerSecond(),
            d.accountRatePerSecond(),
            2,
            d.idleSeconds(),
            1,
            d.streamsPerConnectionMax(),
            d.streamInFlightMax());
    return RunningServer.start(RunningServer.OPTIONS.withLimits(limits), COUNTS);
  }

  private static void begin(Socket socket, long length) throws IOException {
    socket
        .getOutputStream()
        .write(
            "PUT %s HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n\r\n"
                .formatted(UPLOAD, length)
                .getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  /** Sends a byte now and then until the other side will have no more; what it said meanwhile. */
  private static String trickle(Socket socket) {
    Thread sender =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    OutputStream out = socket.getOutputStream();
                    while (!Thread.currentThread().isInterrupted()) {
                      out.write('x');
                      out.flush();
                      TimeUnit.MILLISECONDS.sleep(50);
                    }
                  } catch (IOException | InterruptedException e) {
                    // The server has closed the connection, or the test is over.
                  }
                });
    StringBuilder answer = new StringBuilder();
    try {
      socket.setSoTimeout(30_000);
      for (int c = socket.getInputStream().read(); c >= 0; c = socket.getInputStream().read()) {
        answer.append((char) c);
      }
    } catch (IOException e) {
      if (answer.isEmpty()) {
        throw new UncheckedIOException(e);
      }
    } finally {
      sender.interrupt();
    }
    return answer.toString();
  }

  @Test
  void uploadsThatTrickleLoseTheirPlacesAndTheirConnections() throws IOException {
    try (RunningServer running = start();
        Socket first = RawHttp.connect(running);
        Socket second = RawHttp.connect(running)) {
      begin(first, 1 << 20);
      begin(second, 1 << 20);
      // Others are served while these two get on, and as soon as they are found to be too slow.
      assertThat(running.get("/v2/health/live").statusCode()).isEqualTo(200);

      assertThat(trickle(first)).startsWith("HTTP/1.1 400").contains("expected: at least 1024");

      RunningServer.await(
          "the places are free",
          () -> running.post(UPLOAD, BodyPublishers.ofString("abc")).statusCode() == 200);
      assertThat(text(running.get("/metrics")))
          .containsPattern("slipway_limit_hits_total\\{limit=\"body_time\"\\} [12]\\.0");
    }
  }

  @Test
  void anUploadThatIsSilentAfterItsHeadIsRefused() throws IOException {
    try (RunningServer running = start();
        Socket silent = RawHttp.connect(running)) {
      begin(silent, 1 << 20);
      silent.setSoTimeout(30_000);
      byte[] status = silent.getInputStream().readNBytes(12);
      assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 400");
    }
  }

  /** Three times as long as the grace, at twenty times the least rate. */
  @Test
  void anUploadThatIsSlowButSteadyIsTaken() throws IOException {
    int parts = 60;
    byte[] part = new byte[1_024];
    try (RunningServer running = start();
        Socket steady = RawHttp.connect(running)) {
      begin(steady, (long) parts * part.length);
      long startNanos = System.nanoTime();
      for (int i = 0; i < parts; i++) {
        steady.getOutputStream().write(part);
        steady.getOutputStream().flush();
        pause();
      }
      assertThat(System.nanoTime() - startNanos).isGreaterThan(2_000_000_000L);
      steady.setSoTimeout(30_000);
      byte[] status = steady.getInputStream().readNBytes(12);
      assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
