package dev.slipway.platform.governance.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.core.audit.json.JsonFields;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Verdict;
import dev.slipway.core.model.ModelVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatencyGateTest {
  private static final Gate GATE = new LatencyGate("test 1");
  private static final String SHORT =
      "{'seconds':2,'warm_up_seconds':1,'connections':2,'requests_min':1,'p99_millis_max':30000";

  @TempDir Path folder;
  private Scene scene;
  private HttpServer server;
  private ExecutorService threads;
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final AtomicInteger failEvery = new AtomicInteger();
  private final AtomicInteger count = new AtomicInteger();

  /** A small server of its own: what is measured is the gate, not the product. */
  @BeforeEach
  void start() throws IOException {
    scene = new Scene(folder);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          if (asked.size() < 100) {
            asked.add(exchange.getRequestURI() + " " + body);
          }
          int every = failEvery.get();
          int status = every > 0 && count.incrementAndGet() % every == 0 ? 503 : 200;
          exchange.sendResponseHeaders(status, 2);
          exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.close();
  }

  @Test
  void theVersionsOwnExampleIsSentToItsVersion() throws IOException {
    GateOutcome outcome = Scene.run(GATE, subject(base()), SHORT + "}");

    assertThat(outcome.findings()).isEmpty();
    assertThat(outcome.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(asked).isNotEmpty().containsOnly("/v2/models/m/versions/1/infer " + Scene.EXAMPLE);
    JsonFields measured = JsonFields.of("measurements", outcome.measurements());
    assertThat(measured.number("p50_millis")).isPositive();
    assertThat(measured.number("p99_millis")).isGreaterThanOrEqualTo(measured.number("p95_millis"));
    assertThat(measured.whole("errors")).isZero();
    assertThat(measured.string("build")).isEqualTo("test 1");
    assertThat(measured.string("machine")).contains("processors");
  }

  @Test
  void tooSlowOrTooOftenWrongFails() throws IOException {
    failEvery.set(2);

    GateOutcome outcome =
        Scene.run(GATE, subject(base()), SHORT.replace("30000", "0") + ",'error_share_max':0.1}");

    assertThat(outcome.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(outcome.findings())
        .anyMatch(finding -> finding.startsWith("p99: "))
        .anyMatch(finding -> finding.startsWith("errors: ") && finding.contains("status 503"));
    assertThat(Scene.run(GATE, subject(base()), SHORT + ",'error_share_max':0.9}").verdict())
        .isEqualTo(Verdict.PASSED);
  }

  @Test
  void tooFewAnswersDecideNothing() throws IOException {
    assertThat(
            Scene.run(
                    GATE,
                    subject(base()),
                    SHORT.replace("'requests_min':1", "'requests_min':5000000") + "}")
                .verdict())
        .isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void whereItAnswersNowhereTheCommandIsNamed() {
    assertThatThrownBy(() -> Scene.run(GATE, subject(null), "{}"))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
        .hasMessageContaining("slipway deploy m/1 --to");
  }

  private URI base() {
    return URI.create("http://127.0.0.1:%d/".formatted(server.getAddress().getPort()));
  }

  private GateSubject subject(@Nullable URI base) throws IOException {
    ModelVersion version = scene.version(1, List.of(), Scene.EXAMPLE, 1, 2);
    return new GateSubject(
        version,
        scene.versions.artifact(version),
        null,
        null,
        scene.versions::open,
        base == null ? null : new Endpoint(base, version.ref()));
  }
}
