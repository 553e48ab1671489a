package dev.slipway.core.audit.verify;

/**
 * One thing that is wrong with a log.
 *
 * @param entries which entries it concerns
 * @param message for a person: what was found and what was expected
 */
public record Finding(Kind kind, EntryRange entries, String message) {
  /** What is wrong; the names are stable. */
  public enum Kind {
    /** There is no readable checkpoint. */
    CHECKPOINT_MALFORMED,
    /** The checkpoint is not signed by the log's key: another key signed it, or nobody. */
    NOT_SIGNED_BY_LOG,
    /** A signature of a known key is not valid: the checkpoint's text was changed. */
    SIGNATURE_INVALID,
    /** Fewer witnesses than required have cosigned. */
    TOO_FEW_WITNESSES,
    /** Entries are not what was logged. */
    ENTRY_ALTERED,
    /** Entries are not in the order in which they were logged. */
    ENTRIES_REORDERED,
    /** Entries that were logged are not there. */
    ENTRIES_MISSING,
    /** A tile is absent or wrong, though the entries are right; proofs made from it would fail. */
    TILE_DAMAGED,
    /** The log ends before a checkpoint that is known: its tail was cut, or it is an old copy. */
    OLDER_THAN_KNOWN,
    /** The log does not continue a checkpoint that is known: it was written anew. */
    FORKED,
    /** A receipt is not one of this log. */
    RECEIPT_FORGED
  }

  /**
   * Neighbouring entries.
   *
   * @param first number of the first, from 0
   * @param end number after the last; equal to {@code first} if no entry is concerned
   */
  public record EntryRange(long first, long end) {
    /** No entry. */
    public static final EntryRange NONE = new EntryRange(0, 0);

    public EntryRange {
      if (first < 0 || end < first) {
        throw new IllegalArgumentException(
            "entries %d to %d (expected: 0 <= first <= end)".formatted(first, end));
      }
    }

    public static EntryRange single(long entry) {
      return new EntryRange(entry, entry + 1);
    }

    public boolean isEmpty() {
      return first == end;
    }

    boolean contains(EntryRange other) {
      return first <= other.first && other.end <= end;
    }

    /** {@code entry 7}, or {@code entries 0 to 255}. */
    @Override
    public String toString() {
      return end - first == 1 ? "entry " + first : "entries %d to %d".formatted(first, end - 1);
    }
  }
}
