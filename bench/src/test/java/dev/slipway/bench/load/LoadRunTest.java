package dev.slipway.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.bench.load.LoadPlan.Pace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoadRunTest {
  private static final LoadTarget TARGET =
      LoadTarget.Rest.post("/", "", new byte[][] {{'a'}, {'b'}});

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server = HttpServer.create(loopback(), 0);
  private final AtomicInteger requests = new AtomicInteger();

  LoadRunTest() throws IOException {
    server.setExecutor(threads);
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.close();
  }

  /**
   * @param statusOf status by the request's number
   */
  private void serve(IntUnaryOperator statusOf, Duration each) {
    server.createContext("/", exchange -> answer(exchange, statusOf, each));
    server.start();
  }

  private void answer(HttpExchange exchange, IntUnaryOperator statusOf, Duration each)
      throws IOException {
    exchange.getRequestBody().readAllBytes();
    LockSupport.parkNanos(each.toNanos());
    byte[] body = "busy".getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(statusOf.applyAsInt(requests.getAndIncrement()), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private LoadPlan plan(double rate, int connections, Pace pace) {
    return new LoadPlan(
        "127.0.0.1",
        server.getAddress().getPort(),
        rate,
        connections,
        1,
        Duration.ZERO,
        Duration.ofMillis(400),
        1,
        pace);
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  @Test
  void refusalsAreToldFromAnswers() throws IOException {
    serve(number -> number % 2 == 0 ? 200 : 503, Duration.ZERO);

    LoadResult result = LoadRun.run(plan(0, 2, Pace.SPIN), TARGET);

    assertThat(result.succeeded()).isPositive();
    assertThat(result.failures()).containsOnlyKeys("503");
    assertThat(result.firstFailure()).isEqualTo("busy");
    assertThat(result.refusalLatencies().getTotalCount()).isEqualTo(result.failed());
    assertThat(result.refusalMillis(99)).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void everyArrivalOfAnOpenLoopIsSentAndAnswered(Pace pace) throws IOException {
    serve(number -> 200, Duration.ZERO);

    LoadResult result = LoadRun.run(plan(500, 64, pace), TARGET);

    assertThat(result.sent()).isBetween(100L, 300L);
    assertThat(result.succeeded()).isEqualTo(result.sent());
    assertThat(result.generator().lag().getTotalCount()).isEqualTo(result.sent());
    assertThat(result.failures()).isEmpty();
  }

  /** One connection and 5 ms an answer: 200 a second, where 500 a second are due. */
  @Test
  void aBacklogIsSentInTheEndAndMakesTheRunInvalid() throws IOException {
    serve(number -> 200, Duration.ofMillis(5));

    LoadResult result = LoadRun.run(plan(500, 1, Pace.SPIN), TARGET);

    assertThat(result.failures()).isEqualTo(Map.of());
    assertThat(result.succeeded()).isEqualTo(result.sent());
    assertThat(result.generator().starved()).isGreaterThan(result.sent() / 2);
    assertThat(result.objection()).startsWith("INVALID");
    assertThat(result.millis(100)).as("the wait counts").isGreaterThan(100);
  }
}
