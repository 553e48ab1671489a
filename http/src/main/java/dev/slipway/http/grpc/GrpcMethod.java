package dev.slipway.http.grpc;

import dev.slipway.http.call.Bytes;

/** Serves the calls of one method. Belongs to its event loop. */
@FunctionalInterface
interface GrpcMethod {
  /** Begins a call; what it throws becomes the call's status. */
  Receiver open(GrpcCall call);

  /**
   * Receives what the caller sends. What its methods throw becomes the call's status. Nothing is
   * received any more once the call has ended.
   */
  interface Receiver {
    /** A whole message, decompressed; its array is not written to again. */
    void message(Bytes message);

    /** The caller sends no more. */
    void end();

    /** Nobody waits any more: the caller has gone, or its deadline has passed on its side. */
    void cancelled();
  }
}
