package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.server.Slipway;
import dev.slipway.server.config.ServerConfig;
import dev.slipway.testkit.tls.CertificateAuthority;
import dev.slipway.testkit.tls.CertificateAuthority.Issued;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server on every interface, over TLS, and callers that are known by their certificates. */
@Timeout(120)
class SecureServerTest {
  private static final String SHOP = "uri:spiffe://example.org/shop";

  @TempDir Path folder;

  private CertificateAuthority authority(String name) throws IOException {
    return new CertificateAuthority(Files.createDirectory(folder.resolve(name)));
  }

  private static HttpRequest.Builder request(Slipway server, String path) {
    return HttpRequest.newBuilder(
            URI.create("https://localhost:%d/api/v1/%s".formatted(server.port(), path)))
        .timeout(Duration.ofSeconds(20));
  }

  /** On a connection of its own, which shows the certificate of that name. */
  private static HttpResponse<String> send(
      CertificateAuthority authority, @Nullable String certificate, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(authority.context(certificate)).build()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  @Test
  void aServiceIsKnownByItsCertificateAndTheAuthoritiesAreReadAgain() throws Exception {
    CertificateAuthority ours = authority("ours");
    CertificateAuthority theirs = authority("theirs");
    Issued server = ours.issue("server", "dns:localhost");
    ours.issue("shop", SHOP);
    ours.issue("other", "uri:spiffe://example.org/other");
    ours.issue("ana", "dns:ana");
    Path certificate = Files.writeString(folder.resolve("tls.crt"), server.certificate());
    Path key = Files.writeString(folder.resolve("tls.key"), server.key());
    Path clients = Files.writeString(folder.resolve("clients.crt"), ours.certificate());
    Path data = folder.resolve("data");
    ServerConfig config =
        ServerConfig.read(
            List.of(
                "--host=0.0.0.0",
                "--port=0",
                "--data=" + data,
                "--tls-certificate=" + certificate,
                "--tls-key=" + key,
                "--tls-client-ca=" + clients,
                "--tls-client-accounts=spiffe://example.org/shop=shop"),
            Map.of());
    try (Slipway running = Slipway.start(config)) {
      String token = "Bearer " + Files.readString(data.resolve("admin.token")).strip();
      for (String account :
          List.of(
              "{\"name\":\"shop\",\"kind\":\"service\",\"roles\":[\"viewer\"]}",
              "{\"name\":\"ana\",\"kind\":\"person\",\"roles\":[\"approver\"]}")) {
        assertThat(
                send(
                        ours,
                        null,
                        request(running, "accounts")
                            .header("Authorization", token)
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(account)))
                    .statusCode())
            .isBetween(200, 201);
      }

      assertThat(send(ours, null, request(running, "whoami")).body()).contains("\"local\"");
      assertThat(send(ours, "shop", request(running, "whoami")).body()).contains("\"shop\"");
      assertThat(
              send(ours, "shop", request(running, "whoami").header("Authorization", token)).body())
          .as("a token says who it is")
          .contains("local-admin");
      assertThat(send(ours, "other", request(running, "whoami")).statusCode())
          .as("never local")
          .isEqualTo(401);
      assertThat(send(ours, "ana", request(running, "whoami")).body())
          .contains("is a person's (expected: a service)");

      Files.writeString(clients, theirs.certificate());
      boolean refused = false;
      for (int i = 0; i < 100 && !refused; i++) {
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        refused = isRefused(ours, running);
      }
      assertThat(refused).as("of an authority that is no longer there").isTrue();
    }
  }

  /** Whether a service with a certificate is not known by it. */
  private static boolean isRefused(CertificateAuthority authority, Slipway running)
      throws InterruptedException {
    try {
      return !send(authority, "shop", request(running, "whoami")).body().contains("\"shop\"");
    } catch (IOException e) {
      return true; // The handshake failed.
    }
  }

  @Test
  void aCertificateOfAnUnknownAuthorityDoesNotGetAnywhere() throws Exception {
    CertificateAuthority ours = authority("ours");
    CertificateAuthority theirs = authority("theirs");
    Issued server = theirs.issue("server", "dns:localhost");
    theirs.issue("shop", SHOP);
    ServerConfig config =
        ServerConfig.read(
            List.of(
                "--port=0",
                "--data=" + folder.resolve("data"),
                "--tls-certificate="
                    + Files.writeString(folder.resolve("tls.crt"), server.certificate()),
                "--tls-key=" + Files.writeString(folder.resolve("tls.key"), server.key()),
                "--tls-client-ca="
                    + Files.writeString(folder.resolve("clients.crt"), ours.certificate()),
                "--tls-client-accounts=spiffe://example.org/shop=shop"),
            Map.of());
    try (Slipway running = Slipway.start(config)) {
      assertThat(send(theirs, null, request(running, "whoami")).statusCode()).isEqualTo(200);
      assertThat(isRefused(theirs, running)).isTrue();
      assertThatThrownBy(() -> send(ours, null, request(running, "whoami")))
          .as("the client does not trust the server's authority")
          .isInstanceOf(IOException.class);
    }
  }
}
