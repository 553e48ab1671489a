package dev.slipway.core.error;

import org.jspecify.annotations.Nullable;

/**
 * The only exception that crosses a module border of Slipway.
 *
 * <p>The message is written for the person who reads it: it names the element, the value and what
 * was expected, for example {@code inputs[0].shape: [3, 224] (expected: [-1, 30])}. Errors of class
 * CALLER, CONFLICT and OVERLOAD are ordinary answers, so they carry no stack trace: under overload
 * filling one would cost more than the request.
 */
public final class SlipwayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public SlipwayException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public SlipwayException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause, true, carriesStackTrace(code));
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }

  /** The message, never null. */
  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? code.name() : message;
  }

  private static boolean carriesStackTrace(ErrorCode code) {
    return switch (code.errorClass()) {
      case CALLER, CONFLICT, OVERLOAD -> false;
      case DEPENDENCY, INTERNAL -> true;
    };
  }
}
