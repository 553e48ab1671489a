package dev.slipway.http.grpc;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Action;
import dev.slipway.core.identity.Resource;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.protection.InferencePermit;
import dev.slipway.http.call.Bytes;
import dev.slipway.http.call.CallScope;
import dev.slipway.http.call.ContentCoding;
import dev.slipway.http.call.Deadline;
import dev.slipway.http.call.Decompression;
import dev.slipway.http.call.ErrorAnswer;
import dev.slipway.http.call.Headers;
import dev.slipway.http.call.InferenceTrace;
import dev.slipway.http.call.Linger;
import dev.slipway.http.call.OpenBodies;
import dev.slipway.http.identity.Caller;
import dev.slipway.http.limits.Limit;
import dev.slipway.http.trace.RequestSpan;
import dev.slipway.http.trace.TraceContext;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.serving.CallContext;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * One gRPC call, unary or streaming. Belongs to its event loop.
 *
 * <p>Life: {@link #start} opens the method's receiver and feeds it; the method answers with {@link
 * #answer} (one message and status OK), or {@link #send} as often as it likes and then {@link
 * #complete}, or {@link #fail}. Before its answer it has to {@link #require}.
 */
final class GrpcCall implements OpenBodies.Arriving, Decompression.Receiver {
  /** A message up to this length goes out in one piece with its trailers. */
  private static final int AT_ONCE_BYTES_MAX = 16 << 10;

  private final CallScope scope;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final long arrivalNanos;
  private final @Nullable Caller caller;
  private final String requestId;
  private final @Nullable TraceContext callersTrace;
  private @Nullable RequestSpan span;
  private long deadlineNanos = CallContext.NO_DEADLINE;
  private ContentCoding requestCoding = ContentCoding.IDENTITY;
  private ContentCoding responseCoding = ContentCoding.IDENTITY;
  private @Nullable GrpcDeframer deframer;
  private GrpcMethod.@Nullable Receiver receiver;
  private OpenBodies.@Nullable Entry arriving;
  private @Nullable Future<Void> lastWrite;
  private boolean asksForEncoding;
  private boolean paused;
  private boolean decompressing;
  private boolean requestEnded;
  private boolean endDelivered;
  private boolean headersSet;
  private boolean ended;
  private volatile boolean allowed;

  /**
   * @param caller null if the call is refused whoever sends it
   */
  GrpcCall(CallScope scope, HttpServerRequest request, long arrivalNanos, @Nullable Caller caller) {
    this.scope = scope;
    this.request = request;
    this.response = request.response();
    this.arrivalNanos = arrivalNanos;
    this.caller = caller;
    MultiMap headers = request.headers();
    requestId = scope.requestIds().acceptOrNext(headers.get(Headers.REQUEST_ID));
    callersTrace = TraceContext.parse(headers.get(Headers.TRACEPARENT));
  }

  /**
   * Goes on if the caller may. Callable from any thread.
   *
   * @param name of the deployment, or {@link Resource#ALL}
   * @throws SlipwayException UNAUTHENTICATED or PERMISSION_DENIED
   */
  void require(Action action, String name) {
    requireCaller().require(action, new Resource(action.target(), name));
    allowed = true;
  }

  private Caller requireCaller() {
    Caller asking = caller;
    if (asking == null) {
      throw new SlipwayException(ErrorCode.UNAUTHENTICATED, "the call was refused");
    }
    return asking;
  }

  /** As whom the audit log knows the caller. Callable from any thread. */
  Actor actor() {
    return requireCaller().principal().actor();
  }

  /**
   * What the caller may ask of a deployment, and see of its answers.
   *
   * @throws SlipwayException UNAUTHENTICATED or PERMISSION_DENIED if nothing
   */
  InferencePermit permit(String deployment) {
    InferencePermit permit = requireCaller().permit(Resource.deployment(deployment), scope.uses());
    allowed = true;
    return permit;
  }

  CallScope scope() {
    return scope;
  }

  String requestId() {
    return requestId;
  }

  long arrivalNanos() {
    return arrivalNanos;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  /** The caller's key to choose a variant by, else the request id. */
  String routingKey() {
    String key = request.headers().get(Headers.ROUTING_KEY);
    return key == null || key.isEmpty() ? requestId : key;
  }

  /** Null where the call belongs to no trace. */
  @Nullable String traceId() {
    RequestSpan recorded = span;
    if (recorded != null) {
      return recorded.context().traceId();
    }
    TraceContext trace = callersTrace;
    return trace == null ? null : trace.traceId();
  }

  /** Records the stages of an inference, where the call is recorded. */
  void traceInference(
      InferenceResponse answered, CallContext context, long encodeStartNanos, long encodeNanos) {
    RequestSpan recorded = span;
    if (recorded != null) {
      InferenceTrace.record(recorded, answered, context, encodeStartNanos, encodeNanos);
    }
  }

  boolean isEnded() {
    return ended;
  }

  /**
   * Opens the method and receives the caller's messages.
   *
   * @param unary whether the whole request has to arrive within the time for bodies
   */
  void start(GrpcMethod method, String name, boolean unary) {
    span = scope.tracing().begin(callersTrace, name);
    response.closeHandler(ignored -> closed());
    MultiMap headers = request.headers();
    try {
      deadlineNanos = Deadline.ofGrpcTimeout(headers.get(GrpcHeaders.TIMEOUT), arrivalNanos);
      String encoding = headers.get(GrpcHeaders.ENCODING);
      asksForEncoding = encoding != null;
      ContentCoding coding = requestCoding(encoding);
      requestCoding = coding;
      if (coding != ContentCoding.IDENTITY) {
        ContentCoding accepted = ContentCoding.accepted(headers.get(GrpcHeaders.ACCEPT_ENCODING));
        responseCoding = accepted == ContentCoding.IDENTITY ? accepted : coding;
      }
      deframer =
          new GrpcDeframer(coding, scope.limits().bodyBytesMax(), scope.bodyMemory(), scope.hits());
      receiver = method.open(this);
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    if (unary) {
      arriving = scope.openBodies().enter(this, arrivalNanos);
    }
    request.handler(this::arrived);
    request.endHandler(ignored -> requestEnded());
    request.exceptionHandler(ignored -> closed());
  }

  private static ContentCoding requestCoding(@Nullable String encoding) {
    try {
      return ContentCoding.of(encoding);
    } catch (SlipwayException e) {
      throw new SlipwayException(
          ErrorCode.NOT_IMPLEMENTED,
          "grpc-encoding: %s (expected: identity, gzip or deflate)".formatted(encoding),
          e);
    }
  }

  private void arrived(Buffer chunk) {
    GrpcDeframer frames = deframer;
    if (ended || frames == null) {
      return;
    }
    try {
      frames.add(Bytes.of(chunk));
      deliver(frames);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void requestEnded() {
    leaveBodies();
    requestEnded = true;
    GrpcDeframer frames = deframer;
    if (ended || frames == null) {
      return;
    }
    try {
      deliver(frames);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void deliver(GrpcDeframer frames) {
    GrpcMethod.Receiver target = receiver;
    while (target != null && !paused && !decompressing && !ended) {
      Bytes message = frames.next();
      if (message != null) {
        Bytes plain = frames.isCompressed() ? decompress(message) : message;
        if (plain != null) {
          target.message(plain);
        }
        continue;
      }
      if (requestEnded && !endDelivered) {
        if (frames.isInMessage()) {
          throw new SlipwayException(ErrorCode.BAD_REQUEST, "message: the request ended within it");
        }
        endDelivered = true;
        target.end();
      }
      return;
    }
  }

  /** The message, or null if it comes later and nothing more is received until then. */
  private @Nullable Bytes decompress(Bytes message) {
    Bytes plain = scope.decompression().decode(requestCoding, message, this);
    if (plain == null) {
      decompressing = true;
      if (!requestEnded) {
        request.pause();
      }
    }
    return plain;
  }

  @Override
  public boolean isWaiting() {
    return isOpen();
  }

  @Override
  public void decompressed(Bytes message) {
    decompressing = false;
    GrpcMethod.Receiver target = receiver;
    GrpcDeframer frames = deframer;
    if (target == null || frames == null) {
      return;
    }
    try {
      target.message(message);
      deliver(frames);
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    receiveOn();
  }

  @Override
  public void notDecompressed(RuntimeException reason) {
    fail(reason);
  }

  private void receiveOn() {
    if (!paused && !decompressing && !requestEnded) {
      request.resume();
    }
  }

  /** Receives nothing more until {@link #resume}. */
  void pause() {
    if (!paused && !requestEnded) {
      request.pause();
    }
    paused = true;
  }

  void resume() {
    GrpcDeframer frames = deframer;
    if (!paused || ended || frames == null) {
      return;
    }
    paused = false;
    try {
      deliver(frames);
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    receiveOn();
  }

  @Override
  public void tooSlow() {
    scope.hits().count(Limit.BODY_TIME);
    fail(
        new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "request: incomplete after %d seconds".formatted(scope.limits().bodySeconds())));
  }

  /** Whether messages should wait until the caller has read some: see {@link #whenDrained}. */
  boolean isWriteQueueFull() {
    return !ended && !response.closed() && response.writeQueueFull();
  }

  void whenDrained(Runnable action) {
    response.drainHandler(ignored -> action.run());
  }

  /** Names the version in the answer's headers; to be called before the first message. */
  void answeredBy(ModelVersion version) {
    scope.versionHeaders().write(response.headers(), version);
  }

  /**
   * Prepares {@code sink} for one message: the message is to be appended to it.
   *
   * @return {@code sink}
   */
  static ByteSink beginMessage(ByteSink sink) {
    sink.reset();
    for (int i = 0; i < GrpcDeframer.PREFIX_BYTES; i++) {
      sink.put(0);
    }
    return sink;
  }

  /** Frames the message that was appended after {@link #beginMessage}. */
  Buffer frame(ByteSink sink) {
    byte[] framed;
    int length = sink.length() - GrpcDeframer.PREFIX_BYTES;
    if (responseCoding != ContentCoding.IDENTITY && scope.compression().contains(length)) {
      byte[] packed = responseCoding.encode(sink.array(), GrpcDeframer.PREFIX_BYTES, length);
      length = packed.length;
      framed = new byte[GrpcDeframer.PREFIX_BYTES + length];
      framed[0] = 1;
      System.arraycopy(packed, 0, framed, GrpcDeframer.PREFIX_BYTES, length);
    } else {
      framed = sink.toByteArray();
    }
    framed[1] = (byte) (length >>> 24);
    framed[2] = (byte) (length >>> 16);
    framed[3] = (byte) (length >>> 8);
    framed[4] = (byte) length;
    return Bytes.buffer(framed);
  }

  Buffer frame(byte[] message) {
    ByteSink sink = beginMessage(new ByteSink(message.length + GrpcDeframer.PREFIX_BYTES, 1));
    sink.put(message);
    return frame(sink);
  }

  /** Sends the one message of the answer, and status OK. */
  void answer(Buffer framed) {
    if (!isOpen()) {
      return;
    }
    if (!allowed) {
      fail(new SlipwayException(ErrorCode.INTERNAL, "a method answers without having asked"));
      return;
    }
    setHeaders();
    response.putTrailer(GrpcHeaders.STATUS, GrpcHeaders.OK);
    finish();
    if (framed.length() <= AT_ONCE_BYTES_MAX && !response.writeQueueFull()) {
      response.end(framed);
    } else {
      endAfter(response.write(framed));
    }
    afterEnd();
  }

  /** Sends one message of several. */
  void send(Buffer framed) {
    if (isOpen()) {
      setHeaders();
      lastWrite = response.write(framed);
    }
  }

  /** Ends a call of several messages with status OK. */
  void complete() {
    if (!isOpen()) {
      return;
    }
    status(GrpcHeaders.OK, "");
  }

  /** Ends the call with an error. */
  void fail(Throwable failure) {
    RequestSpan recorded = span;
    ErrorAnswer answer = ErrorAnswer.of(failure, requestId, traceId());
    if (recorded != null) {
      recorded.failed(answer.code().name(), answer.message());
    }
    if (isOpen()) {
      if (answer.isRetryable() && !response.headWritten()) {
        response.headers().set(GrpcHeaders.RETRY_PUSHBACK, GrpcHeaders.ONE_SECOND);
      }
      status(Integer.toString(answer.code().grpcStatus()), answer.message());
    }
  }

  private void status(CharSequence status, String message) {
    MultiMap target;
    if (response.headWritten()) {
      target = response.trailers();
    } else {
      setHeaders();
      target = response.headers();
    }
    target.set(GrpcHeaders.STATUS, status);
    if (!message.isEmpty()) {
      target.set(GrpcHeaders.MESSAGE, GrpcHeaders.encodeMessage(message));
    }
    finish();
    Future<Void> last = lastWrite;
    if (last == null || last.isComplete() || !response.writeQueueFull()) {
      response.end();
    } else {
      endAfter(last);
    }
    afterEnd();
  }

  /**
   * Sends the trailers once all messages are on their way: Vert.x stumbles over trailers that still
   * wait in its queue when the caller cancels.
   */
  private void endAfter(Future<Void> written) {
    written.onSuccess(ignored -> response.end());
  }

  private boolean isOpen() {
    if (!ended && response.closed()) {
      closed();
    }
    return !ended;
  }

  private void setHeaders() {
    if (headersSet) {
      return;
    }
    headersSet = true;
    MultiMap headers = response.headers();
    headers.add(Headers.CONTENT_TYPE, GrpcHeaders.GRPC);
    if (asksForEncoding) {
      headers.add(GrpcHeaders.ACCEPT_ENCODING, GrpcHeaders.ENCODINGS);
    }
    headers.add(Headers.REQUEST_ID, requestId);
    if (responseCoding != ContentCoding.IDENTITY) {
      headers.add(GrpcHeaders.ENCODING, responseCoding.token());
    }
    TraceContext trace = callersTrace;
    RequestSpan recorded = span;
    if (recorded != null) {
      headers.add(Headers.TRACEPARENT, recorded.context().header());
    } else if (trace != null) {
      headers.add(Headers.TRACEPARENT, trace.child(scope.spanIds().next()).header());
    }
  }

  private void finish() {
    ended = true;
    receiver = null;
    leaveBodies();
    GrpcDeframer frames = deframer;
    if (frames != null) {
      frames.discard();
    }
    RequestSpan recorded = span;
    if (recorded != null) {
      span = null;
      recorded.end();
    }
  }

  private void afterEnd() {
    if (!requestEnded && !request.isEnded()) {
      Linger.afterAnswer(scope.context(), request);
    }
  }

  private void closed() {
    if (ended) {
      return;
    }
    GrpcMethod.Receiver target = receiver;
    finish();
    if (target != null) {
      target.cancelled();
    }
  }

  private void leaveBodies() {
    OpenBodies.Entry entry = arriving;
    if (entry != null) {
      arriving = null;
      scope.openBodies().leave(entry);
    }
  }
}
