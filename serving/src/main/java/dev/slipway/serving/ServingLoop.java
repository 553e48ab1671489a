package dev.slipway.serving;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.Protocol;
import dev.slipway.core.tensor.BufferSource;

/**
 * The part of the serving plane that belongs to one event loop. Every method is called on that
 * loop's thread, and every listener is called there, so nothing here needs a lock.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class ServingLoop {
  ServingLoop() {}

  /** Where decoders take the buffers of the tensors they make. */
  public BufferSource buffers() {
    throw new UnsupportedOperationException();
  }

  /**
   * Serves a request. Takes over its buffers and gives them back when it is answered, refused or
   * cancelled. Calls {@code listener} exactly once, possibly before this returns, unless the call
   * is cancelled first.
   *
   * @return a handle to cancel it, which is safe to call after the answer
   */
  public InFlight submit(
      InferenceRequest request, CallContext context, InferenceListener listener) {
    throw new UnsupportedOperationException();
  }

  /**
   * Counts an answered request; called by the adapter for every {@link
   * InferenceListener#onResponse}, once its bytes are made. (A request that ends with {@link
   * InferenceListener#onFailure} is counted here, without the adapter's help.)
   *
   * @param encodeNanos time taken to make the answer's bytes
   */
  public void recordAnswered(InferenceResponse response, CallContext context, long encodeNanos) {
    throw new UnsupportedOperationException();
  }

  /**
   * Counts a request whose response could not be encoded, instead of {@link #recordAnswered}; for
   * example OUTPUT_INVALID.
   */
  public void recordNotEncoded(InferenceResponse response, CallContext context, ErrorCode code) {
    throw new UnsupportedOperationException();
  }

  /**
   * Counts a request that was refused before {@link #submit}.
   *
   * @param model the name the caller gave; where no deployment bears it, it is counted as unknown
   *     and never becomes a label. Empty where the request was refused before it was read
   */
  public void recordRefused(String model, Protocol protocol, ErrorCode code) {
    throw new UnsupportedOperationException();
  }

  /** A submitted request. */
  public interface InFlight {
    /** Nobody waits any more: removes it from its queue, or ignores its result. */
    void cancel();
  }
}
