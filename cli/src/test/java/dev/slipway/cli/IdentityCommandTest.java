package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.store.client.KnownServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which token the command line shows to whom, and what it asks of the control API. */
class IdentityCommandTest {
  private static final String TOKEN =
      """
      {"id":"0123456789ab","account":"shop","purpose":"","scope":null,"token":"slp_secret",
       "created_at":"2026-11-25T10:00:00Z","expires_at":"2027-02-23T10:00:00Z","revoked_at":null}\
      """;

  @TempDir Path folder = Path.of("");
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;
  private String url = "";
  private Shell shell = new Shell(folder);

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(folder.resolve("work"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort();
    shell = new Shell(folder).with("SLIPWAY_URL", url);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    asked.add(
        "%s %s %s %s".formatted(exchange.getRequestMethod(), path, authorization, body).strip());
    int status = 200;
    String text =
        """
        {"name":"shop","kind":"service","roles":["viewer"],"grants":["infer:deployment/fraud"],
         "scope":null,"enabled":true,"created_at":"2026-11-25T10:00:00Z"}\
        """;
    if (path.endsWith("/invitations")) {
      text = "{\"account\":\"ana\",\"code\":\"sli_x\",\"expires_at\":\"2026-11-26T10:00:00Z\"}";
    } else if (path.contains("/tokens?")) {
      text = "{\"items\":[" + TOKEN.replace("\"token\":\"slp_secret\",", "") + "]}";
    } else if (path.contains("/tokens") || path.endsWith("/redeem")) {
      text = TOKEN;
    } else if (path.endsWith("/forbidden")) {
      status = 403;
      text =
          "{\"code\":\"PERMISSION_DENIED\",\"detail\":\"shop may not x; to mend it: slipway user"
              + " allow shop --role admin\"}";
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Path leaveToken(String token) throws IOException {
    Path file = Files.createDirectories(folder.resolve("data")).resolve("admin.token");
    Files.writeString(file, token + "\n");
    known().add(url.replace("127.0.0.1", "localhost"), file);
    return file;
  }

  private KnownServers known() {
    return KnownServers.ofUser(Map.of(), folder.resolve("home"));
  }

  @Test
  void whatAServerLeftForItsUserIsFoundByItsUrlAlone() throws IOException {
    assertThat(shell.run("whoami").exit()).isZero();
    leaveToken("slp_left");
    assertThat(shell.run("whoami").out())
        .contains("Name         shop", "May          viewer, infer:");
    shell.with("SLIPWAY_URL", url.replace("127.0.0.1", "localhost")).run("whoami");

    assertThat(asked)
        .containsExactly(
            "GET /api/v1/whoami null",
            "GET /api/v1/whoami Bearer slp_left",
            "GET /api/v1/whoami Bearer slp_left");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(known().file())))
        .isEqualTo("rw-------");
    assertThat(known().token("http://localhost:1")).isEmpty();
  }

  @Test
  void theVariableWinsThenTheFileThatIsNamed() throws IOException {
    leaveToken("slp_left");
    Files.writeString(folder.resolve("work/token"), "slp_file\n");
    shell.with("SLIPWAY_TOKEN_FILE", "token").run("whoami");
    shell.with("SLIPWAY_TOKEN", "slp_variable").run("whoami");

    assertThat(asked)
        .containsExactly(
            "GET /api/v1/whoami Bearer slp_file", "GET /api/v1/whoami Bearer slp_variable");
    Shell.Result unreadable =
        new Shell(folder).with("SLIPWAY_TOKEN_FILE", "none").run("whoami", "--url", url);
    assertThat(unreadable.exit()).isEqualTo(2);
    assertThat(unreadable.err()).contains("SLIPWAY_TOKEN_FILE: none");
  }

  @Test
  void aServerThatEndedIsForgottenUnlessAnotherTookItsPlace() throws IOException {
    Path file = leaveToken("slp_left");
    Path other = Files.writeString(folder.resolve("other"), "slp_other");
    known().add(url, other);
    known().remove(url, file);
    assertThat(known().token(url)).contains("slp_other");
    known().remove(url, other);
    assertThat(known().token(url)).isEmpty();
  }

  @Test
  void accountsAndTokensAreAskedForAsDocumented() {
    shell.with("SLIPWAY_TOKEN", "t");
    assertThat(shell.run("token", "create", "--account", "shop", "-o", "name").out())
        .isEqualTo("slp_secret\n");
    shell.run("token", "create", "--grant", "infer:deployment/fraud", "--days", "1");
    assertThat(shell.run("token", "list", "--account", "shop").out())
        .contains("0123456789ab  shop")
        .doesNotContain("slp_");
    shell.run("token", "revoke", "0123456789ab", "--account", "shop");
    shell.run("user", "create", "ana@example.com", "--role", "approver");
    shell.run("user", "create", "shop", "--service");
    shell.run("user", "deny", "shop", "--role", "viewer");
    shell.run("user", "disable", "shop");
    assertThat(shell.run("user", "invite", "ana").out()).contains("Code         sli_x");

    assertThat(asked)
        .containsExactly(
            "POST /api/v1/accounts/shop/tokens Bearer t"
                + " {\"purpose\":\"\",\"lifetime_seconds\":7776000}",
            "GET /api/v1/whoami Bearer t",
            "POST /api/v1/accounts/shop/tokens Bearer t"
                + " {\"purpose\":\"\",\"lifetime_seconds\":86400,"
                + "\"roles\":[],\"grants\":[\"infer:deployment/fraud\"]}",
            "GET /api/v1/accounts/shop/tokens?page_size=100 Bearer t",
            "DELETE /api/v1/accounts/shop/tokens/0123456789ab Bearer t",
            "POST /api/v1/accounts Bearer t {\"name\":\"ana@example.com\",\"kind\":\"person\","
                + "\"roles\":[\"approver\"],\"grants\":[]}",
            "POST /api/v1/accounts Bearer t {\"name\":\"shop\",\"kind\":\"service\",\"roles\":[],"
                + "\"grants\":[]}",
            "POST /api/v1/accounts/shop/deny Bearer t {\"roles\":[\"viewer\"],\"grants\":[]}",
            "POST /api/v1/accounts/shop/disable Bearer t",
            "POST /api/v1/accounts/ana/invitations Bearer t");
    assertThat(shell.run("user", "allow", "shop").exit()).as("nothing to allow").isEqualTo(2);
  }

  @Test
  void theFirstPersonNeedsNoCodeWhereTheServerRuns() throws IOException {
    assertThat(shell.run("user", "claim", "ana").exit()).as("no code").isEqualTo(2);
    Path file = leaveToken("slp_left");
    Files.writeString(file.resolveSibling("first.invitation"), "sli_first\n");

    assertThat(shell.run("user", "claim", "ana").out()).contains("Token        slp_secret");
    shell.typing("sli_typed\n").run("user", "claim", "ana");

    assertThat(asked.getFirst())
        .contains("/api/v1/invitations/redeem")
        .endsWith("{\"code\":\"sli_first\",\"name\":\"ana\"}");
    assertThat(asked.getLast()).endsWith("{\"code\":\"sli_typed\",\"name\":\"ana\"}");
  }

  @Test
  void aRefusalNamesTheCommandThatMendsIt() {
    Shell.Result refused = shell.run("model", "get", "forbidden");

    assertThat(refused.exit()).isEqualTo(4);
    assertThat(refused.err())
        .contains("PERMISSION_DENIED: shop may not x\n")
        .contains("next:       slipway user allow shop --role admin\n");
  }
}
