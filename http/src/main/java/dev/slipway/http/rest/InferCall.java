package dev.slipway.http.rest;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.Protocol;
import dev.slipway.core.protection.InferencePermit;
import dev.slipway.http.call.Admission;
import dev.slipway.http.call.Bytes;
import dev.slipway.http.call.CallScope;
import dev.slipway.http.call.ContentCoding;
import dev.slipway.http.call.Deadline;
import dev.slipway.http.call.Headers;
import dev.slipway.http.call.InferenceTrace;
import dev.slipway.http.trace.RequestSpan;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.serving.CallContext;
import dev.slipway.serving.InferenceListener;
import dev.slipway.serving.ServingLoop.InFlight;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * One inference over REST: the body is decoded into the serving loop's buffers, submitted, and the
 * response encoded into the answer, all on the event loop. Subclasses know the body's format.
 */
abstract class InferCall extends BodyCall implements InferenceListener {

  private final RestPath path;
  private final InferencePermit permit;
  private final Protocol protocol;
  private final long arrivalNanos;
  private final InferenceCodecs codecs;
  private @Nullable CallContext context;

  InferCall(
      CallScope scope,
      HttpServerRequest request,
      RestPath path,
      InferencePermit permit,
      Protocol protocol,
      long arrivalNanos,
      InferenceCodecs codecs) {
    super(scope, request, "infer", arrivalNanos, Integer.MAX_VALUE);
    this.path = path;
    this.permit = permit;
    this.protocol = protocol;
    this.arrivalNanos = arrivalNanos;
    this.codecs = codecs;
  }

  /** Decodes the body; on failure no buffer is left taken. */
  abstract InferenceRequest decode(RestPath where, Bytes body, InferenceCodecs with);

  /**
   * Appends the answer's body.
   *
   * @return length of the JSON part if binary tensors follow it, else -1
   */
  abstract int encode(InferenceResponse response, InferenceCodecs with, ByteSink sink);

  @Override
  protected final void beforeBody() {
    scope().serving().requireServed(path.model(), path.version());
  }

  @Override
  protected final void bodyArrived(Bytes body) {
    MultiMap headers = request().headers();
    long deadlineNanos = Deadline.ofMicros(headers.get(Headers.TIMEOUT_MICROS), arrivalNanos);
    String routingKey = headers.get(Headers.ROUTING_KEY);
    InferenceRequest decoded = decode(path, body, codecs);
    Admission.admit(decoded, permit, scope());
    CallContext call =
        new CallContext(
            requestId(),
            routingKey == null || routingKey.isEmpty() ? requestId() : routingKey,
            protocol,
            arrivalNanos,
            System.nanoTime(),
            deadlineNanos);
    context = call;
    InFlight inFlight = scope().serving().submit(decoded, call, this);
    if (!isAnswered()) {
      request()
          .response()
          .closeHandler(
              ignored -> {
                inFlight.cancel();
                abandon();
              });
    }
  }

  @Override
  protected final void refused(ErrorCode code) {
    if (context == null) {
      scope().serving().recordRefused(path.model(), protocol, code);
    }
  }

  @Override
  public final void onFailure(SlipwayException failure) {
    fail(failure);
  }

  @Override
  public final void onResponse(InferenceResponse response) {
    CallContext call = context;
    if (call == null) {
      throw new IllegalStateException("answered before it was submitted");
    }
    long startNanos = System.nanoTime();
    ByteSink sink = codecs.sink;
    sink.reset();
    int jsonLength;
    try {
      jsonLength = encode(permit.shown(response), codecs, sink);
    } catch (RuntimeException e) {
      SlipwayException failure =
          e instanceof SlipwayException known
              ? known
              : new SlipwayException(ErrorCode.INTERNAL, "encoding failed: " + e, e);
      scope().serving().recordNotEncoded(response, call, failure.code());
      fail(failure);
      return;
    }
    ContentCoding coding =
        scope()
            .compression()
            .coding(sink.length(), request().headers().get(Headers.ACCEPT_ENCODING));
    Buffer body = body(sink, coding);
    long encodeNanos = System.nanoTime() - startNanos;
    HttpServerResponse answer = begin(200);
    if (answer != null) {
      writeHeaders(answer.headers(), response, call, jsonLength, coding, encodeNanos);
      RequestSpan recorded = span();
      if (recorded != null) {
        InferenceTrace.record(recorded, response, call, startNanos, encodeNanos);
      }
      end(answer, body);
    }
    scope().serving().recordAnswered(response, call, encodeNanos);
  }

  private static Buffer body(ByteSink sink, ContentCoding coding) {
    return coding == ContentCoding.IDENTITY
        ? Bytes.buffer(sink.toByteArray())
        : Bytes.buffer(coding.encode(sink.array(), 0, sink.length()));
  }

  private void writeHeaders(
      MultiMap headers,
      InferenceResponse response,
      CallContext call,
      int jsonLength,
      ContentCoding coding,
      long encodeNanos) {
    if (jsonLength >= 0) {
      headers.set(Headers.CONTENT_TYPE, Headers.OCTETS);
      headers.set(Headers.INFERENCE_HEADER_LENGTH, Integer.toString(jsonLength));
    } else {
      headers.set(Headers.CONTENT_TYPE, Headers.JSON);
    }
    if (coding != ContentCoding.IDENTITY) {
      headers.set(Headers.CONTENT_ENCODING, coding.token());
    }
    scope().versionHeaders().write(headers, response.version());
    headers.set(
        Headers.SERVER_TIMING,
        codecs.timing.header(
            call.decodedNanos() - call.arrivalNanos(),
            response.queueNanos(),
            response.inferNanos(),
            encodeNanos));
  }
}
