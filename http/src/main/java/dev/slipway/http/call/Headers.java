package dev.slipway.http.call;

import io.vertx.core.http.HttpHeaders;

/** Header names and values that are written or read often, prepared once. */
public final class Headers {
  public static final CharSequence CONTENT_TYPE = HttpHeaders.CONTENT_TYPE;
  public static final CharSequence CONTENT_LENGTH = HttpHeaders.CONTENT_LENGTH;
  public static final CharSequence CONTENT_ENCODING = HttpHeaders.CONTENT_ENCODING;
  public static final CharSequence ACCEPT_ENCODING = HttpHeaders.ACCEPT_ENCODING;
  public static final CharSequence CONNECTION = HttpHeaders.CONNECTION;
  public static final CharSequence CLOSE = HttpHeaders.createOptimized("close");
  public static final CharSequence ORIGIN = HttpHeaders.createOptimized("origin");
  public static final CharSequence ALLOW = HttpHeaders.createOptimized("allow");
  public static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("retry-after");
  public static final CharSequence WWW_AUTHENTICATE =
      HttpHeaders.createOptimized("www-authenticate");

  /**
   * How a caller who is not known may say who they are. Names and passwords are accepted too, but
   * not asked for, since browsers would then ask their user for one.
   */
  public static final CharSequence BEARER = HttpHeaders.createOptimized("Bearer realm=\"slipway\"");

  public static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
  public static final CharSequence TRACEPARENT = HttpHeaders.createOptimized("traceparent");
  public static final CharSequence SERVER_TIMING = HttpHeaders.createOptimized("server-timing");

  /** Microseconds within which the caller wants the answer. */
  public static final CharSequence TIMEOUT_MICROS =
      HttpHeaders.createOptimized("x-request-timeout-micros");

  /** Decides between the variants of a deployment. */
  public static final CharSequence ROUTING_KEY =
      HttpHeaders.createOptimized("x-slipway-routing-key");

  public static final CharSequence MODEL_VERSION =
      HttpHeaders.createOptimized("x-slipway-model-version");
  public static final CharSequence ARTIFACT_DIGEST =
      HttpHeaders.createOptimized("x-slipway-artifact-digest");

  /** Length of the JSON part of a body with the binary tensor extension. */
  public static final CharSequence INFERENCE_HEADER_LENGTH =
      HttpHeaders.createOptimized("inference-header-content-length");

  public static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  public static final CharSequence OCTETS = HttpHeaders.createOptimized("application/octet-stream");

  /** Seconds; an overloaded server is usually free again after a moment. */
  public static final CharSequence ONE_SECOND = HttpHeaders.createOptimized("1");

  private Headers() {}
}
