package dev.slipway.http.rest;

import io.vertx.core.http.HttpMethod;
import java.util.List;

/** Every path of the data plane, with its one method. The control API is routed by its prefix. */
public enum RestRoute {
  ALIVE(HttpMethod.GET, "/"),
  SERVER_METADATA(HttpMethod.GET, "/v2"),
  HEALTH_LIVE(HttpMethod.GET, "/v2/health/live"),
  HEALTH_READY(HttpMethod.GET, "/v2/health/ready"),
  MODEL_METADATA(HttpMethod.GET, "/v2/models/{model}", "/v2/models/{model}/versions/{version}"),
  MODEL_READY(
      HttpMethod.GET, "/v2/models/{model}/ready", "/v2/models/{model}/versions/{version}/ready"),
  MODEL_CONFIG(
      HttpMethod.GET, "/v2/models/{model}/config", "/v2/models/{model}/versions/{version}/config"),
  MODEL_STATISTICS(
      HttpMethod.GET, "/v2/models/{model}/stats", "/v2/models/{model}/versions/{version}/stats"),
  ALL_STATISTICS(HttpMethod.GET, "/v2/models/stats"),
  INFER(HttpMethod.POST, "/v2/models/{model}/infer", "/v2/models/{model}/versions/{version}/infer"),
  REPOSITORY_INDEX(HttpMethod.POST, "/v2/repository/index"),
  REPOSITORY_LOAD(HttpMethod.POST, "/v2/repository/models/{model}/load"),
  REPOSITORY_UNLOAD(HttpMethod.POST, "/v2/repository/models/{model}/unload"),
  V1_PREDICT(HttpMethod.POST, "/v1/models/{model}:predict"),
  V1_MODEL(HttpMethod.GET, "/v1/models/{model}"),
  METRICS(HttpMethod.GET, "/metrics"),
  OPENAPI(HttpMethod.GET, "/openapi.json");

  private final HttpMethod method;
  private final List<String> templates;

  RestRoute(HttpMethod method, String... templates) {
    this.method = method;
    this.templates = List.of(templates);
  }

  public HttpMethod method() {
    return method;
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
