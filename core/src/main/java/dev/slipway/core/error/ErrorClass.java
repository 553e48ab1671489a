package dev.slipway.core.error;

/** Who has to act on an error, and therefore whether a retry can help. */
public enum ErrorClass {
  /** The caller sent something that can never succeed as it is. */
  CALLER,
  /** The caller's view of the state was out of date; re-read, then decide again. */
  CONFLICT,
  /** The server protects itself; retrying later can succeed. */
  OVERLOAD,
  /** Something the server depends on did not answer. */
  DEPENDENCY,
  /** A fault of ours. The message shown to callers never carries details. */
  INTERNAL
}
