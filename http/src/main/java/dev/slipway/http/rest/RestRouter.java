package dev.slipway.http.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.call.Bytes;
import dev.slipway.http.call.CallScope;
import dev.slipway.http.call.Headers;
import dev.slipway.http.metrics.MetricsText;
import dev.slipway.serving.ServedVariant;
import dev.slipway.serving.ServingPlane;
import dev.slipway.serving.metrics.VariantKey;
import dev.slipway.serving.metrics.VariantSnapshot;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.List;
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
   */
  public void handle(HttpServerRequest request, long arrivalNanos) {
    RestPath path;
    try {
      path = paths.find(request.uri());
    } catch (SlipwayException e) {
      new RestCall(scope, request, "invalid path").fail(e);
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
      dispatch(request, path, arrivalNanos);
    }
  }

  private static SlipwayException unknown(@Nullable String path) {
    String shown = path == null ? "" : path;
    return new SlipwayException(
        ErrorCode.NOT_FOUND,
        "path: '%s' (expected: a path of /openapi.json)"
            .formatted(shown.length() > 200 ? shown.substring(0, 200) + "..." : shown));
  }

  private void dispatch(HttpServerRequest request, RestPath path, long arrivalNanos) {
    switch (path.route()) {
      case INFER -> new V2InferCall(scope, request, path, arrivalNanos, codecs).start();
      case METRICS -> new MetricsCall(scope, request, metrics).start();
      case V1_PREDICT -> new V1PredictCall(scope, request, path, arrivalNanos, codecs).start();
      case SERVER_METADATA,
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
          repository(request, path, arrivalNanos);
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
    ServingPlane plane = scope.plane();
    switch (path.route()) {
      case SERVER_METADATA -> call.json(200, ModelDocuments.server(scope.serverVersion()));
      case HEALTH_LIVE -> call.json(200, ModelDocuments.live(true));
      case HEALTH_READY -> {
        boolean ready = plane.isReady() && !scope.draining().get();
        call.json(ready ? 200 : 503, ModelDocuments.ready(ready));
      }
      case MODEL_METADATA -> {
        ServedVariant variant = require(path);
        call.json(
            200,
            ModelDocuments.metadata(variant, Repository.versions(plane, variant.deployment())));
      }
      case MODEL_READY, V1_MODEL -> {
        ServedVariant variant = require(path);
        boolean ready = Repository.isReady(variant);
        call.json(ready ? 200 : 503, ModelDocuments.modelReady(variant.deployment(), ready));
      }
      case MODEL_CONFIG -> call.json(200, ModelDocuments.config(require(path)));
      case MODEL_STATISTICS -> {
        ServedVariant variant = require(path);
        call.json(200, StatisticsDocument.of(statistics(variant.deployment(), path.version())));
      }
      case ALL_STATISTICS -> call.json(200, StatisticsDocument.of(statistics("", 0)));
      case OPENAPI -> call.json(200, openApi);
      case INFER, V1_PREDICT, METRICS, REPOSITORY_INDEX, REPOSITORY_LOAD, REPOSITORY_UNLOAD ->
          throw new IllegalStateException(path.route() + " is not answered here");
    }
  }

  private ServedVariant require(RestPath path) {
    return Repository.require(scope.plane(), path.model(), path.version());
  }

  private List<VariantSnapshot> statistics(String deployment, int version) {
    return scope.plane().metrics().variants().stream()
        .filter(variant -> !variant.key().equals(VariantKey.UNKNOWN))
        .filter(variant -> variant.key().version() != 0)
        .filter(variant -> deployment.isEmpty() || variant.key().deployment().equals(deployment))
        .filter(variant -> version == 0 || variant.key().version() == version)
        .toList();
  }

  private void repository(HttpServerRequest request, RestPath path, long arrivalNanos) {
    new BodyCall(scope, request, path.route().name(), arrivalNanos, REPOSITORY_BODY_BYTES_MAX) {
      @Override
      protected void bodyArrived(Bytes body) {
        JsonNode parameters = object(body);
        switch (path.route()) {
          case REPOSITORY_INDEX ->
              json(200, Repository.index(scope.plane(), parameters.path("ready").asBoolean(false)));
          case REPOSITORY_LOAD -> change(this, path, parameters, true);
          default -> change(this, path, parameters, false);
        }
      }
    }.start();
  }

  private void change(RestCall call, RestPath path, JsonNode request, boolean load) {
    if (load && !request.path("parameters").isEmpty()) {
      throw new SlipwayException(
          ErrorCode.NOT_IMPLEMENTED,
          "parameters: %s (expected: none; a model's files and settings are registered)"
              .formatted(request.path("parameters").propertyNames()));
    }
    Repository.require(scope.plane(), path.model(), 0);
    scope
        .blocking()
        .execute(
            () -> {
              RuntimeException failure = null;
              try {
                if (load) {
                  scope.plane().load(path.model());
                } else {
                  scope.plane().unload(path.model());
                }
              } catch (RuntimeException e) {
                failure = e;
              }
              RuntimeException outcome = failure;
              scope
                  .context()
                  .runOnContext(
                      ignored -> {
                        if (outcome == null) {
                          call.answer(200, Headers.JSON, Buffer.buffer("{}"));
                        } else {
                          call.fail(outcome);
                        }
                      });
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
