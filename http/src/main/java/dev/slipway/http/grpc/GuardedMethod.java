package dev.slipway.http.grpc;

import dev.slipway.core.identity.Action;

/**
 * A method, and what it takes to call it.
 *
 * @param action what the caller has to be allowed
 * @param named whether each message names what the action is taken on; then the method has to ask,
 *     with {@link GrpcCall#require}, before it answers
 */
record GuardedMethod(Action action, boolean named, GrpcMethod method) {
  /** A method whose action is taken on the server, or on all deployments. */
  static GuardedMethod of(Action action, GrpcMethod method) {
    return new GuardedMethod(action, false, method);
  }

  /** A method whose messages each name a deployment. */
  static GuardedMethod named(Action action, GrpcMethod method) {
    return new GuardedMethod(action, true, method);
  }
}
