package dev.slipway.http;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.call.Bytes;
import dev.slipway.http.call.CallScope;
import dev.slipway.http.call.ErrorAnswer;
import dev.slipway.http.call.Headers;
import dev.slipway.http.control.ControlHandler;
import dev.slipway.http.control.ControlRequest;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.http.control.Mount;
import dev.slipway.http.identity.Caller;
import dev.slipway.http.limits.Limit;
import dev.slipway.http.metrics.StatusCounts;
import dev.slipway.http.rest.RestCall;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Hands the requests of the control plane to their handlers, each on a virtual thread. */
final class ControlBridge {
  private final List<Mount> mounts;
  private final Semaphore slots;
  private final Semaphore streams;
  private final StatusCounts answers;

  /**
   * @param requestsMax handled at the same time, and as many streams sent; shared by all event
   *     loops
   * @param answers counts what is answered
   */
  ControlBridge(List<Mount> mounts, int requestsMax, StatusCounts answers) {
    this.mounts = List.copyOf(mounts);
    this.slots = new Semaphore(requestsMax);
    this.streams = new Semaphore(requestsMax);
    this.answers = answers;
  }

  /** Refuses a request before it is looked at. */
  void refuse(
      CallScope scope, HttpServerRequest request, ControlHandler handler, SlipwayException reason) {
    problem(new RestCall(scope, request, "control API"), handler, reason);
  }

  /** Who answers this; null if it is no request of the control plane. */
  @Nullable ControlHandler handlerOf(String uri) {
    for (Mount mount : mounts) {
      if (mount.takes(uri)) {
        return mount.handler();
      }
    }
    return null;
  }

  void handle(CallScope scope, HttpServerRequest request, ControlHandler handler, Caller caller) {
    RestCall call = new RestCall(scope, request, "control API");
    ControlRequest control;
    StreamedBody body;
    try {
      Map<String, List<String>> query = queryOf(request);
      body =
          new StreamedBody(
              scope.context(),
              request,
              scope.limits().artifactBytesMax(),
              scope.limits().bodySeconds(),
              scope.hits());
      control =
          new ControlRequest(
              request.method().name(),
              decode(pathOf(request)),
              lastOf(query),
              query,
              headersOf(request),
              caller,
              body,
              call.requestId(),
              serverOf(request));
    } catch (SlipwayException e) {
      problem(call, handler, e);
      return;
    }
    if (!slots.tryAcquire()) {
      scope.hits().count(Limit.CONTROL_REQUESTS);
      problem(call, handler, tooMany());
      return;
    }
    body.start();
    scope.blocking().execute(() -> run(scope, call, handler, control, body));
  }

  private void run(
      CallScope scope,
      RestCall call,
      ControlHandler handler,
      ControlRequest control,
      StreamedBody body) {
    ControlResponse response;
    try (body) {
      response = handler.handle(control);
    } catch (RuntimeException e) {
      scope.context().runOnContext(ignored -> problem(call, handler, e));
      return;
    } finally {
      slots.release();
    }
    ControlResponse.Stream stream = response.stream();
    if (stream == null) {
      scope.context().runOnContext(ignored -> answer(call, response));
    } else {
      send(scope, call, handler, response, stream);
    }
  }

  /** A caller who takes a stream slowly keeps nobody from being answered otherwise. */
  private void send(
      CallScope scope,
      RestCall call,
      ControlHandler handler,
      ControlResponse response,
      ControlResponse.Stream stream) {
    StreamedAnswer sending =
        new StreamedAnswer(scope.context(), call.request(), stream, scope.limits().bodySeconds());
    if (!streams.tryAcquire()) {
      scope.hits().count(Limit.CONTROL_REQUESTS);
      sending.abandon();
      sending.send();
      scope.context().runOnContext(ignored -> problem(call, handler, tooMany()));
      return;
    }
    try {
      scope.context().runOnContext(ignored -> stream(call, response, stream, sending));
      sending.send();
    } finally {
      streams.release();
    }
  }

  private void stream(
      RestCall call,
      ControlResponse response,
      ControlResponse.Stream stream,
      StreamedAnswer sending) {
    answers.count(response.status());
    response.headers().forEach(call.request().response().headers()::set);
    if (!call.stream(response.status(), response.contentType(), stream.bytes(), sending::begin)) {
      sending.abandon();
    }
  }

  private void answer(RestCall call, ControlResponse response) {
    answers.count(response.status());
    if (response.status() == 503 || response.status() == 429) {
      call.request().response().headers().set(Headers.RETRY_AFTER, Headers.ONE_SECOND);
    }
    if (response.status() == 401) {
      call.request().response().headers().set(Headers.WWW_AUTHENTICATE, Headers.BEARER);
    }
    response.headers().forEach(call.request().response().headers()::set);
    Path file = response.file();
    if (file == null) {
      call.answer(response.status(), response.contentType(), Bytes.buffer(response.body()));
    } else {
      call.file(response.status(), response.contentType(), file);
    }
  }

  private void problem(RestCall call, ControlHandler handler, RuntimeException failure) {
    ErrorAnswer answer = ErrorAnswer.of(failure, call.requestId(), null);
    if (answer.code() == ErrorCode.CANCELLED) {
      call.abandon();
      return;
    }
    answer(call, handler.refusal(answer.code(), answer.message(), call.requestId()));
  }

  private static SlipwayException tooMany() {
    return new SlipwayException(
        ErrorCode.TOO_MANY_REQUESTS, "too many control API requests at the same time");
  }

  private static URI serverOf(HttpServerRequest request) {
    SocketAddress address = request.localAddress();
    String host = Objects.requireNonNullElse(address.hostAddress(), address.host());
    return URI.create(
        "%s://%s:%d"
            .formatted(
                request.isSSL() ? "https" : "http",
                host.contains(":") ? "[" + host + "]" : host,
                address.port()));
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

  private static Map<String, List<String>> queryOf(HttpServerRequest request) {
    Map<String, List<String>> query = new HashMap<>();
    String text = request.query();
    if (text == null || text.isEmpty()) {
      return query;
    }
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      try {
        query
            .computeIfAbsent(
                URLDecoder.decode(key, StandardCharsets.UTF_8), name -> new ArrayList<>())
            .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        throw badEncoding("query", pair);
      }
    }
    return query;
  }

  private static Map<String, String> lastOf(Map<String, List<String>> query) {
    Map<String, String> last = new HashMap<>();
    query.forEach((key, values) -> last.put(key, values.getLast()));
    return last;
  }

  private static SlipwayException badEncoding(String where, String text) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "%s: '%s' (expected: %% and two hexadecimal digits)".formatted(where, text));
  }

  private static Map<String, String> headersOf(HttpServerRequest request) {
    Map<String, String> headers = new HashMap<>();
    request
        .headers()
        .forEach(
            (name, value) ->
                // HTTP/2 may split a cookie header into its cookies, RFC 9113 section 8.2.3.
                headers.merge(
                    name.toLowerCase(Locale.ROOT),
                    value,
                    (before, next) ->
                        name.equalsIgnoreCase("cookie") ? before + "; " + next : next));
    return headers;
  }
}
