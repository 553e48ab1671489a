package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.cli.output.Json;
import dev.slipway.core.drift.BinCounts;
import dev.slipway.core.drift.BinRules;
import dev.slipway.core.drift.FeatureDrift;
import dev.slipway.core.drift.NumericCounter;
import dev.slipway.core.drift.NumericReference;
import dev.slipway.core.drift.ReferenceJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code slipway monitor report} of what a server counted. */
class MonitorReportTest {
  @TempDir Path folder = Path.of("");
  private final Random random = new Random(3);
  private final NumericReference reference =
      NumericReference.of("amount", values(4_000, 0), 0, BinRules.DEFAULT);
  private HttpServer server;
  private Shell shell;
  private volatile String query = "";
  private volatile JsonNode answer = Json.mapper().createObjectNode();

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(folder.resolve("work"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/v1/deployments/fraud/drift",
        exchange -> {
          query = exchange.getRequestURI().getQuery();
          byte[] body = Json.mapper().writeValueAsBytes(answer);
          exchange.getResponseHeaders().add("content-type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    shell =
        new Shell(folder).with("SLIPWAY_URL", "http://127.0.0.1:" + server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private double[] values(int count, double mean) {
    return DoubleStream.generate(() -> mean + random.nextGaussian()).limit(count).toArray();
  }

  private BinCounts counts(double[] values) {
    NumericCounter counter = new NumericCounter(reference);
    for (double value : values) {
      counter.add(value);
    }
    return counter.counts();
  }

  private static ObjectNode report(boolean alert) {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("deployment", "fraud").put("version", "fraud/1").put("reference", "sha256:0");
    node.put("window", "1h").put("from", "2026-05-03T13:00:00Z");
    node.put("until", "2026-05-03T14:00:00Z").put("rows", 500).put("alert", alert);
    node.putArray("fields");
    return node;
  }

  private void field(ObjectNode report, String side, BinCounts counts, boolean alert)
      throws IOException {
    ObjectNode node = ((ArrayNode) report.path("fields")).addObject();
    node.put("side", side).put("tensor", "x").put("column", 0).put("feature", "amount");
    node.put("alert", alert);
    node.putArray("windows").addObject().put("rows", counts.total()).put("bound", 0.125);
    node.set("reference", Json.mapper().readTree(ReferenceJson.write(reference)));
    ObjectNode current = node.putObject("current");
    ArrayNode bins = current.putArray("counts");
    for (int bin = 0; bin < counts.bins(); bin++) {
      bins.add(counts.count(bin));
    }
    current.put("below", counts.below()).put("above", counts.above());
  }

  @Test
  void theNumbersAreThoseOfTheCountsAndTheBoundIsTheServers() throws IOException {
    BinCounts moved = counts(values(500, 2));
    ObjectNode report = report(true);
    field(report, "input", moved, true);
    field(report, "output", counts(values(500, 0)), false);
    answer = report;

    Shell.Result json = shell.run("monitor", "report", "fraud", "--window", "1d", "-o", "json");
    assertThat(json.exit()).as(json.err()).isZero();
    assertThat(query).isEqualTo("window=1d");
    JsonNode document = Json.mapper().readTree(json.out());
    JsonNode first = document.path("features").path(0);
    assertThat(first.path("psi").asDouble()).isEqualTo(FeatureDrift.of(reference, moved).psi());
    assertThat(first.path("bound").asDouble()).isEqualTo(0.125);
    assertThat(first.path("alert").asBoolean()).isTrue();

    Shell.Result table =
        shell.run("monitor", "report", "fraud", "--html", "a/drift.html", "--fail-on-alert");
    assertThat(table.exit()).isEqualTo(5);
    assertThat(table.out().lines())
        .anyMatch(line -> line.matches("amount +input +ALERT +4000 +500 .*"))
        .anyMatch(line -> line.matches("amount +output +- +4000 +500 .*"))
        .contains("1 of 2 features drifts.");
    assertThat(Files.readString(folder.resolve("work/a/drift.html")))
        .contains("fraud from 2026-05-03T13:00:00Z to 2026-05-03T14:00:00Z")
        .contains("<svg");
  }

  @Test
  void aWindowInWhichNothingWasCountedSaysSo() throws IOException {
    ObjectNode report = report(false);
    field(report, "input", BinCounts.none(reference.counts().bins()), false);
    answer = report;

    Shell.Result result =
        shell.run(
            "monitor", "report", "fraud", "--until", "2026-05-03T14:00:00Z", "--version", "2");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(query).isEqualTo("window=1h&version=2&until=2026-05-03T14:00:00Z");
    assertThat(result.out())
        .contains("Nothing was counted from 2026-05-03T13:00:00Z to 2026-05-03T14:00:00Z.");
    assertThat(shell.run("monitor", "report", "fraud", "--html", "x.html").exit()).isEqualTo(3);
    assertThat(shell.run("monitor", "report", "fraud", "--fail-on-alert").exit()).isZero();
  }
}
