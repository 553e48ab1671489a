package dev.slipway.serving.metrics;

import dev.slipway.core.error.ErrorCode;

/** How a request ended; the label {@code outcome} of the request counters. */
public enum Outcome {
  SUCCESS("success"),
  /** The caller's fault: it can never succeed as it is. */
  INVALID("invalid"),
  /** Refused so that the server stays healthy; the caller may retry. */
  REJECTED("rejected"),
  /** A fault of ours or of something we depend on. */
  FAILED("failed"),
  /** Nobody waited for the answer any more. */
  CANCELLED("cancelled");

  private final String label;

  Outcome(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  /** The outcome of a request that ended with {@code code}. */
  public static Outcome of(ErrorCode code) {
    if (code == ErrorCode.CANCELLED) {
      return CANCELLED;
    }
    return switch (code.errorClass()) {
      case CALLER, CONFLICT -> INVALID;
      case OVERLOAD -> REJECTED;
      case DEPENDENCY, INTERNAL -> FAILED;
    };
  }
}
