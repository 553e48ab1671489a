package dev.slipway.serving;

import dev.slipway.core.inference.InferenceRequest;
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

  /** A submitted request. */
  public interface InFlight {
    /** Nobody waits any more: removes it from its queue, or ignores its result. */
    void cancel();
  }
}
