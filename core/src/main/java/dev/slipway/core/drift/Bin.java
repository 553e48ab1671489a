package dev.slipway.core.drift;

/** What one bin holds. */
public sealed interface Bin {
  /**
   * Numbers between two cuts.
   *
   * @param above exclusive; negative infinity if there is no lower end
   * @param upTo positive infinity if there is no upper end
   * @param closed whether {@code upTo} itself is inside; it is not where it has a bin of its own
   */
  record Interval(double above, double upTo, boolean closed) implements Bin {}

  /** One number that is frequent enough for a bin of its own. */
  record Spike(double value) implements Bin {}

  /** One text. */
  record Category(String value) implements Bin {}

  /** Bins that every feature of its type has. */
  enum Rest implements Bin {
    /** Texts without a bin of their own. */
    OTHER,
    /** No value was given. */
    MISSING,
    /** What was given is no finite number. */
    INVALID
  }
}
