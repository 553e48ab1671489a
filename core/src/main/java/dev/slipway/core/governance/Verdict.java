package dev.slipway.core.governance;

/** How a gate ended. */
public enum Verdict {
  PASSED,
  FAILED,
  /**
   * It could not be decided, for instance because there is too little data; never as good as
   * passed.
   */
  INCONCLUSIVE
}
