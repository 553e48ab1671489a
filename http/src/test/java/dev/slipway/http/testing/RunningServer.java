package dev.slipway.http.testing;

import dev.slipway.core.routing.DeploymentRoute;
import dev.slipway.core.routing.RoutingTable;
import dev.slipway.core.routing.VariantRoute;
import dev.slipway.http.HttpOptions;
import dev.slipway.http.SlipwayHttpServer;
import dev.slipway.http.control.ControlHandler;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.http.identity.Access;
import dev.slipway.http.limits.HttpLimits;
import dev.slipway.http.trace.Tracing;
import dev.slipway.serving.ServingLimits;
import dev.slipway.serving.ServingPlane;
import dev.slipway.serving.engine.ModelArtifact;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A real server on a free port, serving {@link KnownModels} from a real serving plane. */
public final class RunningServer implements AutoCloseable {
  public static final HttpOptions OPTIONS = HttpOptions.DEFAULT.withAddress("127.0.0.1", 0);

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final ControlHandler NO_CONTROL =
      request -> new ControlResponse(404, "application/problem+json", new byte[0]);

  public final KnownModels models = new KnownModels();
  public final RepositoryNotes repository = new RepositoryNotes();
  public final ServingPlane plane;
  public final SlipwayHttpServer server;
  private final HttpClient http1 =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpClient http2 =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

  private RunningServer(
      HttpOptions options,
      ServingLimits limits,
      ControlHandler control,
      Tracing tracing,
      Access access) {
    plane =
        new ServingPlane(
            limits,
            List.of(models),
            version ->
                new ModelArtifact(
                    version.digest(),
                    version.format(),
                    Path.of("/nowhere"),
                    Path.of("/nowhere", version.primaryFile())));
    server = SlipwayHttpServer.start(options, plane, control, tracing, access, repository);
    Map<String, DeploymentRoute> deployments = new TreeMap<>();
    for (String name : List.of("sum", "echo", "text", "gate")) {
      deployments.put(name, route(name, name));
    }
    deployments.put("versions", route("versions", "sum"));
    plane.apply(new RoutingTable(1, deployments));
    models.gateCloses = true;
  }

  private static DeploymentRoute route(String deployment, String model) {
    return new DeploymentRoute(
        deployment,
        "salt",
        List.of(new VariantRoute(KnownModels.version(model, 1), VariantRoute.FULL_WEIGHT)));
  }

  public static RunningServer start() {
    return start(OPTIONS);
  }

  public static RunningServer start(HttpOptions options) {
    return new RunningServer(
        options, ServingLimits.DEFAULT, NO_CONTROL, Tracing.OFF, KnownTokens.LOCAL);
  }

  public static RunningServer start(HttpLimits limits) {
    return start(OPTIONS.withLimits(limits));
  }

  public static RunningServer start(HttpOptions options, ControlHandler control) {
    return new RunningServer(
        options, ServingLimits.DEFAULT, control, Tracing.OFF, KnownTokens.LOCAL);
  }

  /** A server that lets in whom {@code access} does. */
  public static RunningServer start(ControlHandler control, Access access) {
    return new RunningServer(OPTIONS, ServingLimits.DEFAULT, control, Tracing.OFF, access);
  }

  /** A server with these limits that lets in whom {@code access} does. */
  public static RunningServer start(HttpLimits limits, Access access) {
    return new RunningServer(
        OPTIONS.withLimits(limits), ServingLimits.DEFAULT, NO_CONTROL, Tracing.OFF, access);
  }

  public static RunningServer start(Tracing tracing) {
    return new RunningServer(
        OPTIONS, ServingLimits.DEFAULT, NO_CONTROL, tracing, KnownTokens.LOCAL);
  }

  public static RunningServer start(ServingLimits limits) {
    return new RunningServer(OPTIONS, limits, NO_CONTROL, Tracing.OFF, KnownTokens.LOCAL);
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(TIMEOUT);
  }

  public HttpResponse<byte[]> send(HttpRequest.Builder request) {
    return send(request, http1);
  }

  public HttpResponse<byte[]> sendHttp2(HttpRequest.Builder request) {
    return send(request, http2);
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request, HttpClient client) {
    try {
      return client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public HttpResponse<byte[]> get(String path) {
    return send(request(path).GET());
  }

  public HttpResponse<byte[]> post(String path, String body) {
    return send(request(path).POST(BodyPublishers.ofString(body)));
  }

  public HttpResponse<byte[]> post(String path, BodyPublisher body) {
    return send(request(path).POST(body));
  }

  public static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /** A request for {@code sum} of these rows of three. */
  public static String rows(float... values) {
    StringBuilder data = new StringBuilder();
    for (float value : values) {
      data.append(data.isEmpty() ? "" : ",").append(value);
    }
    return "{\"inputs\":[{\"name\":\"x\",\"shape\":[%d,3],\"datatype\":\"FP32\",\"data\":[%s]}]}"
        .formatted(values.length / 3, data);
  }

  /** Waits for a condition, at most ten seconds. */
  public static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within ten seconds: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    models.gateCloses = false;
    models.permits.release(1_000_000);
    server.close();
    plane.close();
    http1.close();
    http2.close();
  }
}
