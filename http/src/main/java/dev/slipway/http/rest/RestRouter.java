package dev.slipway.http.rest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Action;
import dev.slipway.core.protection.InferencePermit;
import dev.slipway.http.call.Bytes;
import dev.slipway.http.call.CallScope;
import dev.slipway.http.call.Headers;
import dev.slipway.http.catalog.ModelCatalog;
import dev.slipway.http.identity.Caller;
import dev.slipway.http.metrics.MetricsText;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.protocol.metadata.MetadataJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers the data plane's REST requests of one event loop. */
public final class RestRouter {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Bodies of the repository extension are a few words; a model's bytes never travel there. */
  private static final int REPOSITORY_BODY_BYTES_MAX = 64 << 10;

  private final CallScope scope;
  private final InferenceCodecs codecs;
  private final RestPathCache paths = new RestPathCache();
  private final MetricsText metrics;
  private final byte[] openApi;

  /**
   * @param openApi the document served at {@code /openapi.json}
   */
  public RestRouter(CallScope scope, InferenceCodecs codecs, MetricsText metrics, byte[] openApi) {
    this.scope = scope;
    this.codecs = codecs;
    this.metrics = metrics;
    this.openApi = openApi;
  }

  /**
   * Answers a request, sooner or later.
   *
   * @param arrivalNanos {@link System#nanoTime()} when its head arrived
   * @param caller who sends it
   */
  public void handle(HttpServerRequest request, long arrivalNanos, Caller caller) {
    RestPath path;
    InferencePermit permit = null;
    try {
      path = paths.find(request.uri());
      if (path == null) {
        caller.requireKnown(Action.READ_SERVER);
      } else if (path.route().action() == Action.INFER) {
        permit = caller.permit(path.resource(), scope.uses());
      } else {
        caller.require(path.route().action(), path.resource());
      }
    } catch (SlipwayException e) {
      new RestCall(scope, request, "refused").fail(e);
      return;
    }
    if (path == null) {
      new RestCall(scope, request, "unknown path").fail(unknown(request.path()));
    } else if (!path.route().allows(request.method())) {
      RestCall call = new RestCall(scope, request, path.route().name());
      request.response().headers().set(Headers.ALLOW, path.route().allow());
      call.fail(
          new SlipwayException(
              ErrorCode.METHOD_NOT_ALLOWED,
              "method: %s (expected: %s)".formatted(request.method(), path.route().allow())));
    } else {
      dispatch(request, path, permit, caller, arrivalNanos);
    }
  }

  private static SlipwayException unknown(@Nullable String path) {
    String shown = path == null ? "" : path;
    return new SlipwayException(
        ErrorCode.NOT_FOUND,
        "path: '%s' (expected: a path of /openapi.json)"
            .formatted(shown.length() > 200 ? shown.substring(0, 200) + "..." : shown));
  }

  private void dispatch(
      HttpServerRequest request,
      RestPath path,
      @Nullable InferencePermit permit,
      Caller caller,
      long arrivalNanos) {
    switch (path.route()) {
      case INFER ->
          new V2InferCall(scope, request, path, requireNonNull(permit), arrivalNanos, codecs)
              .start();
      case METRICS -> new MetricsCall(scope, request, metrics).start();
      case V1_PREDICT ->
          new V1PredictCall(scope, request, path, requireNonNull(permit), arrivalNanos, codecs)
              .start();
      case ALIVE,
          SERVER_METADATA,
          HEALTH_LIVE,
          HEALTH_READY,
          MODEL_METADATA,
          MODEL_READY,
          MODEL_CONFIG,
          MODEL_STATISTICS,
          ALL_STATISTICS,
          V1_MODEL,
          OPENAPI ->
          read(request, path);
      case REPOSITORY_INDEX, REPOSITORY_LOAD, REPOSITORY_UNLOAD ->
          repository(request, path, caller.principal().actor(), arrivalNanos);
    }
  }

  private void read(HttpServerRequest request, RestPath path) {
    RestCall call = new RestCall(scope, request, path.route().name());
    try {
      answer(call, path);
    } catch (RuntimeException e) {
      call.fail(e);
    }
  }

  private void answer(RestCall call, RestPath path) {
    ModelCatalog catalog = scope.catalog();
    String model = path.model();
    int version = path.version();
    switch (path.route()) {
      case ALIVE -> json(call, 200, MetadataJson::encodeAlive);
      case SERVER_METADATA -> json(call, 200, sink -> MetadataJson.encode(catalog.server(), sink));
      case HEALTH_LIVE -> json(call, 200, sink -> MetadataJson.encodeLive(true, sink));
      case HEALTH_READY -> {
        boolean ready = catalog.isServerReady();
        json(call, ready ? 200 : 503, sink -> MetadataJson.encodeReady(true, ready, sink));
      }
      case MODEL_METADATA ->
          json(call, 200, sink -> MetadataJson.encode(catalog.metadata(model, version), sink));
      case MODEL_READY, V1_MODEL -> {
        boolean ready = catalog.isReady(catalog.require(model, version));
        json(call, ready ? 200 : 503, sink -> MetadataJson.encodeModelReady(model, ready, sink));
      }
      case MODEL_CONFIG ->
          json(call, 200, sink -> MetadataJson.encode(catalog.configuration(model, version), sink));
      case MODEL_STATISTICS, ALL_STATISTICS ->
          json(
              call,
              200,
              sink -> MetadataJson.encodeStatistics(catalog.statistics(model, version), sink));
      case OPENAPI -> call.json(200, openApi);
      case INFER, V1_PREDICT, METRICS, REPOSITORY_INDEX, REPOSITORY_LOAD, REPOSITORY_UNLOAD ->
          throw new IllegalStateException(path.route() + " is not answered here");
    }
  }

  private static void json(RestCall call, int status, Consumer<ByteSink> content) {
    ByteSink sink = new ByteSink();
    content.accept(sink);
    call.json(status, sink.toByteArray());
  }

  private void repository(
      HttpServerRequest request, RestPath path, Actor actor, long arrivalNanos) {
    new BodyCall(scope, request, path.route().name(), arrivalNanos, REPOSITORY_BODY_BYTES_MAX) {
      @Override
      protected void bodyArrived(Bytes body) {
        JsonNode parameters = object(body);
        switch (path.route()) {
          case REPOSITORY_INDEX ->
              RestRouter.json(
                  this,
                  200,
                  sink ->
                      MetadataJson.encodeIndex(
                          scope().catalog().index(parameters.path("ready").asBoolean(false)),
                          sink));
          case REPOSITORY_LOAD -> {
            List<String> names = new ArrayList<>();
            parameters.path("parameters").fieldNames().forEachRemaining(names::add);
            change(this, () -> scope().catalog().load(actor, path.model(), names));
          }
          default -> change(this, () -> scope().catalog().unload(actor, path.model()));
        }
      }
    }.start();
  }

  /** Runs what blocks on a virtual thread, then answers on the event loop. */
  private void change(RestCall call, Runnable change) {
    scope
        .blocking()
        .execute(
            () -> {
              try {
                change.run();
                scope
                    .context()
                    .runOnContext(ignored -> call.answer(200, Headers.JSON, Buffer.buffer("{}")));
              } catch (RuntimeException e) {
                scope.context().runOnContext(ignored -> call.fail(e));
              }
            });
  }

  private static JsonNode object(Bytes body) {
    if (body.length() == 0) {
      return JSON.createObjectNode();
    }
    try {
      JsonNode node = JSON.readTree(body.array(), body.offset(), body.length());
      if (node.isObject()) {
        return node;
      }
    } catch (JsonProcessingException e) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "body: not valid JSON (expected: empty or a JSON object)", e);
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.INTERNAL, "reading from memory failed", e);
    }
    throw new SlipwayException(ErrorCode.BAD_REQUEST, "body: (expected: empty or a JSON object)");
  }
}
