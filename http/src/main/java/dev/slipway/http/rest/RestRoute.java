package dev.slipway.http.rest;

import dev.slipway.core.identity.Action;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/**
 * Every path of the data plane, with its one method and what it takes to call it. The control API
 * is routed by its prefix.
 */
public enum RestRoute {
  ALIVE(HttpMethod.GET, Action.PROBE, "/"),
  SERVER_METADATA(HttpMethod.GET, Action.READ_SERVER, "/v2"),
  HEALTH_LIVE(HttpMethod.GET, Action.PROBE, "/v2/health/live"),
  HEALTH_READY(HttpMethod.GET, Action.PROBE, "/v2/health/ready"),
  MODEL_METADATA(
      HttpMethod.GET,
      Action.READ_DEPLOYMENT,
      "/v2/models/{model}",
      "/v2/models/{model}/versions/{version}"),
  MODEL_READY(
      HttpMethod.GET,
      Action.READ_DEPLOYMENT,
      "/v2/models/{model}/ready",
      "/v2/models/{model}/versions/{version}/ready"),
  MODEL_CONFIG(
      HttpMethod.GET,
      Action.READ_DEPLOYMENT,
      "/v2/models/{model}/config",
      "/v2/models/{model}/versions/{version}/config"),
  MODEL_STATISTICS(
      HttpMethod.GET,
      Action.READ_DEPLOYMENT,
      "/v2/models/{model}/stats",
      "/v2/models/{model}/versions/{version}/stats"),
  ALL_STATISTICS(HttpMethod.GET, Action.READ_DEPLOYMENT, "/v2/models/stats"),
  INFER(
      HttpMethod.POST,
      Action.INFER,
      "/v2/models/{model}/infer",
      "/v2/models/{model}/versions/{version}/infer"),
  REPOSITORY_INDEX(HttpMethod.POST, Action.READ_DEPLOYMENT, "/v2/repository/index"),
  REPOSITORY_LOAD(HttpMethod.POST, Action.DEPLOY, "/v2/repository/models/{model}/load"),
  REPOSITORY_UNLOAD(HttpMethod.POST, Action.DEPLOY, "/v2/repository/models/{model}/unload"),
  V1_PREDICT(HttpMethod.POST, Action.INFER, "/v1/models/{model}:predict"),
  V1_MODEL(HttpMethod.GET, Action.READ_DEPLOYMENT, "/v1/models/{model}"),
  METRICS(HttpMethod.GET, Action.READ_METRICS, "/metrics"),
  OPENAPI(HttpMethod.GET, Action.READ_SERVER, "/openapi.json");

  private final HttpMethod method;
  private final Action action;
  private final List<String> templates;

  RestRoute(HttpMethod method, Action action, String... templates) {
    this.method = method;
    this.action = action;
    this.templates = List.of(templates);
  }

  public HttpMethod method() {
    return method;
  }

  /** What whoever comes here has to be allowed. */
  public Action action() {
    return action;
  }

  /** The paths that lead here, as OpenAPI writes them. */
  public List<String> templates() {
    return templates;
  }

  /** What a 405 answer names in {@code Allow}. */
  String allow() {
    return method.equals(HttpMethod.GET) ? "GET, HEAD" : method.name();
  }

  boolean allows(HttpMethod called) {
    return called.equals(method)
        || (method.equals(HttpMethod.GET) && called.equals(HttpMethod.HEAD));
  }
}
