package dev.slipway.core.audit.log;

import dev.slipway.core.audit.checkpoint.Checkpoint;
import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import org.jspecify.annotations.Nullable;

/**
 * What to do next so that the published checkpoint covers every committed leaf.
 *
 * <pre>
 * leaves committed -> tiles written and synced -> checkpoint signed -> kept aside -> published
 * </pre>
 *
 * <p>Each arrow is one durable fact, and each step is decided from those facts alone: after a crash
 * between any two of them the same question has the same answer. A checkpoint is kept aside before
 * anybody can see it, so nothing that was ever shown is missing from what is kept aside.
 */
public final class Integration {
  /** Most leaves of one step, which bounds its memory. */
  public static final long LEAVES_MAX = 16_384;

  private Integration() {}

  /**
   * What is durable.
   *
   * @param kept the newest checkpoint that was signed, kept outside the database; null if none was
   * @param published what readers see; null if nothing is published
   * @param leaves how many leaves are committed
   */
  public record Facts(
      @Nullable SignedCheckpoint kept, @Nullable SignedCheckpoint published, long leaves) {}

  /** What to do next. */
  public sealed interface Step {
    /** Everything committed is published. */
    record Done() implements Step {}

    /**
     * Append these leaves to the tree of {@code from} leaves, write and sync its files, sign its
     * checkpoint and keep that aside.
     *
     * @param to exclusive; equal to {@code from} only for the first checkpoint of an empty log
     */
    record Append(long from, long to) implements Step {}

    /** Publish what is kept aside. */
    record Publish(SignedCheckpoint checkpoint) implements Step {}

    /**
     * Sign nothing: the facts contradict each other, so somebody changed one of them.
     *
     * @param message what contradicts what, and what a person can do
     */
    record Refuse(String message) implements Step {}
  }

  /** The next step. */
  public static Step next(Facts facts) {
    Checkpoint published = facts.published == null ? null : facts.published.checkpoint();
    SignedCheckpoint keptSigned = facts.kept;
    if (keptSigned == null) {
      return published == null
          ? new Step.Append(0, Math.min(facts.leaves, LEAVES_MAX))
          : new Step.Refuse(
              "a checkpoint of %d entries is published, and the last signed one is not kept aside;"
                      .formatted(published.size())
                  + " if it was lost, put a copy of a checkpoint you trust in its place");
    }
    Checkpoint kept = keptSigned.checkpoint();
    if (published != null && published.size() > kept.size()) {
      return new Step.Refuse(
          "a checkpoint of %d entries is published (expected: at most %d, the last signed one's);"
                  .formatted(published.size(), kept.size())
              + " the checkpoint that is kept aside is older than it should be");
    }
    if (published != null
        && published.size() == kept.size()
        && !published.text().equals(kept.text())) {
      return new Step.Refuse(
          "the published checkpoint of %d entries is not the one that was signed last"
              .formatted(kept.size()));
    }
    if (facts.leaves < kept.size()) {
      return new Step.Refuse(
          "the database has %d entries (expected: at least %d, which were signed); it was cut off,"
                  .formatted(facts.leaves, kept.size())
              + " or an old backup was restored");
    }
    if (published == null || published.size() < kept.size()) {
      return new Step.Publish(keptSigned);
    }
    return facts.leaves == kept.size()
        ? new Step.Done()
        : new Step.Append(kept.size(), Math.min(facts.leaves, kept.size() + LEAVES_MAX));
  }
}
