package dev.slipway.http.call;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * Ends a call whose answer was sent before its body had arrived. Closing at once would make the
 * caller's system drop the answer unread, so what still arrives is read and thrown away for a
 * moment; then the connection (of HTTP/2, the stream) is closed.
 */
public final class Linger {
  private static final long LINGER_MILLIS = 2_000;

  private Linger() {}

  /** Whether the request comes with a body, as far as its head tells. */
  public static boolean announcesBody(HttpServerRequest request) {
    String length = request.headers().get(Headers.CONTENT_LENGTH);
    if (length != null) {
      return !length.equals("0");
    }
    if (request.version() == HttpVersion.HTTP_2) {
      return !request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD);
    }
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  /** Called on the event loop, after the answer's end was written. */
  public static void afterAnswer(Context context, HttpServerRequest request) {
    Vertx vertx = context.owner();
    long timer = vertx.setTimer(LINGER_MILLIS, ignored -> cutOff(request));
    request.exceptionHandler(failure -> vertx.cancelTimer(timer));
    request.handler(chunk -> {});
    request.endHandler(
        ignored -> {
          vertx.cancelTimer(timer);
          if (request.version() != HttpVersion.HTTP_2) {
            request.connection().close();
          }
        });
    request.resume();
  }

  /** Breaks off what is being answered. */
  public static void cutOff(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset(0);
    } else {
      request.connection().close();
    }
  }
}
