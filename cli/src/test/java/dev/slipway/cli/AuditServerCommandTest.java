package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.cli.output.Json;
import dev.slipway.core.audit.checkpoint.SignatureType;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.audit.log.SequencedLeaves;
import dev.slipway.core.audit.tile.LogPath;
import dev.slipway.store.audit.AuditLog;
import dev.slipway.store.audit.FolderTileStore;
import dev.slipway.store.audit.LastCheckpointFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that read the log of a server, against one with a real log of 300 entries. */
class AuditServerCommandTest {
  private static final int ENTRIES = 300;
  private static final SigningKey KEY =
      SigningKey.of("log.example", SignatureType.ED25519, new byte[SigningKey.SEED_BYTES]);

  @TempDir Path folder = Path.of("");
  private Path work = folder;
  private HttpServer server;
  private AuditLog log;
  private FolderTileStore tiles;
  private Shell shell = new Shell(folder);

  @BeforeEach
  void start() throws IOException {
    work = Files.createDirectories(folder.resolve("work"));
    List<byte[]> leaves = IntStream.range(0, ENTRIES).mapToObj(i -> entry(i).toBytes()).toList();
    SequencedLeaves committed =
        new SequencedLeaves() {
          @Override
          public long count() {
            return leaves.size();
          }

          @Override
          public List<byte[]> read(long from, long to) {
            return leaves.subList((int) from, (int) to);
          }
        };
    tiles = new FolderTileStore(folder.resolve("log"));
    LastCheckpointFile kept = new LastCheckpointFile(folder.resolve("kept"));
    log = new AuditLog(committed, tiles, kept, KEY, InstantSource.system());
    log.integrate();
    Files.writeString(work.resolve("log.vkey"), KEY.verifier().text() + "\n");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/v1/audit/log/", this::file);
    server.createContext("/api/v1/audit/entries", this::entries);
    server.createContext("/api/v1/deployments/fraud/history", this::history);
    server.start();
    shell =
        new Shell(folder).with("SLIPWAY_URL", "http://127.0.0.1:" + server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void anExportIsWhatVerifyProves() {
    Shell.Result export = shell.run("audit", "export", "copy");

    assertThat(export.exit()).as(export.err()).isZero();
    assertThat(export.out()).contains("Log          log.example\n", "Entries      300\n");
    assertThat(shell.run("audit", "verify", "copy", "--key", "log.vkey").exit()).isZero();
    assertThat(shell.run("audit", "export", "copy").exit()).as("there is a log").isNotZero();
  }

  @Test
  void aReceiptIsWrittenAndProvesItsEntry() {
    shell.run("audit", "export", "copy");

    assertThat(shell.run("audit", "receipt", "7", "--out", "7.tlog-proof").exit()).isZero();

    assertThat(
            shell
                .run("audit", "verify", "copy", "--key", "log.vkey", "--receipt", "7.tlog-proof")
                .exit())
        .isZero();
    assertThat(shell.run("audit", "receipt", "7").out())
        .isEqualTo(new String(log.receipt(7).toBytes(), StandardCharsets.UTF_8));
  }

  @Test
  void theListShowsWhoDidWhatTheNewestFirst() {
    assertThat(shell.run("audit", "list", "--limit", "2").out())
        .isEqualTo(
            """
            INDEX  TIME                  ACTOR  ACTION              SUBJECT  SIGNED
            299    1970-01-01T00:04:59Z  local  deployment.changed  d299     true
            298    1970-01-01T00:04:58Z  local  deployment.changed  d298     true
            """);
    assertThat(shell.run("audit", "list", "--from", "5", "--limit", "2", "-o", "name").out())
        .isEqualTo("5\n6\n");
    assertThat(shell.run("audit", "list", "-o", "name").out().lines().count()).isEqualTo(ENTRIES);
    assertThat(shell.run("audit", "list", "--from", "-1").exit()).isEqualTo(2);
  }

  @Test
  void anEntryIsShownWithItsDigests() {
    assertThat(shell.run("audit", "show", "3").out())
        .contains("Entry        3\n", "Action       deployment.changed\n", "Actor        local\n");
  }

  @Test
  void theHistoryTellsWhatServedAtATime() {
    assertThat(shell.run("deployment", "history", "fraud").out())
        .isEqualTo(
            """
            FROM                  UNTIL                 SERVED   KIND    ACTOR  APPROVED BY  AUDIT
            2026-05-03T14:00:00Z  -                     fraud/2  deploy  local  ben          9
            2026-05-03T12:00:00Z  2026-05-03T14:00:00Z  fraud/1  deploy  ci     -            4
            """);
    assertThat(
            shell
                .run(
                    "deployment",
                    "history",
                    "fraud",
                    "--at",
                    "2026-05-03T13:00:00+02:00",
                    "-o",
                    "name")
                .out())
        .isEqualTo("4\n");
    assertThat(shell.run("deployment", "history", "fraud", "--at", "2020-01-01T00:00:00Z").exit())
        .isEqualTo(3);
  }

  private static AuditEntry entry(int number) {
    return AuditEntry.of(
        new Actor.LocalCaller(),
        "deployment.changed",
        new Subject("deployment", "d" + number),
        Instant.ofEpochSecond(number));
  }

  private void file(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring("/api/v1/audit/log/".length());
    Optional<byte[]> bytes = tiles.read(LogPath.parse(path));
    answer(
        exchange,
        bytes.isPresent() ? 200 : 404,
        bytes.orElse("{}".getBytes(StandardCharsets.UTF_8)));
  }

  private void entries(HttpExchange exchange) throws IOException {
    String[] part = exchange.getRequestURI().getPath().split("/", -1);
    if (part.length == 7) {
      answer(exchange, 200, log.receipt(Long.parseLong(part[5])).toBytes());
      return;
    }
    if (part.length == 6) {
      json(exchange, document(Integer.parseInt(part[5])));
      return;
    }
    String query = exchange.getRequestURI().getQuery();
    boolean ascending = query.contains("from=");
    int first = ascending ? Integer.parseInt(value(query, "from")) : ENTRIES - 1;
    if (query.contains("page_token=")) {
      first = Integer.parseInt(value(query, "page_token"));
    }
    int size = Integer.parseInt(value(query, "page_size"));
    ObjectNode page = Json.mapper().createObjectNode();
    ArrayNode items = page.putArray("items");
    int index = first;
    while (items.size() < size && index >= 0 && index < ENTRIES) {
      items.add(document(index));
      index += ascending ? 1 : -1;
    }
    page.put("next_page_token", index >= 0 && index < ENTRIES ? Integer.toString(index) : "");
    json(exchange, page);
  }

  private static String value(String query, String key) {
    return List.of(query.split("&", -1)).stream()
        .filter(pair -> pair.startsWith(key + "="))
        .map(pair -> pair.substring(key.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode document(int index) throws IOException {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("index", index).put("signed", true).put("leaf_hash", "x");
    node.set("entry", Json.mapper().readTree(entry(index).toBytes()));
    return node;
  }

  private void history(HttpExchange exchange) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    String all =
        """
        {"items": [
          {"model": "fraud", "version": 2, "kind": "deploy", "from": "2026-05-03T14:00:00Z",
           "until": null, "actor": {"kind": "local-caller"}, "audit_index": 9,
           "promotion": {"id": 7, "binding": {"digest": "now"}, "approvals": [
             {"person": "eve", "binding": "before"}, {"person": "ben", "binding": "now"}]}},
          {"model": "fraud", "version": 1, "kind": "deploy", "from": "2026-05-03T12:00:00Z",
           "until": "2026-05-03T14:00:00Z", "actor": {"kind": "service-account", "name": "ci"},
           "audit_index": 4}]}
        """;
    ObjectNode page = (ObjectNode) Json.mapper().readTree(all);
    if (query.equals("at=2026-05-03T13:00:00+02:00")) {
      page.withArray("items").remove(0);
    } else if (query.startsWith("at=")) {
      page.putArray("items");
    }
    json(exchange, page);
  }

  private static void json(HttpExchange exchange, JsonNode body) throws IOException {
    answer(exchange, 200, Json.line(body).getBytes(StandardCharsets.UTF_8));
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
