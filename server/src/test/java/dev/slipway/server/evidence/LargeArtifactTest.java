package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An artifact that is far larger than the memory of the server that takes it and gives it back. */
class LargeArtifactTest {
  private static final long MIB = 1L << 20;

  /** Of heap, and as much again of buffers beside it. */
  private static final String HEAP = "-Xmx96m";

  @TempDir Path folder;

  /** HTTP/2 is what Java's own client asks for: the upload then upgrades its connection. */
  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
  @Timeout(180)
  void aQuarterGibibyteTravelsThroughLessMemory(HttpClient.Version version) throws Exception {
    sendAndFetch(256 * MIB, version);
  }

  @Test
  @Tag("long")
  @Timeout(1800)
  void fourGibibytesTravelThroughTheSameMemory() throws Exception {
    sendAndFetch(4096 * MIB, HttpClient.Version.HTTP_1_1);
  }

  private void sendAndFetch(long bytes, HttpClient.Version version) throws Exception {
    String path = "/api/2.0/mlflow-artifacts/artifacts/0/run/artifacts/large.bin";
    try (ServerUnderTest server =
            ServerUnderTest.start(folder.resolve("data"), ServerUnderTest.freePort(), HEAP);
        HttpClient client = HttpClient.newBuilder().version(version).build()) {
      long idle = server.residentBytes();
      long started = System.nanoTime();
      CheckedInputStream sent = new CheckedInputStream(new Noise(bytes), new CRC32C());
      HttpRequest put =
          server
              .request(path)
              .timeout(Duration.ofMinutes(20))
              .PUT(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> sent), bytes))
              .build();
      assertThat(client.send(put, BodyHandlers.ofString()).body()).isEqualTo("{}");
      long stored = System.nanoTime();

      HttpResponse<InputStream> answer =
          client.send(
              server.request(path).timeout(Duration.ofMinutes(20)).build(),
              BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      CheckedInputStream received = new CheckedInputStream(answer.body(), new CRC32C());
      long length = received.transferTo(OutputStream.nullOutputStream());
      long fetched = System.nanoTime();

      assertThat(length).isEqualTo(bytes);
      assertThat(received.getChecksum().getValue()).isEqualTo(sent.getChecksum().getValue());
      long resident = server.residentBytes();
      assertThat(resident).as("resident bytes").isLessThan(400 * MIB);
      System.out.printf(
          "%d MiB with %s: stored in %.1f s, fetched in %.1f s, resident %d MiB (%d before)%n",
          bytes / MIB,
          HEAP,
          (stored - started) / 1e9,
          (fetched - stored) / 1e9,
          resident / MIB,
          idle / MIB);
    }
  }
}
