package dev.slipway.http;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.call.CallScope;
import dev.slipway.http.call.Decompression;
import dev.slipway.http.call.OpenBodies;
import dev.slipway.http.call.RequestIds;
import dev.slipway.http.call.VersionHeaders;
import dev.slipway.http.control.ControlHandler;
import dev.slipway.http.grpc.GrpcRouter;
import dev.slipway.http.identity.AccessFilter;
import dev.slipway.http.identity.Caller;
import dev.slipway.http.limits.BodyMemory;
import dev.slipway.http.limits.CallerRate;
import dev.slipway.http.limits.HttpLimits;
import dev.slipway.http.limits.Limit;
import dev.slipway.http.rest.InferenceCodecs;
import dev.slipway.http.rest.RestCall;
import dev.slipway.http.rest.RestRouter;
import dev.slipway.http.tls.TlsMaterial;
import dev.slipway.http.trace.SpanIds;
import dev.slipway.serving.ServingLoop;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.ServerSSLOptions;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One event loop of the server: its connections, its serving loop, its calls. */
final class HttpLoop extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(HttpLoop.class);

  /** A 10 MB tensor must not wait for window updates all the way. */
  private static final int STREAM_WINDOW_BYTES = 8 << 20;

  private static final int CONNECTION_WINDOW_BYTES = 32 << 20;
  private static final int HTTP2_FRAME_BYTES_MAX = 1 << 18;
  private static final int HTTP1_CHUNK_BYTES_MAX = 64 << 10;

  /** Callers with deadlines cancel streams; only a flood of cancellations is an attack. */
  private static final int RESETS_PER_WINDOW_MAX = 5_000;

  /** Lets the system choose a port, once for all loops. */
  private static final int ANY_SHARED_PORT = -1;

  private static final long SWEEP_MILLIS = 1_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final ServerShared shared;
  private @Nullable HttpServer server;
  private volatile @Nullable Connections connections;
  private @Nullable CallScope scope;
  private @Nullable AccessFilter access;
  private @Nullable RestRouter rest;
  private @Nullable GrpcRouter grpc;

  HttpLoop(ServerShared shared) {
    this.shared = shared;
  }

  @Override
  public Future<?> start() {
    HttpLimits limits = shared.options().limits();
    ServingLoop serving =
        shared.plane().openLoop(new LoopThread(((ContextInternal) context).nettyEventLoop()));
    SecureRandom random = new SecureRandom();
    BodyMemory bodyMemory = new BodyMemory(limits.bufferedBytesMax());
    CallScope loopScope =
        new CallScope(
            context,
            shared.catalog(),
            serving,
            shared.access().uses(),
            limits,
            shared.options().compression(),
            shared.hits(),
            bodyMemory,
            new Decompression(
                limits.decompressedBytesMax(),
                bodyMemory,
                shared.hits(),
                shared.blocking(),
                task -> context.runOnContext(ignored -> task.run())),
            new OpenBodies(limits.bodySeconds() * NANOS_PER_SECOND),
            new RequestIds(random.nextLong()),
            new SpanIds(random.nextLong()),
            new VersionHeaders(),
            shared.tracing(),
            shared.blocking(),
            shared.draining());
    scope = loopScope;
    AccessFilter filter = new AccessFilter(shared.access(), shared.accessCounts());
    access = filter;
    connections =
        new Connections(
            vertx,
            limits,
            shared.hits(),
            shared.connections(),
            shared.callerRate(),
            filter::closed);
    rest =
        new RestRouter(
            loopScope,
            new InferenceCodecs(serving.buffers(), shared.decodeLimits()),
            shared.metrics(),
            shared.openApi());
    grpc = new GrpcRouter(loopScope, shared.decodeLimits());
    vertx.setPeriodic(SWEEP_MILLIS, ignored -> loopScope.openBodies().sweep(System.nanoTime()));
    HttpServer http = vertx.createHttpServer(serverOptions(shared.options(), shared.tls()));
    server = http;
    http.connectionHandler(this::connected);
    http.requestHandler(this::requested);
    http.invalidRequestHandler(this::invalid);
    http.exceptionHandler(failure -> LOG.debug("connection failed", failure));
    return http.listen();
  }

  private static HttpServerOptions serverOptions(HttpOptions options, @Nullable TlsMaterial tls) {
    HttpLimits limits = options.limits();
    HttpServerOptions server = new HttpServerOptions();
    server
        .setHost(options.host())
        .setPort(options.port() == 0 ? ANY_SHARED_PORT : options.port())
        .setMaxInitialLineLength(limits.headerBytesMax())
        .setMaxHeaderSize(limits.headerBytesMax())
        .setMaxChunkSize(HTTP1_CHUNK_BYTES_MAX)
        .setHandle100ContinueAutomatically(true)
        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES)
        .setHttp2RstFloodMaxRstFramePerWindow(RESETS_PER_WINDOW_MAX)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setIdleTimeout(limits.idleSeconds());
    server.setInitialSettings(
        new Http2Settings()
            .setInitialWindowSize(STREAM_WINDOW_BYTES)
            .setMaxFrameSize(HTTP2_FRAME_BYTES_MAX)
            .setMaxHeaderListSize(limits.headerBytesMax())
            .setMaxConcurrentStreams(limits.streamsPerConnectionMax()));
    if (tls != null) {
      ServerSSLOptions ssl = tls.options();
      server
          .setSsl(true)
          .setUseAlpn(true)
          .setKeyCertOptions(ssl.getKeyCertOptions())
          .setTrustOptions(ssl.getTrustOptions())
          .setClientAuth(ssl.getClientAuth());
    }
    return server;
  }

  int actualPort() {
    return server == null ? 0 : server.actualPort();
  }

  /** Shows other certificates to connections from now on. Callable from any thread. */
  Future<?> use(TlsMaterial tls) {
    HttpServer http = server;
    return http == null ? Future.succeededFuture() : http.updateSSLOptions(tls.options(), true);
  }

  /** Accepts no further connections. Callable from any thread. */
  void stopListening() {
    Connections open = connections;
    if (open != null) {
      open.stopListening();
    }
  }

  /** Stops accepting, answers what was accepted, then closes the connections. */
  Future<Void> shutdown(long timeoutMillis) {
    HttpServer http = server;
    return http == null
        ? Future.succeededFuture()
        : http.shutdown(timeoutMillis, TimeUnit.MILLISECONDS);
  }

  private void connected(HttpConnection connection) {
    Connections admission = connections;
    if (admission != null) {
      admission.opened(connection);
    }
  }

  private void requested(HttpServerRequest request) {
    long arrivalNanos = System.nanoTime();
    CallScope calls = scope;
    Connections admission = connections;
    RestRouter restRouter = rest;
    GrpcRouter grpcRouter = grpc;
    AccessFilter filter = access;
    if (calls == null
        || admission == null
        || restRouter == null
        || grpcRouter == null
        || filter == null) {
      throw new IllegalStateException("a request before the start");
    }
    boolean isGrpc = request.version() == HttpVersion.HTTP_2 && GrpcRouter.isGrpc(request);
    Caller caller;
    try {
      SlipwayException refusal = admission.refusal(request.connection(), arrivalNanos);
      if (refusal != null) {
        throw refusal;
      }
      caller = filter.identify(request);
      requireRate(caller, arrivalNanos);
    } catch (SlipwayException e) {
      refuse(calls, admission, request, e, isGrpc, arrivalNanos);
      return;
    }
    if (isGrpc) {
      grpcRouter.handle(request, arrivalNanos, caller);
      return;
    }
    ControlHandler control = shared.control().handlerOf(request.uri());
    if (control != null) {
      shared.control().handle(calls, request, control, caller);
    } else {
      restRouter.handle(request, arrivalNanos, caller);
    }
  }

  private void requireRate(Caller caller, long nowNanos) {
    CallerRate rate = shared.accountRate();
    if (rate == null || !caller.isAccount() || rate.tryTake(caller.principal().name(), nowNanos)) {
      return;
    }
    shared.hits().count(Limit.ACCOUNT_RATE);
    throw new SlipwayException(
        ErrorCode.RATE_LIMITED,
        "requests: more than %s a second (expected: at most that from one account)"
            .formatted(shared.options().limits().accountRatePerSecond()));
  }

  private void refuse(
      CallScope calls,
      Connections admission,
      HttpServerRequest request,
      SlipwayException refusal,
      boolean isGrpc,
      long arrivalNanos) {
    if (isGrpc) {
      GrpcRouter.refuse(calls, request, arrivalNanos, refusal);
      return;
    }
    ControlHandler control = shared.control().handlerOf(request.uri());
    if (control != null) {
      shared.control().refuse(calls, request, control, refusal);
    } else {
      new RestCall(calls, request, "refused").fail(refusal);
    }
    if (admission.isRefused(request.connection())) {
      request.connection().shutdown(1, TimeUnit.SECONDS);
    }
  }

  /** A request that the HTTP codec could not read. */
  private void invalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    CallScope calls = scope;
    if (calls == null) {
      return;
    }
    boolean tooLong =
        cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException;
    if (tooLong) {
      calls.hits().count(Limit.HEADER_BYTES);
    }
    RestCall call = new RestCall(calls, request, "invalid request");
    call.fail(
        tooLong
            ? new SlipwayException(
                ErrorCode.HEADERS_TOO_LARGE,
                "request line and headers: too long (expected: at most %d bytes)"
                    .formatted(calls.limits().headerBytesMax()))
            : new SlipwayException(ErrorCode.BAD_REQUEST, "request: not valid HTTP"));
  }
}
