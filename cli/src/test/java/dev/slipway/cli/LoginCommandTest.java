package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.cli.login.DeviceProvider;
import dev.slipway.store.client.KnownServers;
import dev.slipway.store.client.SavedLogins;
import dev.slipway.store.client.SavedLogins.Login;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code login} and {@code logout}, with a server and a provider on the loopback. */
@Timeout(60)
class LoginCommandTest {
  @TempDir Path folder = Path.of("");
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final DeviceProvider provider = new DeviceProvider();
  private HttpServer server;
  private String url = "";
  private volatile String offer = "";
  private Shell shell = new Shell(folder);

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(folder.resolve("work"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    url = "http://localhost:" + server.getAddress().getPort();
    shell = new Shell(folder).with("SLIPWAY_URL", url);
    provider.device = provider.device.replace("\"interval\":5", "\"interval\":1");
    offer =
        "{\"issuer\":\"%s\",\"client_id\":\"slipway-cli\",\"scopes\":[\"openid\"]}"
            .formatted(provider.issuer);
  }

  @AfterEach
  void stop() {
    server.stop(0);
    provider.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    asked.add(exchange.getRequestURI() + " " + authorization);
    int status = 200;
    String text =
        "{\"name\":\"ana\",\"kind\":\"person\",\"roles\":[\"viewer\"],\"grants\":[],\"scope\":null}";
    if (exchange.getRequestURI().getPath().endsWith("/sign-in")) {
      status = offer.isEmpty() ? 404 : 200;
      text =
          offer.isEmpty()
              ? "{\"code\":\"NOT_FOUND\",\"detail\":\"no sign-in; to mend it: slipway token"
                  + " create\"}"
              : offer;
    } else if ("Bearer nobody".equals(authorization)) {
      status = 401;
      text =
          "{\"code\":\"UNAUTHENTICATED\",\"detail\":\"account 'eva': not accepted; to mend it:"
              + " slipway user create eva\"}";
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private SavedLogins logins() {
    return SavedLogins.ofUser(Map.of(), folder.resolve("home"));
  }

  /** As if the access token had ended, or had long to go. */
  private void save(Instant expiry) throws IOException {
    logins()
        .put(
            url,
            new Login(
                provider.issuer,
                "slipway-cli",
                provider.url() + "/token",
                provider.url() + "/revoke",
                "first",
                "r1",
                expiry));
  }

  @Test
  void aLoginIsShownKeptForItsOwnerAloneUsedAndForgotten() throws IOException {
    provider.thenTokens("at", "rt");
    Path left = Files.createDirectories(folder.resolve("data")).resolve("admin.token");
    Files.writeString(left, "slp_left");
    KnownServers.ofUser(Map.of(), folder.resolve("home")).add(url, left);

    Shell.Result login = shell.run("login", "-q");

    assertThat(login.exit()).as(login.err()).isZero();
    assertThat(login.out()).contains("Name         ana").doesNotContain("at,");
    assertThat(login.err())
        .contains("provider  " + provider.issuer)
        .contains("open      https://id.example/device\n")
        .contains("enter     ABCD-EFGH\n")
        .contains("or open   https://id.example/device?user_code=ABCD-EFGH\n");
    Path file = logins().file();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    shell.with("SLIPWAY_URL", url.replace("localhost", "127.0.0.1")).run("whoami");
    shell.run("whoami", "--url", url);
    assertThat(shell.run("logout").err()).contains("logged out of");
    shell.run("whoami");
    assertThat(asked)
        .containsExactly(
            "/api/v1/sign-in null",
            "/api/v1/whoami Bearer at",
            "/api/v1/whoami Bearer at",
            "/api/v1/whoami Bearer at",
            "/api/v1/whoami Bearer slp_left");
    assertThat(Files.readString(file)).doesNotContain("at", "rt");
    assertThat(provider.forms().getLast())
        .startsWith("/revoke ")
        .contains("token=rt", "client_id=slipway-cli");
    assertThat(shell.run("logout").err()).contains("not logged in to");
  }

  @Test
  void whoHasNoAccountIsNotKept() throws IOException {
    provider.thenTokens("nobody", "rt");

    Shell.Result refused = shell.run("login");

    assertThat(refused.exit()).isEqualTo(4);
    assertThat(refused.err()).contains("account 'eva': not accepted", "slipway user create eva");
    assertThat(logins().find(url)).isEmpty();
  }

  @Test
  void aServerWithoutAProviderSaysWhatElseThereIs() {
    offer = "";
    Shell.Result refused = shell.run("login");
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.err()).contains("next:       slipway token create");
    offer = "{}";
    assertThat(shell.run("login").err()).contains("names no provider and client");
  }

  @Test
  void anExpiredLoginIsRenewedOnceAndKept() throws IOException {
    provider.thenTokens("second", "r2");
    save(Instant.now().plusSeconds(5));

    shell.run("whoami");
    shell.run("whoami");

    assertThat(asked)
        .containsExactly("/api/v1/whoami Bearer second", "/api/v1/whoami Bearer second");
    assertThat(provider.forms()).hasSize(1);
    assertThat(provider.forms().getFirst())
        .contains("grant_type=refresh_token", "refresh_token=r1", "client_id=slipway-cli");
    assertThat(logins().find(url).orElseThrow().refreshToken()).isEqualTo("r2");
  }

  @Test
  void aLoginThatIsNotRenewedAsksToLogInAgainAndNeverFallsBackToAnother() throws IOException {
    provider.thenError("invalid_grant");
    save(Instant.EPOCH);

    Shell.Result refused = shell.run("whoami");

    assertThat(refused.exit()).isEqualTo(4);
    assertThat(refused.err()).contains("invalid_grant", "next:       slipway login");
    assertThat(asked).isEmpty();
    assertThat(shell.with("SLIPWAY_TOKEN", "slp_x").run("whoami").exit())
        .as("the variable comes first")
        .isZero();
    assertThat(shell.run("logout").exit()).isZero();
  }

  @Test
  void aProviderThatIsDownIsNoReasonToLogInAgain() throws IOException {
    provider.then(503, "");
    save(Instant.EPOCH);
    assertThat(shell.run("whoami").exit()).isEqualTo(6);
    provider.close();
    Shell.Result refused = shell.run("whoami");
    assertThat(refused.exit()).isEqualTo(6);
    assertThat(refused.err()).contains("does not answer").doesNotContain("slipway login");
    assertThat(logins().find(url)).isPresent();
  }

  @Test
  void aFileThatIsDamagedHoldsNoLogin() throws IOException {
    save(Instant.now().plusSeconds(500));
    Files.writeString(logins().file(), "{\"" + url + "\":{\"expiry\":\"soon\"}");
    assertThat(shell.run("whoami").exit()).isZero();
    Files.writeString(logins().file(), "{\"" + url + "\":{\"expiry\":\"soon\"}}");
    assertThat(shell.run("whoami").exit()).isZero();
    assertThat(asked).containsOnly("/api/v1/whoami null");
  }
}
