package dev.slipway.core.identity;

/**
 * How much of an answer somebody may see, the most first. The less an answer says, the more
 * questions it takes to copy the model behind it.
 */
public enum Disclosure {
  /** What the model said. */
  FULL(Action.INFER),
  /** Scores with few decimals. */
  ROUNDED(Action.INFER_ROUNDED),
  /** The class, and no score. */
  LABEL(Action.INFER_LABEL);

  private final Action action;

  Disclosure(Action action) {
    this.action = action;
  }

  /** The right that shows so much. */
  public Action action() {
    return action;
  }
}
