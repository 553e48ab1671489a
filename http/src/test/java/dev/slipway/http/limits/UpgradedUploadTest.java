package dev.slipway.http.limits;

import static dev.slipway.http.testing.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.http.control.ControlHandler;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.http.testing.RawHttp;
import dev.slipway.http.testing.RunningServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Uploads whose request upgrades the connection to HTTP/2, as Java's own client makes them. */
class UpgradedUploadTest {
  private static final String UPLOAD = "/api/v1/upload";
  private static final int MIB = 1 << 20;

  /** What a loopback connection keeps on its way, with room; far below the whole upload. */
  private static final long ON_THE_WAY_MAX = 32L * MIB;

  private static final int LENGTH = 96 * MIB;

  private final CountDownLatch reading = new CountDownLatch(1);

  private ControlResponse count(InputStream body) {
    try {
      reading.await();
      long length = 0;
      byte[] part = new byte[1 << 16];
      for (int n = body.read(part); n >= 0; n = body.read(part)) {
        length += n;
      }
      return new ControlResponse(
          200, "application/json", Long.toString(length).getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private RunningServer start() {
    ControlHandler counts = request -> count(request.body());
    return RunningServer.start(RunningServer.OPTIONS, counts);
  }

  @Test
  void theSenderWaitsForTheReader() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (RunningServer running = start();
        Socket socket = RawHttp.connect(running)) {
      Thread sender = Thread.ofVirtual().start(() -> send(socket, sent));
      long settled = -1;
      while (settled != sent.get() || settled == 0) {
        settled = sent.get();
        TimeUnit.MILLISECONDS.sleep(500);
      }
      assertThat(settled).isPositive().isLessThan(ON_THE_WAY_MAX);
      assertThat(running.get("/v2/health/live").statusCode()).isEqualTo(200);

      reading.countDown();
      sender.join();
      assertThat(sent.get()).isEqualTo(LENGTH);
    }
  }

  private static void send(Socket socket, AtomicLong sent) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(
          """
          PUT %s HTTP/1.1\r
          host: localhost\r
          connection: Upgrade, HTTP2-Settings\r
          upgrade: h2c\r
          http2-settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r
          content-length: %d\r
          \r
          """
              .formatted(UPLOAD, LENGTH)
              .getBytes(StandardCharsets.US_ASCII));
      byte[] part = new byte[1 << 16];
      for (int i = 0; i < LENGTH / part.length; i++) {
        out.write(part);
        sent.addAndGet(part.length);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theUploadAndWhatFollowsOnItsConnectionArriveWhole() {
    reading.countDown();
    try (RunningServer running = start()) {
      for (int round = 0; round < 2; round++) {
        HttpResponse<byte[]> answer =
            running.sendHttp2(
                running.request(UPLOAD).PUT(BodyPublishers.ofByteArray(new byte[LENGTH])));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(text(answer)).isEqualTo(Integer.toString(LENGTH));
      }
    }
  }
}
