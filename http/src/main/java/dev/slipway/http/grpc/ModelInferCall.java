package dev.slipway.http.grpc;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.Protocol;
import dev.slipway.http.call.Bytes;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.serving.CallContext;
import dev.slipway.serving.InferenceListener;
import dev.slipway.serving.ServingLoop;
import dev.slipway.serving.ServingLoop.InFlight;
import io.vertx.core.buffer.Buffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code ModelInfer}: one inference, decoded, submitted and encoded on the event loop. */
final class ModelInferCall extends UnaryMethod.UnaryReceiver implements InferenceListener {
  private final GrpcCodecs codecs;
  private @Nullable PermittedInfer decoded;
  private @Nullable CallContext context;
  private @Nullable InFlight inFlight;

  ModelInferCall(GrpcCall call, GrpcCodecs codecs) {
    super(call);
    this.codecs = codecs;
  }

  @Override
  void request(Bytes message) {
    GrpcCall call = call();
    ServingLoop serving = call.scope().serving();
    PermittedInfer request = codecs.decode(message, call);
    CallContext submitted =
        new CallContext(
            call.requestId(),
            call.routingKey(),
            Protocol.GRPC,
            call.arrivalNanos(),
            System.nanoTime(),
            call.deadlineNanos());
    decoded = request;
    context = submitted;
    inFlight = serving.submit(request.request(), submitted, this);
  }

  @Override
  public void onResponse(InferenceResponse response) {
    GrpcCall call = call();
    ServingLoop serving = call.scope().serving();
    PermittedInfer request = Objects.requireNonNull(decoded);
    CallContext submitted = Objects.requireNonNull(context);
    long startNanos = System.nanoTime();
    Buffer message;
    try {
      ByteSink sink = GrpcCall.beginMessage(codecs.sink);
      codecs.encoder.encode(
          request.permit().shown(response),
          request.request().outputs(),
          request.decoded().raw(),
          sink);
      message = call.frame(sink);
    } catch (RuntimeException e) {
      ErrorCode code = e instanceof SlipwayException known ? known.code() : ErrorCode.INTERNAL;
      serving.recordNotEncoded(response, submitted, code);
      call.fail(e);
      return;
    }
    long encodeNanos = System.nanoTime() - startNanos;
    call.answeredBy(response.version());
    call.traceInference(response, submitted, startNanos, encodeNanos);
    call.answer(message);
    serving.recordAnswered(response, submitted, encodeNanos);
  }

  @Override
  public void onFailure(SlipwayException failure) {
    call().fail(failure);
  }

  @Override
  public void cancelled() {
    if (inFlight != null) {
      inFlight.cancel();
    }
  }
}
