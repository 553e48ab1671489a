package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.evaluation.Quantiles;
import dev.slipway.core.governance.Verdict;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code latency}: the version answers its example request fast enough over the network, as a few
 * callers see it that each wait for an answer before they ask again. Says nothing of how many
 * requests a second a server stands.
 */
final class LatencyGate implements Gate {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int SAMPLES_MAX = 5_000_000;

  private record Settings(
      int seconds,
      int warmUpSeconds,
      int connections,
      double p99MillisMax,
      @Nullable Double p50MillisMax,
      double errorShareMax,
      int requestsMin) {
    static Settings of(JsonObject json) {
      GateParameters parameters = new GateParameters("latency", json);
      Settings settings =
          new Settings(
              parameters.whole("seconds", 10, 1, 600),
              parameters.whole("warm_up_seconds", 2, 0, 60),
              parameters.whole("connections", 4, 1, 64),
              parameters.number("p99_millis_max", 100, 0, 3.6e6),
              parameters.optionalNumber("p50_millis_max", 0, 3.6e6),
              parameters.number("error_share_max", 0, 0, 1),
              parameters.whole("requests_min", 100, 1, SAMPLES_MAX));
      parameters.requireNoOthers();
      return settings;
    }
  }

  /** What one connection saw. */
  private record Seen(long[] nanos, int errors, String firstError) {}

  private final String build;

  /**
   * @param build of Slipway, which the evidence names
   */
  LatencyGate(String build) {
    this.build = build;
  }

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public void requireParameters(JsonObject parameters) {
    Settings.of(parameters);
  }

  @Override
  public GateOutcome run(GateSubject subject, JsonObject parameters) {
    Settings settings = Settings.of(parameters);
    Endpoint endpoint = subject.endpoint();
    if (endpoint == null) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "gate latency: %s answers nowhere; deploy it to an unprotected environment first: slipway deploy %s --to DEPLOYMENT"
              .formatted(subject.candidate().ref(), subject.candidate().ref()));
    }
    String body = subject.candidate().exampleRequest();
    if (body.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "gate latency: %s has no example request to send (expected: example_request in slipway-model.yaml)"
              .formatted(subject.candidate().ref()));
    }
    HttpRequest request =
        HttpRequest.newBuilder(uri(endpoint))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    measure(request, settings.connections(), settings.warmUpSeconds());
    long began = System.nanoTime();
    List<Seen> seen = measure(request, settings.connections(), settings.seconds());
    double seconds = (System.nanoTime() - began) / 1e9;
    return outcome(settings, endpoint, body, seen, seconds);
  }

  private static URI uri(Endpoint endpoint) {
    String base = endpoint.base().toString();
    return URI.create(
        "%s/v2/models/%s/versions/%d/infer"
            .formatted(
                base.endsWith("/") ? base.substring(0, base.length() - 1) : base,
                endpoint.ref().model(),
                endpoint.ref().version()));
  }

  private GateOutcome outcome(
      Settings settings, Endpoint endpoint, String body, List<Seen> seen, double seconds) {
    long[] nanos = seen.stream().flatMapToLong(one -> LongStream.of(one.nanos())).toArray();
    Arrays.sort(nanos);
    int errors = seen.stream().mapToInt(Seen::errors).sum();
    int requests = nanos.length + errors;
    double errorShare = requests == 0 ? 0 : (double) errors / requests;
    Measurements measurements =
        new Measurements()
            .put("endpoint", endpoint.base().toString())
            .put("requests", requests)
            .put("requests_per_second", nanos.length / seconds)
            .put("errors", errors)
            .put("error_share", errorShare)
            .put("connections", settings.connections())
            .put("machine", machine())
            .put("build", build);
    List<String> findings = new ArrayList<>();
    if (nanos.length > 0) {
      double p50 = millis(nanos, 0.5);
      double p99 = millis(nanos, 0.99);
      measurements
          .put("p50_millis", p50)
          .put("p95_millis", millis(nanos, 0.95))
          .put("p99_millis", p99)
          .put("max_millis", millis(nanos, 1));
      requireAtMost(findings, "p99", p99, settings.p99MillisMax());
      if (settings.p50MillisMax() != null) {
        requireAtMost(findings, "p50", p50, settings.p50MillisMax());
      }
    }
    if (errorShare > settings.errorShareMax()) {
      findings.add(
          "errors: %d of %d (expected: a share of at most %s); the first: %s"
              .formatted(
                  errors,
                  requests,
                  settings.errorShareMax(),
                  seen.stream()
                      .map(Seen::firstError)
                      .filter(error -> !error.isEmpty())
                      .findFirst()
                      .orElse("")));
    }
    Verdict verdict = findings.isEmpty() ? Verdict.PASSED : Verdict.FAILED;
    if (findings.isEmpty() && nanos.length < settings.requestsMin()) {
      verdict = Verdict.INCONCLUSIVE;
      findings.add(
          "%d requests answered (expected: at least %d, or more seconds)"
              .formatted(nanos.length, settings.requestsMin()));
    }
    return new GateOutcome(
        verdict,
        Map.of("request", ContentDigest.of(body.getBytes(StandardCharsets.UTF_8))),
        measurements.build(),
        findings);
  }

  private static void requireAtMost(
      List<String> findings, String what, double millis, double millisMax) {
    if (millis > millisMax) {
      findings.add("%s: %.3f ms (expected: at most %s ms)".formatted(what, millis, millisMax));
    }
  }

  private static double millis(long[] sorted, double share) {
    return Quantiles.nearestRank(sorted, share) / 1e6;
  }

  private static String machine() {
    return "%s %s, %d processors, Java %s"
        .formatted(
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors(),
            Runtime.version());
  }

  /** Each connection is a client of its own, so that none waits for another's. */
  private static List<Seen> measure(HttpRequest request, int connections, int seconds) {
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    List<Future<Seen>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      for (int i = 0; i < connections; i++) {
        running.add(threads.submit(() -> loop(request, end, SAMPLES_MAX / connections)));
      }
      List<Seen> seen = new ArrayList<>();
      for (Future<Seen> one : running) {
        seen.add(one.get());
      }
      return seen;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorCode.CANCELLED, "gate latency: interrupted", e);
    } catch (ExecutionException e) {
      throw new SlipwayException(ErrorCode.INTERNAL, "gate latency: " + e.getCause(), e);
    }
  }

  private static Seen loop(HttpRequest request, long end, int samplesMax)
      throws InterruptedException {
    long[] nanos = new long[1_024];
    int count = 0;
    int errors = 0;
    String firstError = "";
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build()) {
      while (System.nanoTime() < end && count + errors < samplesMax) {
        long began = System.nanoTime();
        String error = ask(client, request);
        long took = System.nanoTime() - began;
        if (!error.isEmpty()) {
          errors++;
          firstError = firstError.isEmpty() ? error : firstError;
          continue;
        }
        if (count == nanos.length) {
          nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = took;
      }
    }
    return new Seen(Arrays.copyOf(nanos, count), errors, firstError);
  }

  /** What went wrong; empty if nothing did. */
  private static String ask(HttpClient client, HttpRequest request) throws InterruptedException {
    try {
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      return status == 200 ? "" : "status " + status;
    } catch (IOException e) {
      return e.toString();
    }
  }
}
