package dev.slipway.platform.governance.gate;

import dev.slipway.core.error.ErrorClass;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;

/** Tells what a version does wrong, which is an outcome, from what keeps a gate from looking. */
final class VersionFault {
  private VersionFault() {}

  /** Whether the version is at fault, rather than a store, a remote server or this one's load. */
  static boolean is(SlipwayException e) {
    return e.code().errorClass() == ErrorClass.CALLER
        || e.code() == ErrorCode.INFERENCE_FAILED
        || e.code() == ErrorCode.OUTPUT_INVALID;
  }
}
