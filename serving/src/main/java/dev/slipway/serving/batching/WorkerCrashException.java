package dev.slipway.serving.batching;

import org.jspecify.annotations.Nullable;

/** Ends a worker thread whose task met an error that no engine should let through. */
final class WorkerCrashException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WorkerCrashException(@Nullable Throwable cause) {
    super("unexpected error in an engine", cause);
  }
}
