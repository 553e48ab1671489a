package dev.slipway.http.grpc;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.call.Bytes;
import org.jspecify.annotations.Nullable;

/** A method of one request and one response that is answered by a function. */
final class UnaryMethod implements GrpcMethod {
  private final Answer answer;
  private final boolean blocking;

  /** Makes a response of a request; what it throws becomes the call's status. */
  @FunctionalInterface
  interface Answer {
    byte[] answer(GrpcCall call, Bytes request);
  }

  private UnaryMethod(Answer answer, boolean blocking) {
    this.answer = answer;
    this.blocking = blocking;
  }

  /** Answers on the event loop. */
  static UnaryMethod of(Answer answer) {
    return new UnaryMethod(answer, false);
  }

  /** Answers on a virtual thread. */
  static UnaryMethod blocking(Answer answer) {
    return new UnaryMethod(answer, true);
  }

  @Override
  public Receiver open(GrpcCall call) {
    return new UnaryReceiver(call) {
      @Override
      void request(Bytes message) {
        if (blocking) {
          call.scope().blocking().execute(() -> answerBlocking(call, message));
        } else {
          call.answer(call.frame(answer.answer(call, message)));
        }
      }

      @Override
      public void cancelled() {}
    };
  }

  private void answerBlocking(GrpcCall call, Bytes message) {
    try {
      byte[] response = answer.answer(call, message);
      call.scope().context().runOnContext(ignored -> call.answer(call.frame(response)));
    } catch (RuntimeException e) {
      call.scope().context().runOnContext(ignored -> call.fail(e));
    }
  }

  /** Waits for the one message. */
  abstract static class UnaryReceiver implements Receiver {
    private final GrpcCall call;
    private @Nullable Bytes only;

    UnaryReceiver(GrpcCall call) {
      this.call = call;
    }

    final GrpcCall call() {
      return call;
    }

    /** Called once, with the one message. */
    abstract void request(Bytes message);

    @Override
    public final void message(Bytes message) {
      if (only != null) {
        throw new SlipwayException(
            ErrorCode.NOT_IMPLEMENTED, "request: a second message (expected: one)");
      }
      only = message;
    }

    @Override
    public final void end() {
      Bytes message = only;
      if (message == null) {
        throw new SlipwayException(
            ErrorCode.NOT_IMPLEMENTED, "request: no message (expected: one)");
      }
      only = Bytes.EMPTY;
      request(message);
    }
  }
}
