package dev.slipway.http.rest;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.http.call.Bytes;
import dev.slipway.http.call.CallScope;
import dev.slipway.http.call.ErrorAnswer;
import dev.slipway.http.call.Headers;
import dev.slipway.http.call.JsonText;
import dev.slipway.http.call.Linger;
import dev.slipway.http.trace.RequestSpan;
import dev.slipway.http.trace.TraceContext;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One REST request and its one answer. Belongs to its event loop. */
public class RestCall {
  private final CallScope scope;
  private final HttpServerRequest request;
  private final String requestId;
  private final @Nullable TraceContext callersTrace;
  private @Nullable RequestSpan span;
  private boolean answered;

  /**
   * @param spanName what a recorded trace calls this request
   */
  public RestCall(CallScope scope, HttpServerRequest request, String spanName) {
    this.scope = scope;
    this.request = request;
    MultiMap headers = request.headers();
    requestId = scope.requestIds().acceptOrNext(headers.get(Headers.REQUEST_ID));
    callersTrace = TraceContext.parse(headers.get(Headers.TRACEPARENT));
    span = scope.tracing().begin(callersTrace, spanName);
  }

  public CallScope scope() {
    return scope;
  }

  public HttpServerRequest request() {
    return request;
  }

  public String requestId() {
    return requestId;
  }

  /** Null if this request is not recorded. */
  public @Nullable RequestSpan span() {
    return span;
  }

  public boolean isAnswered() {
    return answered;
  }

  public void json(int status, byte[] body) {
    answer(status, Headers.JSON, Bytes.buffer(body));
  }

  /** Answers; a second answer is ignored. */
  public void answer(int status, CharSequence contentType, Buffer body) {
    HttpServerResponse response = begin(status);
    if (response != null) {
      response.headers().set(Headers.CONTENT_TYPE, contentType);
      end(response, body);
    }
  }

  /** Answers with a file of this machine, which is sent as the caller takes it. */
  public void file(int status, CharSequence contentType, Path file) {
    HttpServerResponse response = begin(status);
    if (response != null) {
      response.headers().set(Headers.CONTENT_TYPE, contentType);
      end(response, () -> response.sendFile(file.toString()));
    }
  }

  /**
   * Answers with so many bytes, which are written bit by bit.
   *
   * @param write begins to write them, and ends the answer
   * @return false if nobody waits for an answer, and then nothing is written
   */
  public boolean stream(
      int status,
      CharSequence contentType,
      long bytes,
      Function<HttpServerResponse, Future<Void>> write) {
    HttpServerResponse response = begin(status);
    if (response == null) {
      return false;
    }
    response.headers().set(Headers.CONTENT_TYPE, contentType);
    response.headers().set(Headers.CONTENT_LENGTH, Long.toString(bytes));
    end(response, () -> write.apply(response));
    return true;
  }

  /** Answers with an error; nobody is answered who has cancelled. */
  public void fail(Throwable failure) {
    ErrorAnswer answer = ErrorAnswer.of(failure, requestId, traceId());
    RequestSpan recorded = span;
    if (recorded != null) {
      recorded.failed(answer.code().name(), answer.message());
    }
    if (answer.code() == ErrorCode.CANCELLED) {
      abandon();
      return;
    }
    HttpServerResponse response = begin(answer.code().httpStatus());
    if (response != null) {
      response.headers().set(Headers.CONTENT_TYPE, Headers.JSON);
      if (answer.code() == ErrorCode.UNAUTHENTICATED) {
        response.headers().set(Headers.WWW_AUTHENTICATE, Headers.BEARER);
      }
      if (answer.isRetryable()) {
        response.headers().set(Headers.RETRY_AFTER, Headers.ONE_SECOND);
      }
      end(response, Bytes.buffer(JsonText.error(answer.message())));
    }
  }

  /** Ends the call without an answer: nobody waits for one. */
  public void abandon() {
    if (!answered) {
      answered = true;
      endSpan();
    }
  }

  /**
   * Begins an answer: status, request id and trace context are set.
   *
   * @return null if the call was answered before, or the caller has gone
   */
  protected @Nullable HttpServerResponse begin(int status) {
    HttpServerResponse response = request.response();
    if (answered || response.closed()) {
      abandon();
      return null;
    }
    answered = true;
    response.setStatusCode(status);
    MultiMap headers = response.headers();
    headers.set(Headers.REQUEST_ID, requestId);
    RequestSpan recorded = span;
    TraceContext trace = callersTrace;
    if (recorded != null) {
      headers.set(Headers.TRACEPARENT, recorded.context().header());
    } else if (trace != null) {
      headers.set(Headers.TRACEPARENT, trace.child(scope.spanIds().next()).header());
    }
    return response;
  }

  /** Sends the answer that {@link #begin} began, and closes the connection where that is due. */
  protected void end(HttpServerResponse response, Buffer body) {
    end(response, () -> response.end(body));
  }

  private void end(HttpServerResponse response, Supplier<Future<Void>> send) {
    boolean http1 = request.version() != HttpVersion.HTTP_2;
    boolean bodyMissing = !request.isEnded() && Linger.announcesBody(request);
    boolean close = http1 && (bodyMissing || scope.draining().get());
    if (close) {
      response.headers().set(Headers.CONNECTION, Headers.CLOSE);
    }
    Future<Void> written = send.get();
    endSpan();
    if (bodyMissing) {
      Linger.afterAnswer(scope.context(), request);
    } else if (close) {
      written.onComplete(ignored -> request.connection().close());
    }
  }

  private @Nullable String traceId() {
    RequestSpan recorded = span;
    if (recorded != null) {
      return recorded.context().traceId();
    }
    TraceContext trace = callersTrace;
    return trace == null ? null : trace.traceId();
  }

  private void endSpan() {
    RequestSpan recorded = span;
    if (recorded != null) {
      span = null;
      recorded.end();
    }
  }
}
