package dev.slipway.server.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as it is started accepts the tokens of the provider that its settings name. */
class OidcTest {
  @TempDir Path folder;

  @Test
  @Timeout(120)
  void aTokenOfTheProviderIsItsAccountAndTheServerStartsAndGoesOnWithoutTheProvider()
      throws Exception {
    RSAKey key = new RSAKeyGenerator(2_048).keyID("k1").generate();
    int port = ServerUnderTest.freePort();
    String issuer = "http://localhost:" + port;
    Path data = folder.resolve("data");
    try (ServerUnderTest server =
        ServerUnderTest.start(
            data,
            ServerUnderTest.freePort(),
            "--oidc-issuer=" + issuer,
            "--oidc-audience=slipway",
            "--oidc-roles-claim=groups",
            "--oidc-roles=ml=developer")) {
      String administrator = Files.readString(data.resolve("admin.token")).strip();
      assertThat(
              server
                  .sendAs(
                      administrator,
                      "POST",
                      "/api/v1/accounts",
                      "{\"name\":\"ana\",\"kind\":\"person\",\"roles\":[\"viewer\"]}")
                  .statusCode())
          .isBetween(200, 201);
      String token = token(key, issuer, "slipway");
      assertThat(whoami(server, token).statusCode()).as("no keys yet").isEqualTo(503);

      HttpServer provider = provider(port, issuer, key);
      HttpResponse<String> ana = whoami(server, token);
      for (int i = 0; i < 600 && ana.statusCode() == 503; i++) {
        LockSupport.parkNanos(50_000_000);
        ana = whoami(server, token);
      }
      assertThat(ana.body()).contains("\"name\":\"ana\"", "developer", "viewer");
      assertThat(whoami(server, token(key, issuer, "another")).statusCode()).isEqualTo(401);

      provider.stop(0);
      assertThat(whoami(server, token).statusCode()).isEqualTo(200);
      assertThat(server.log()).doesNotContain(token);
    }
  }

  private static HttpResponse<String> whoami(ServerUnderTest server, String token)
      throws IOException, InterruptedException {
    return server.send(
        server.request("/api/v1/whoami").header("Authorization", "Bearer " + token).build());
  }

  private static String token(RSAKey key, String issuer, String audience) throws Exception {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
            new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(audience)
                .subject("ana")
                .claim("groups", List.of("ml"))
                .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                .build());
    jwt.sign(new RSASSASigner(key));
    return jwt.serialize();
  }

  private static HttpServer provider(int port, String issuer, RSAKey key) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    answer(
        server,
        "/.well-known/openid-configuration",
        "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(issuer, issuer));
    answer(server, "/keys", new JWKSet(key).toPublicJWKSet().toString());
    server.start();
    return server;
  }

  private static void answer(HttpServer server, String path, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
  }
}
