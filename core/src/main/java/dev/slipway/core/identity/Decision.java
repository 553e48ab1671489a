package dev.slipway.core.identity;

import dev.slipway.core.error.ErrorCode;

/** Whether something is allowed. */
public sealed interface Decision {
  /** Go on. */
  record Allowed() implements Decision {}

  /**
   * No.
   *
   * @param code UNAUTHENTICATED if nobody knows who asks, else PERMISSION_DENIED
   * @param missing what is not there, for people
   * @param mend the command with which somebody who may can give it
   */
  record Denied(ErrorCode code, String missing, String mend) implements Decision {
    /** Both in one sentence. */
    public String message() {
      return missing + "; to mend it: " + mend;
    }
  }
}
