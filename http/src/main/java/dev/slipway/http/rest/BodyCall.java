package dev.slipway.http.rest;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.call.BodyCollector;
import dev.slipway.http.call.Bytes;
import dev.slipway.http.call.CallScope;
import dev.slipway.http.call.ContentCoding;
import dev.slipway.http.call.Decompression;
import dev.slipway.http.call.Headers;
import dev.slipway.http.call.OpenBodies;
import dev.slipway.http.limits.Limit;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** A call whose whole body is needed before it can be answered. */
abstract class BodyCall extends RestCall
    implements Handler<Buffer>, OpenBodies.Arriving, Decompression.Receiver {
  private final BodyCollector body;
  private final OpenBodies.Entry arriving;

  BodyCall(
      CallScope scope,
      HttpServerRequest request,
      String spanName,
      long arrivalNanos,
      int bytesMax) {
    super(scope, request, spanName);
    arriving = scope.openBodies().enter(this, arrivalNanos);
    body =
        new BodyCollector(
            Math.min(bytesMax, scope.limits().bodyBytesMax()), scope.bodyMemory(), scope.hits());
  }

  /** Called once with the body, decompressed. What it throws is answered. */
  protected abstract void bodyArrived(Bytes bytes);

  /** Called when the body has arrived, before it is decompressed. What it throws is answered. */
  protected void beforeBody() {}

  /** Called when the call is refused before {@link #bodyArrived}. */
  protected void refused(ErrorCode code) {}

  final void start() {
    HttpServerRequest request = request();
    try {
      body.announce(request.headers().get(Headers.CONTENT_LENGTH));
    } catch (SlipwayException e) {
      refuse(e);
      return;
    }
    request.handler(this);
    request.endHandler(ignored -> end());
    request.exceptionHandler(ignored -> callerGone());
  }

  @Override
  public final void handle(Buffer chunk) {
    if (isAnswered()) {
      return;
    }
    try {
      body.add(chunk);
    } catch (SlipwayException e) {
      refuse(e);
      return;
    }
  }

  @Override
  public final void tooSlow() {
    scope().hits().count(Limit.BODY_TIME);
    refuse(
        new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "body: incomplete after %d seconds".formatted(scope().limits().bodySeconds())));
  }

  private void end() {
    scope().openBodies().leave(arriving);
    if (isAnswered()) {
      return;
    }
    Bytes bytes = body.take();
    try {
      beforeBody();
      ContentCoding coding = ContentCoding.of(request().headers().get(Headers.CONTENT_ENCODING));
      Bytes decoded = scope().decompression().decode(coding, bytes, this);
      if (decoded != null) {
        bodyArrived(decoded);
      }
    } catch (RuntimeException e) {
      refuse(e);
    }
  }

  @Override
  public final boolean isWaiting() {
    if (request().response().closed()) {
      callerGone();
    }
    return !isAnswered();
  }

  @Override
  public final void decompressed(Bytes bytes) {
    try {
      bodyArrived(bytes);
    } catch (RuntimeException e) {
      refuse(e);
    }
  }

  @Override
  public final void notDecompressed(RuntimeException reason) {
    refuse(reason);
  }

  private void refuse(RuntimeException failure) {
    scope().openBodies().leave(arriving);
    body.discard();
    if (!isAnswered()) {
      refused(failure instanceof SlipwayException known ? known.code() : ErrorCode.INTERNAL);
      fail(failure);
    }
  }

  private void callerGone() {
    scope().openBodies().leave(arriving);
    body.discard();
    abandon();
  }
}
