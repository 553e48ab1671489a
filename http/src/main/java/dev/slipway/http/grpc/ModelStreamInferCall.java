package dev.slipway.http.grpc;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.Protocol;
import dev.slipway.http.call.Bytes;
import dev.slipway.http.call.ErrorAnswer;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.serving.CallContext;
import dev.slipway.serving.InferenceListener;
import dev.slipway.serving.ServingLoop;
import dev.slipway.serving.ServingLoop.InFlight;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * {@code ModelStreamInfer}: any number of inferences on one stream, answered in the order they were
 * asked. A request that fails is answered with an {@code error_message}, and the stream goes on.
 */
final class ModelStreamInferCall implements GrpcMethod.Receiver {
  private final GrpcCall call;
  private final GrpcCodecs codecs;
  private final int inFlightMax;
  private final Deque<Turn> turns = new ArrayDeque<>();
  private boolean ended;
  private boolean waiting;

  ModelStreamInferCall(GrpcCall call, GrpcCodecs codecs) {
    this.call = call;
    this.codecs = codecs;
    this.inFlightMax = call.scope().limits().streamInFlightMax();
  }

  @Override
  public void message(Bytes message) {
    long arrivalNanos = System.nanoTime();
    Turn turn = new Turn();
    turns.add(turn);
    turn.submit(message, arrivalNanos);
    flowControl();
  }

  @Override
  public void end() {
    ended = true;
    completeIfDone();
  }

  @Override
  public void cancelled() {
    turns.forEach(Turn::cancel);
    turns.clear();
  }

  private void answersReady() {
    Turn first = turns.peek();
    while (first != null && first.answer != null) {
      turns.remove();
      call.send(first.answer);
      first = turns.peek();
    }
    flowControl();
    completeIfDone();
  }

  /** Reads no further while too many requests are unanswered, or too many answers unread. */
  private void flowControl() {
    if (call.isWriteQueueFull() && !waiting) {
      waiting = true;
      call.whenDrained(
          () -> {
            waiting = false;
            flowControl();
          });
    }
    if (waiting || turns.size() >= inFlightMax) {
      call.pause();
    } else {
      call.resume();
    }
  }

  private void completeIfDone() {
    if (ended && turns.isEmpty()) {
      call.complete();
    }
  }

  /** One request of the stream, and its answer until its turn comes. */
  private final class Turn implements InferenceListener {
    private @Nullable PermittedInfer decoded;
    private @Nullable CallContext context;
    private @Nullable InFlight inFlight;
    private @Nullable Buffer answer;

    void submit(Bytes message, long arrivalNanos) {
      ServingLoop serving = call.scope().serving();
      PermittedInfer request;
      try {
        request = codecs.decode(message, call);
      } catch (SlipwayException e) {
        onFailure(e);
        return;
      }
      CallContext submitted =
          new CallContext(
              call.scope().requestIds().next(),
              call.routingKey(),
              Protocol.GRPC,
              arrivalNanos,
              System.nanoTime(),
              call.deadlineNanos());
      decoded = request;
      context = submitted;
      inFlight = serving.submit(request.request(), submitted, this);
    }

    void cancel() {
      if (inFlight != null) {
        inFlight.cancel();
      }
    }

    @Override
    public void onResponse(InferenceResponse response) {
      PermittedInfer request = decoded;
      CallContext submitted = context;
      if (request == null || submitted == null) {
        throw new IllegalStateException("answered before it was submitted");
      }
      ServingLoop serving = call.scope().serving();
      long startNanos = System.nanoTime();
      try {
        ByteSink sink = GrpcCall.beginMessage(codecs.sink);
        codecs.encoder.encodeStream(
            request.permit().shown(response),
            request.request().outputs(),
            request.decoded().raw(),
            sink);
        answer = call.frame(sink);
      } catch (RuntimeException e) {
        ErrorCode code = e instanceof SlipwayException known ? known.code() : ErrorCode.INTERNAL;
        serving.recordNotEncoded(response, submitted, code);
        answerError(e);
        return;
      }
      serving.recordAnswered(response, submitted, System.nanoTime() - startNanos);
      answersReady();
    }

    @Override
    public void onFailure(SlipwayException failure) {
      answerError(failure);
    }

    private void answerError(RuntimeException failure) {
      CallContext submitted = context;
      PermittedInfer request = decoded;
      String requestId = submitted == null ? call.requestId() : submitted.requestId();
      ErrorAnswer error = ErrorAnswer.of(failure, requestId, call.traceId());
      ByteSink sink = GrpcCall.beginMessage(codecs.sink);
      codecs.encoder.encodeStreamError(
          request == null ? "" : request.request().id(), error.message(), sink);
      answer = call.frame(sink);
      answersReady();
    }
  }
}
