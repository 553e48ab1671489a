package dev.slipway.http;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.call.Bytes;
import dev.slipway.http.call.CallScope;
import dev.slipway.http.call.ErrorAnswer;
import dev.slipway.http.call.Headers;
import dev.slipway.http.call.JsonText;
import dev.slipway.http.control.ControlHandler;
import dev.slipway.http.control.ControlRequest;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.http.limits.Limit;
import dev.slipway.http.rest.RestCall;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** Hands control API requests to their handler, each on a virtual thread. */
final class ControlBridge {
  static final String PREFIX = "/api/v1/";
  private static final String PROBLEM = "application/problem+json";

  private final ControlHandler handler;
  private final Semaphore slots;

  /**
   * @param requestsMax handled at the same time; shared by all event loops
   */
  ControlBridge(ControlHandler handler, int requestsMax) {
    this.handler = handler;
    this.slots = new Semaphore(requestsMax);
  }

  void handle(CallScope scope, HttpServerRequest request) {
    RestCall call = new RestCall(scope, request, "control API");
    ControlRequest control;
    StreamedBody body;
    try {
      body =
          new StreamedBody(
              scope.context(), request, scope.limits().artifactBytesMax(), scope.hits());
      control =
          new ControlRequest(
              request.method().name(),
              decode(pathOf(request)),
              queryOf(request),
              headersOf(request),
              new Actor.LocalCaller(),
              body,
              call.requestId());
    } catch (SlipwayException e) {
      problem(call, e);
      return;
    }
    if (!slots.tryAcquire()) {
      scope.hits().count(Limit.CONTROL_REQUESTS);
      problem(
          call,
          new SlipwayException(
              ErrorCode.TOO_MANY_REQUESTS, "too many control API requests at the same time"));
      return;
    }
    body.start();
    scope.blocking().execute(() -> run(scope, call, control, body));
  }

  private void run(CallScope scope, RestCall call, ControlRequest control, StreamedBody body) {
    try (body) {
      ControlResponse response = handler.handle(control);
      scope.context().runOnContext(ignored -> answer(call, response));
    } catch (RuntimeException e) {
      scope.context().runOnContext(ignored -> problem(call, e));
    } finally {
      slots.release();
    }
  }

  private static void answer(RestCall call, ControlResponse response) {
    if (response.status() == 503 || response.status() == 429) {
      call.request().response().headers().set(Headers.RETRY_AFTER, Headers.ONE_SECOND);
    }
    response.headers().forEach(call.request().response().headers()::set);
    call.answer(response.status(), response.contentType(), Bytes.buffer(response.body()));
  }

  private static void problem(RestCall call, RuntimeException failure) {
    ErrorAnswer answer = ErrorAnswer.of(failure, call.requestId(), null);
    if (answer.code() == ErrorCode.CANCELLED) {
      call.abandon();
      return;
    }
    int status = answer.code().httpStatus();
    byte[] body =
        JsonText.of(
            json -> {
              json.writeStartObject();
              json.writeStringField("type", "about:blank");
              json.writeStringField("title", title(answer.code()));
              json.writeNumberField("status", status);
              json.writeStringField("detail", answer.message());
              json.writeStringField("code", answer.code().name());
              json.writeStringField("request_id", call.requestId());
              json.writeEndObject();
            });
    answer(call, new ControlResponse(status, PROBLEM, body));
  }

  private static String title(ErrorCode code) {
    String words = code.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static String pathOf(HttpServerRequest request) {
    String path = request.path();
    return path == null ? "" : path;
  }

  /** Percent-decodes; a plus sign stands for itself in a path. */
  private static String decode(String path) {
    try {
      return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw badEncoding("path", path);
    }
  }

  private static Map<String, String> queryOf(HttpServerRequest request) {
    Map<String, String> query = new HashMap<>();
    String text = request.query();
    if (text == null || text.isEmpty()) {
      return query;
    }
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      try {
        query.put(
            URLDecoder.decode(key, StandardCharsets.UTF_8),
            URLDecoder.decode(value, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        throw badEncoding("query", pair);
      }
    }
    return query;
  }

  private static SlipwayException badEncoding(String where, String text) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "%s: '%s' (expected: %% and two hexadecimal digits)".formatted(where, text));
  }

  private static Map<String, String> headersOf(HttpServerRequest request) {
    Map<String, String> headers = new HashMap<>();
    request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    return headers;
  }
}
