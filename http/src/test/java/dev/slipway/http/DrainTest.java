package dev.slipway.http;

import static dev.slipway.http.testing.RunningServer.rows;
import static dev.slipway.http.testing.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.Protocol;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.http.testing.KnownTokens;
import dev.slipway.http.testing.RepositoryNotes;
import dev.slipway.http.testing.RunningServer;
import dev.slipway.http.trace.Tracing;
import dev.slipway.serving.metrics.Outcome;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DrainTest {
  @Test
  void acceptedRequestsAreAnsweredOverBothVersionsOfHttp() throws Exception {
    RunningServer running = RunningServer.start();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<byte[]>>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        boolean http2 = i % 2 == 0;
        answers.add(
            threads.submit(
                () -> {
                  var request =
                      running
                          .request("/v2/models/gate/infer")
                          .POST(BodyPublishers.ofString(rows(1, 2, 3)));
                  return http2 ? running.sendHttp2(request) : running.send(request);
                }));
      }
      RunningServer.await(
          "all are accepted", () -> running.plane.metrics().plane().requestsInFlight() == 8);
      Future<?> closed = threads.submit(running.server::close);
      RunningServer.await("it refuses connections", () -> refusesConnections(running));
      assertThat(closed.isDone()).isFalse();
      running.models.permits.release(8);
      for (Future<HttpResponse<byte[]>> answer : answers) {
        HttpResponse<byte[]> response = answer.get(10, TimeUnit.SECONDS);
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
      }
      closed.get(10, TimeUnit.SECONDS);
    } finally {
      running.close();
    }
  }

  private static boolean refusesConnections(RunningServer running) {
    try {
      running.get("/v2/health/live");
      return false;
    } catch (UncheckedIOException e) {
      return true;
    }
  }

  @Test
  void underLoadEveryRequestThatWasServedIsAnswered() throws Exception {
    RunningServer running = RunningServer.start();
    AtomicBoolean closing = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        callers.add(threads.submit(() -> callUntilRefused(running, closing, answered, errors)));
      }
      RunningServer.await("the load runs", () -> answered.get() > 200);
      closing.set(true);
      running.server.close();
      for (Future<?> caller : callers) {
        caller.get(10, TimeUnit.SECONDS);
      }
      long served =
          running.plane.metrics().variants().stream()
              .mapToLong(variant -> variant.requests().count(Outcome.SUCCESS, Protocol.REST))
              .sum();
      assertThat((long) answered.get()).isEqualTo(served);
    } finally {
      running.close();
    }
    assertThat(errors).isEmpty();
  }

  /** A caller that opens a new connection when told to, and stops when that is refused. */
  private static void callUntilRefused(
      RunningServer running,
      AtomicBoolean closing,
      AtomicInteger answered,
      ConcurrentLinkedQueue<String> errors) {
    while (true) {
      try {
        HttpResponse<byte[]> response = running.post("/v2/models/sum/infer", rows(1, 2, 3));
        if (response.statusCode() != 200) {
          errors.add(text(response));
        }
        answered.incrementAndGet();
      } catch (UncheckedIOException e) {
        if (!closing.get()) {
          errors.add(e.toString());
        }
        return;
      }
    }
  }

  @Test
  void whileDrainingItIsNotReadyAndAsksCallersToConnectElsewhere() throws Exception {
    HttpOptions options =
        new HttpOptions(
            "127.0.0.1",
            0,
            1,
            HttpOptions.DEFAULT.limits(),
            HttpOptions.DEFAULT.decodeLimits(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            HttpOptions.DEFAULT.compression(),
            "1",
            null);
    RunningServer running = RunningServer.start(options);
    try {
      assertThat(running.get("/v2/health/ready").statusCode()).isEqualTo(200);
      CompletableFuture<Void> closed = CompletableFuture.runAsync(running.server::close);
      HttpResponse<byte[]> draining = running.get("/v2/health/ready");
      while (draining.statusCode() == 200) {
        draining = running.get("/v2/health/ready");
      }
      assertThat(draining.statusCode()).isEqualTo(503);
      assertThat(draining.headers().firstValue("connection")).hasValue("close");
      closed.get(20, TimeUnit.SECONDS);
    } finally {
      running.close();
    }
  }

  @Test
  void aTakenPortIsOneClearLine() {
    try (RunningServer running = RunningServer.start()) {
      HttpOptions taken = HttpOptions.DEFAULT.withAddress("127.0.0.1", running.server.port());
      assertThatThrownBy(
              () ->
                  SlipwayHttpServer.start(
                      taken,
                      running.plane,
                      request -> new ControlResponse(404, "text/plain", new byte[0]),
                      Tracing.OFF,
                      KnownTokens.LOCAL,
                      new RepositoryNotes()))
          .isInstanceOfSatisfying(
              SlipwayException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID);
                assertThat(e.getMessage()).contains("port: " + running.server.port());
              });
    }
  }

  @Test
  void severalEventLoopsShareThePort() {
    try (RunningServer running = RunningServer.start(RunningServer.OPTIONS.withEventLoops(2))) {
      for (int i = 0; i < 20; i++) {
        assertThat(running.post("/v2/models/sum/infer", rows(1, 2, 3)).statusCode()).isEqualTo(200);
      }
    }
  }
}
