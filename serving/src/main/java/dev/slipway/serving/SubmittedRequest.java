package dev.slipway.serving;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.Protocol;
import dev.slipway.serving.batching.PendingRequest;

/** A request as an adapter submitted it, and the handle that cancels it. */
final class SubmittedRequest extends PendingRequest implements ServingLoop.InFlight {
  private final CallContext context;
  private final InferenceListener listener;

  SubmittedRequest(InferenceRequest request, CallContext context, InferenceListener listener) {
    super(request, context.decodedNanos(), context.deadlineNanos());
    this.context = context;
    this.listener = listener;
  }

  @Override
  protected String requestId() {
    return context.requestId();
  }

  @Override
  protected Protocol protocol() {
    return context.protocol();
  }

  @Override
  protected long arrivalNanos() {
    return context.arrivalNanos();
  }

  /** Time the adapter took from the first byte to the decoded request. */
  long decodeNanos() {
    return context.decodedNanos() - context.arrivalNanos();
  }

  @Override
  protected void succeed(InferenceResponse response) {
    listener.onResponse(response);
  }

  @Override
  protected void fail(SlipwayException failure) {
    listener.onFailure(failure);
  }
}
