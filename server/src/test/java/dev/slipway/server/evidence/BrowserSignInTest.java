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
import java.net.URLDecoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as it is started, as a browser sees it, and a provider that answers over HTTP. */
@Timeout(120)
class BrowserSignInTest {
  @TempDir Path folder;
  private RSAKey key;
  private HttpServer provider;
  private String issuer;
  private volatile String idToken = "";
  private ServerUnderTest server;
  private String own;

  @BeforeEach
  void start() throws Exception {
    key = new RSAKeyGenerator(2_048).keyID("k1").generate();
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer = "http://localhost:" + provider.getAddress().getPort();
    answer("/keys", () -> new JWKSet(key).toPublicJWKSet().toString());
    answer("/token", () -> "{\"token_type\":\"Bearer\",\"id_token\":\"" + idToken + "\"}");
    answer(
        "/.well-known/openid-configuration",
        () ->
            """
            {"issuer":"%s","jwks_uri":"%s/keys","authorization_endpoint":"%s/authorize",
             "token_endpoint":"%s/token"}\
            """
                .formatted(issuer, issuer, issuer, issuer));
    provider.start();
    int port = ServerUnderTest.freePort();
    own = "http://localhost:" + port;
    server =
        ServerUnderTest.start(
            folder.resolve("data"),
            port,
            "--local-caller=false",
            "--oidc-issuer=" + issuer,
            "--oidc-audience=slipway",
            "--oidc-client-id=web",
            "--oidc-cli-client-id=cli",
            "--oidc-scopes=openid groups",
            "--oidc-roles-claim=groups",
            "--oidc-roles=ml=developer",
            "--public-url=" + own);
    String administrator = Files.readString(folder.resolve("data").resolve("admin.token")).strip();
    assertThat(
            server
                .sendAs(
                    administrator,
                    "POST",
                    "/api/v1/accounts",
                    "{\"name\":\"ana\",\"kind\":\"person\",\"roles\":[\"viewer\"]}")
                .statusCode())
        .isBetween(200, 201);
  }

  @AfterEach
  void stop() {
    server.close();
    provider.stop(0);
  }

  private interface Text {
    String now();
  }

  private void answer(String path, Text text) {
    provider.createContext(
        path,
        exchange -> {
          byte[] body = text.now().getBytes(StandardCharsets.UTF_8);
          try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
  }

  private HttpResponse<String> get(String path, String cookie)
      throws IOException, InterruptedException {
    return server.send(server.request(path).header("Cookie", cookie).build());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static String parameter(String address, String name) {
    return URLDecoder.decode(
        address.replaceAll(".*[?&]" + name + "=([^&]*).*", "$1"), StandardCharsets.UTF_8);
  }

  private static String cookie(HttpResponse<?> response) {
    return header(response, "set-cookie").replaceAll(";.*", "");
  }

  /** A sign-in whose browser is on its way back: the path of the callback, and its cookie. */
  private record OnTheWay(String callback, String cookie) {}

  private OnTheWay begin(String subject, String back) throws Exception {
    HttpResponse<String> sent = server.get("/login?return=" + back);
    assertThat(sent.statusCode()).as(sent.body()).isEqualTo(303);
    String location = header(sent, "location");
    assertThat(location).startsWith(issuer + "/authorize?").contains("scope=openid+groups");
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").build(),
            new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience("web")
                .subject(subject)
                .claim("nonce", parameter(location, "nonce"))
                .claim("groups", List.of("ml"))
                .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                .build());
    jwt.sign(new RSASSASigner(key));
    idToken = jwt.serialize();
    return new OnTheWay(
        "/login/callback?code=c&state=" + parameter(location, "state"), cookie(sent));
  }

  /** The first keys may still be on their way. */
  private HttpResponse<String> signIn(String subject, String back) throws Exception {
    HttpResponse<String> landed = null;
    for (int i = 0; i < 600; i++) {
      OnTheWay onTheWay = begin(subject, back);
      landed = get(onTheWay.callback, onTheWay.cookie);
      if (landed.statusCode() != 503) {
        return landed;
      }
      LockSupport.parkNanos(50_000_000);
    }
    throw new AssertionError("no keys within 30 s: " + landed);
  }

  @Test
  void aPersonSignsInIsKnownOnEveryMountAndSignsOut() throws Exception {
    HttpResponse<String> landed = signIn("ana", "/v2%3Fx=1");
    assertThat(landed.statusCode()).as(landed.body()).isEqualTo(303);
    assertThat(header(landed, "location")).isEqualTo(own + "/v2?x=1");
    assertThat(header(landed, "set-cookie"))
        .startsWith("slipway-" + server.port() + "=sls_")
        .contains("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=28800");
    String session = cookie(landed);

    assertThat(get("/api/v1/whoami", session).body()).contains("\"ana\"", "developer", "viewer");
    for (String path : List.of("/v2", "/metrics", "/api/2.0/mlflow/experiments/search")) {
      assertThat(get(path, "").statusCode()).as(path).isEqualTo(401);
      assertThat(get(path, session).statusCode()).as(path).isNotEqualTo(401);
    }
    HttpResponse<String> page = get("/login/account", session);
    assertThat(page.body()).contains("You are <b>ana</b>", "developer, viewer");
    assertThat(header(page, "content-security-policy"))
        .isEqualTo(
            "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
    assertThat(header(page, "cache-control")).isEqualTo("no-store");
    assertThat(header(page, "referrer-policy")).isEqualTo("same-origin");
    assertThat(get("/logout", session).statusCode()).isEqualTo(405);
    assertThat(signOut(session, "http://evil.example").statusCode()).isEqualTo(403);
    assertThat(get("/v2", session).statusCode()).isEqualTo(200);

    HttpResponse<String> left = signOut(session, own);

    assertThat(left.statusCode()).isEqualTo(200);
    assertThat(header(left, "set-cookie")).contains("Max-Age=0");
    assertThat(get("/v2", session).statusCode()).isEqualTo(401);
    assertThat(get("/v2", session).body()).contains("session: has ended").contains("/login");
    assertThat(get("/login/account", session).body()).contains("Nobody has signed in");
    assertThat(server.log())
        .contains("sign-in: ana came in", "sign-in: ana went")
        .doesNotContain(session.replaceAll(".*=", ""), idToken);
  }

  private HttpResponse<String> signOut(String session, String origin) throws Exception {
    return server.send(
        server
            .request("/logout")
            .header("Cookie", session)
            .header("Origin", origin)
            .POST(BodyPublishers.noBody())
            .build());
  }

  @Test
  void whatIsNotAcceptedIsAPageThatSaysWhyWithoutASession() throws Exception {
    HttpResponse<String> stranger = signIn("<b>eva", "/v2");
    assertThat(stranger.statusCode()).isEqualTo(401);
    assertThat(stranger.body()).doesNotContain("<b>eva").contains("href=\"/login\"");
    assertThat(header(stranger, "set-cookie")).isEmpty();
    assertThat(header(stranger, "content-type")).startsWith("text/html");

    OnTheWay one = begin("ana", "/v2");
    OnTheWay other = begin("ana", "/v2");
    HttpResponse<String> crossed = get(other.callback, one.cookie);
    assertThat(crossed.statusCode()).isEqualTo(401);
    assertThat(crossed.body()).contains("of another browser");
    assertThat(get(other.callback, other.cookie).body()).contains("state: not known");
    assertThat(get("/login/callback?state=%3Cscript%3E&error=x", "").body())
        .doesNotContain("<script>");
    assertThat(signIn("ana", "//evil.example").headers().firstValue("location"))
        .contains(own + "/login/account");

    HttpResponse<String> metrics = get("/metrics", cookie(signIn("ana", "/v2")));
    assertThat(metrics.body())
        .contains("slipway_sign_ins_total{outcome=\"accepted\"} 2.0", "slipway_sessions 2.0")
        .containsPattern("slipway_sign_ins_total\\{outcome=\"refused\"} [4-9]");
  }

  @Test
  void whoIsNotKnownLearnsWhichProviderAndThatItIsDown() throws Exception {
    HttpResponse<String> offer = server.get("/api/v1/sign-in");
    assertThat(offer.statusCode()).isEqualTo(200);
    assertThat(offer.body())
        .isEqualTo(
            "{\"issuer\":\"%s\",\"client_id\":\"cli\",\"scopes\":[\"openid\",\"groups\"]}"
                .formatted(issuer));
    assertThat(server.post("/api/v1/sign-in", "{}").statusCode()).isEqualTo(405);

    provider.stop(0);
    HttpResponse<String> down = server.get("/login");
    assertThat(down.statusCode()).isEqualTo(502);
    assertThat(down.body()).contains("cannot be asked now").doesNotContain("Exception");
    assertThat(header(down, "location")).isEmpty();
  }
}
