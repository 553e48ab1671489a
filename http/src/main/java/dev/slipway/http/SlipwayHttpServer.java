package dev.slipway.http;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.routing.RepositoryLog;
import dev.slipway.http.catalog.ModelCatalog;
import dev.slipway.http.control.ControlHandler;
import dev.slipway.http.control.Mount;
import dev.slipway.http.identity.Access;
import dev.slipway.http.identity.AccessCounts;
import dev.slipway.http.limits.CallerRate;
import dev.slipway.http.limits.LimitHits;
import dev.slipway.http.metrics.BorderCollector;
import dev.slipway.http.metrics.MetricsText;
import dev.slipway.http.metrics.ServingCollector;
import dev.slipway.http.metrics.StatusCounts;
import dev.slipway.http.openapi.OpenApiDocument;
import dev.slipway.http.tls.TlsFiles;
import dev.slipway.http.tls.TlsMaterial;
import dev.slipway.http.tls.TlsReload;
import dev.slipway.http.trace.Tracing;
import dev.slipway.serving.ServingPlane;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.BindException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server: one port for REST (HTTP/1.1 and HTTP/2), gRPC and the control API.
 *
 * <p>{@link #start} returns when it listens. {@link #close} drains: it accepts no further
 * connections, and for the options' grace answers on those that are open, telling callers to
 * connect elsewhere and reporting itself not ready; then it answers what was accepted and closes.
 * Close the serving plane after it.
 */
public final class SlipwayHttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SlipwayHttpServer.class);
  private static final long START_SECONDS_MAX = 30;
  private static final long STOP_EXTRA_MILLIS = 5_000;
  private static final long POLL_MILLIS = 10;

  private final HttpOptions options;
  private final ExecutorService blocking;
  private final ServerShared shared;
  private final Vertx vertx;
  private final List<HttpLoop> loops = new ArrayList<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private @Nullable TlsReload tls;

  private SlipwayHttpServer(
      HttpOptions options,
      ServingPlane plane,
      List<Mount> mounts,
      Tracing tracing,
      Access access,
      RepositoryLog log) {
    this.options = options;
    blocking =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("slipway-control-", 0).factory());
    TlsFiles files = options.tls();
    LimitHits hits = new LimitHits();
    AtomicInteger connections = new AtomicInteger();
    StatusCounts controlAnswers = new StatusCounts();
    AccessCounts accessCounts = new AccessCounts();
    AtomicBoolean draining = new AtomicBoolean();
    shared =
        new ServerShared(
            options,
            files == null ? null : TlsMaterial.read(files),
            options.decodeLimits(),
            plane,
            new ModelCatalog(plane, options.serverVersion(), log, draining),
            new ControlBridge(mounts, options.limits().controlRequestsMax(), controlAnswers),
            access,
            accessCounts,
            new MetricsText(
                collectors(
                    mounts,
                    new ServingCollector(plane),
                    new BorderCollector(
                        hits, connections::get, controlAnswers, accessCounts, access.uses()))),
            OpenApiDocument.json(options.serverVersion()),
            hits,
            connections,
            rate(options.limits().callerRatePerSecond()),
            rate(options.limits().accountRatePerSecond()),
            tracing,
            blocking,
            draining);
    vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(options.eventLoops())
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
  }

  private static List<MultiCollector> collectors(List<Mount> mounts, MultiCollector... ofServer) {
    List<MultiCollector> collectors = new ArrayList<>(List.of(ofServer));
    mounts.stream()
        .map(Mount::handler)
        .distinct()
        .forEach(handler -> collectors.addAll(handler.collectors()));
    return collectors;
  }

  private static @Nullable CallerRate rate(double perSecond) {
    return perSecond > 0 ? new CallerRate(perSecond) : null;
  }

  /**
   * Starts a server and waits until it listens.
   *
   * @param control answers everything below {@code /api/v1/}
   * @param access who gets in
   * @param log is told who takes deployments out of memory
   * @throws SlipwayException CONFIGURATION_INVALID if it cannot listen there; nothing keeps running
   */
  public static SlipwayHttpServer start(
      HttpOptions options,
      ServingPlane plane,
      ControlHandler control,
      Tracing tracing,
      Access access,
      RepositoryLog log) {
    return start(options, plane, List.of(new Mount("/api/v1/", control)), tracing, access, log);
  }

  /**
   * As {@link #start(HttpOptions, ServingPlane, ControlHandler, Tracing, Access, RepositoryLog)},
   * with further handlers.
   *
   * @param mounts the first that takes a request answers it
   */
  public static SlipwayHttpServer start(
      HttpOptions options,
      ServingPlane plane,
      List<Mount> mounts,
      Tracing tracing,
      Access access,
      RepositoryLog log) {
    SlipwayHttpServer server = new SlipwayHttpServer(options, plane, mounts, tracing, access, log);
    try {
      server.listen();
    } catch (RuntimeException e) {
      server.stop();
      throw e;
    }
    return server;
  }

  private void listen() {
    for (int i = 0; i < options.eventLoops(); i++) {
      HttpLoop loop = new HttpLoop(shared);
      await(vertx.deployVerticle(loop));
      loops.add(loop);
    }
    blocking.execute(shared.metrics()::prepare);
    TlsFiles files = options.tls();
    TlsMaterial shown = shared.tls();
    if (files != null && shown != null) {
      tls = new TlsReload(files, shown, read -> loops.forEach(loop -> await(loop.use(read))));
    }
  }

  private void await(Future<?> future) {
    try {
      future.toCompletionStage().toCompletableFuture().get(START_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorCode.CANCELLED, "the start was interrupted", e);
    } catch (TimeoutException e) {
      throw new SlipwayException(
          ErrorCode.INTERNAL,
          "the server did not listen within %d seconds".formatted(START_SECONDS_MAX),
          e);
    } catch (ExecutionException e) {
      throw cannotListen(e.getCause() == null ? e : e.getCause());
    }
  }

  private SlipwayException cannotListen(Throwable cause) {
    if (cause instanceof BindException) {
      return new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID,
          "port: %d on %s cannot be bound: %s (expected: a free port of this machine)"
              .formatted(options.port(), options.host(), cause.getMessage()),
          cause);
    }
    if (cause instanceof SocketException
        || cause instanceof UnknownHostException
        || cause instanceof UnresolvedAddressException) {
      return new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID,
          "host: %s cannot be bound: %s (expected: a name or address of this machine)"
              .formatted(options.host(), cause.getMessage()),
          cause);
    }
    return new SlipwayException(ErrorCode.INTERNAL, "the server did not start", cause);
  }

  /** The port it listens on. */
  public int port() {
    return loops.getFirst().actualPort();
  }

  /** Drains and stops; blocks until that is done. Does nothing the second time. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    shared.draining().set(true);
    loops.forEach(HttpLoop::stopListening);
    waitUntil(() -> shared.connections().get() == 0, options.drainGrace().toMillis());
    List<Future<Void>> shutdowns = new ArrayList<>();
    for (HttpLoop loop : loops) {
      shutdowns.add(loop.shutdown(Math.max(1, options.drainTimeout().toMillis())));
    }
    waitUntil(
        () -> shutdowns.stream().allMatch(Future::isComplete),
        options.drainTimeout().toMillis() + STOP_EXTRA_MILLIS);
    stop();
  }

  private void stop() {
    TlsReload reload = tls;
    if (reload != null) {
      reload.close();
    }
    Future<Void> closed = vertx.close();
    waitUntil(closed::isComplete, STOP_EXTRA_MILLIS);
    blocking.shutdown();
  }

  private static void waitUntil(BooleanSupplier done, long millisMax) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
    try {
      while (!done.getAsBoolean() && System.nanoTime() < end) {
        Thread.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("the stop of the server was interrupted; connections are cut");
    }
  }
}
