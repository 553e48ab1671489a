package dev.slipway.core.audit.entry;

/** Why it was done. */
public sealed interface Reason {
  /** Most characters (UTF-16 code units) of a reason in clear text. */
  int CHARACTERS_MAX = 2000;

  /**
   * In clear text, for words that name nobody: those of Slipway itself, or of a form whose rules
   * say so.
   */
  record Stated(String text) implements Reason {
    public Stated {
      if (text.isEmpty() || text.length() > CHARACTERS_MAX) {
        throw new IllegalArgumentException(
            "reason: %d characters (expected: from 1 to %d)"
                .formatted(text.length(), CHARACTERS_MAX));
      }
    }
  }

  /** A person's own words, kept outside the log, where they can be erased. */
  record Committed(Commitment words) implements Reason {}
}
