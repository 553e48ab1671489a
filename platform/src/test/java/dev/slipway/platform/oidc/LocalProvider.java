package dev.slipway.platform.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Discovery and keys over HTTP on the loopback, and tokens signed by them. */
final class LocalProvider implements AutoCloseable {
  static final String AUDIENCE = "slipway";
  static final RSAKey FIRST = rsa("first");
  static final RSAKey SECOND = rsa("second");

  /** Answers a request for a path in a way of its own. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  final AtomicInteger keyRequests = new AtomicInteger();
  final AtomicInteger discoveryRequests = new AtomicInteger();

  /** The forms that came to the token endpoint, each with its Authorization header, or null. */
  final List<String> tokenRequests = new CopyOnWriteArrayList<>();

  volatile Answer tokenAnswer = exchange -> send(exchange, 400, "{\"error\":\"invalid_grant\"}");
  volatile List<JWK> keys = List.of(FIRST);
  volatile Answer keysAnswer = exchange -> send(exchange, 200, published());
  volatile Answer discoveryAnswer = exchange -> send(exchange, 200, discovery(issuer(), "/keys"));

  private LocalProvider(HttpServer server) {
    this.server = server;
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/realm/.well-known/openid-configuration",
        exchange -> {
          discoveryRequests.incrementAndGet();
          discoveryAnswer.to(exchange);
        });
    server.createContext(
        "/token",
        exchange -> {
          String form =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          tokenRequests.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + form);
          tokenAnswer.to(exchange);
        });
    server.createContext(
        "/keys",
        exchange -> {
          keyRequests.incrementAndGet();
          keysAnswer.to(exchange);
        });
    server.start();
  }

  static LocalProvider start() throws IOException {
    return start(0);
  }

  static LocalProvider start(int port) throws IOException {
    return new LocalProvider(
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
  }

  static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2_048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  String issuer() {
    return "http://127.0.0.1:" + port() + "/realm";
  }

  String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  String discovery(String issuer, String keysPath) {
    return """
    {"issuer":"%s","jwks_uri":"%s","authorization_endpoint":"%s","token_endpoint":"%s"}\
    """
        .formatted(issuer, url(keysPath), url("/authorize?ui=1"), url("/token"));
  }

  String published() {
    return new JWKSet(keys).toPublicJWKSet().toString();
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  /** What a good token of ana says. */
  JWTClaimsSet.Builder claims(Instant now) {
    return new JWTClaimsSet.Builder()
        .issuer(issuer())
        .audience(AUDIENCE)
        .subject("ana")
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(300)));
  }

  String token(Instant now) {
    return signed(claims(now), FIRST);
  }

  static String signed(JWTClaimsSet.Builder claims, RSAKey key) {
    try {
      return signed(claims, JWSAlgorithm.RS256, key.getKeyID(), new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static String signed(
      JWTClaimsSet.Builder claims, JWSAlgorithm algorithm, String keyId, JWSSigner signer) {
    try {
      SignedJWT jwt =
          new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims.build());
      jwt.sign(signer);
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
