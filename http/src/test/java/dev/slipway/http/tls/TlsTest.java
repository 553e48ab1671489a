package dev.slipway.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.testing.RunningServer;
import dev.slipway.testkit.tls.CertificateAuthority;
import dev.slipway.testkit.tls.CertificateAuthority.Issued;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server over TLS, to the JDK's client. */
@Timeout(60)
class TlsTest {
  private static final String SERVER = "dns:localhost,ip:127.0.0.1";

  @TempDir Path folder;
  private CertificateAuthority authority;
  private TlsFiles files;

  @BeforeEach
  void issue() throws IOException {
    authority = new CertificateAuthority(Files.createDirectory(folder.resolve("authority")));
    files = new TlsFiles(folder.resolve("tls.crt"), folder.resolve("tls.key"), null);
    write(authority.issue("server", SERVER));
  }

  private void write(Issued issued) throws IOException {
    Files.writeString(files.certificate(), issued.certificate());
    Files.writeString(files.key(), issued.key());
  }

  private HttpResponse<String> get(RunningServer running, HttpClient.Version version)
      throws IOException, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder().version(version).sslContext(authority.context(null)).build()) {
      return client.send(
          HttpRequest.newBuilder(
                  URI.create("https://localhost:%d/v2/models/sum".formatted(running.server.port())))
              .timeout(Duration.ofSeconds(10))
              .build(),
          BodyHandlers.ofString());
    }
  }

  private static Object serial(HttpResponse<String> response) throws SSLPeerUnverifiedException {
    return ((java.security.cert.X509Certificate)
            response.sslSession().orElseThrow().getPeerCertificates()[0])
        .getSerialNumber();
  }

  @Test
  void bothVersionsOfHttpAreSpokenOverTlsAndNothingInTheClear() throws Exception {
    try (RunningServer running = RunningServer.start(RunningServer.OPTIONS.withTls(files))) {
      for (HttpClient.Version version : HttpClient.Version.values()) {
        if (version == HttpClient.Version.HTTP_1_1 || version == HttpClient.Version.HTTP_2) {
          HttpResponse<String> response = get(running, version);
          assertThat(response.statusCode()).isEqualTo(200);
          assertThat(response.version()).isEqualTo(version);
        }
      }
      assertThatThrownBy(() -> running.get("/v2/models/sum"))
          .hasRootCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void aReplacedCertificateIsShownWithoutARestartAndHalfOfOneChangesNothing() throws Exception {
    Issued first = authority.issue("first", SERVER);
    Issued second = authority.issue("second", SERVER);
    write(first);
    try (RunningServer running = RunningServer.start(RunningServer.OPTIONS.withTls(files))) {
      assertThat(serial(get(running, HttpClient.Version.HTTP_2)))
          .isEqualTo(first.leaf().getSerialNumber());

      Files.writeString(files.certificate(), second.certificate());
      // Longer than it takes to look again.
      LockSupport.parkNanos(Duration.ofMillis(1_500).toNanos());
      assertThat(serial(get(running, HttpClient.Version.HTTP_2)))
          .as("its key is not there yet")
          .isEqualTo(first.leaf().getSerialNumber());

      Files.writeString(files.key(), second.key());
      HttpResponse<String> response = get(running, HttpClient.Version.HTTP_2);
      for (int i = 0; i < 100 && !serial(response).equals(second.leaf().getSerialNumber()); i++) {
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        response = get(running, HttpClient.Version.HTTP_2);
      }
      assertThat(serial(response)).isEqualTo(second.leaf().getSerialNumber());
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
    }
  }

  @Test
  void filesThatDoNotFitTogetherAreRefusedByNameWithoutTheKey() throws Exception {
    Issued other = authority.issue("other", SERVER);
    Files.writeString(files.key(), other.key());
    assertRefused(files, "tls-key: ");
    Files.writeString(files.key(), "-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----");
    assertRefused(files, "tls-key: ");
    assertRefused(new TlsFiles(files.certificate(), folder.resolve("missing"), null), "tls-key: ");
    assertRefused(new TlsFiles(files.key(), files.key(), null), "tls-certificate: ");
    write(other);
    assertRefused(new TlsFiles(files.certificate(), files.key(), files.key()), "tls-client-ca: ");
  }

  private static void assertRefused(TlsFiles files, String message) {
    assertThatThrownBy(() -> TlsMaterial.read(files))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID);
              assertThat(e).hasMessageStartingWith(message).hasMessageNotContaining("hush");
            });
  }
}
