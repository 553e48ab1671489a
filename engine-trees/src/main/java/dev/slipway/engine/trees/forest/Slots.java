package dev.slipway.engine.trees.forest;

import dev.slipway.engine.trees.ensemble.KeySet;
import dev.slipway.engine.trees.ensemble.OrderedKey;
import dev.slipway.engine.trees.ensemble.Split;
import dev.slipway.engine.trees.ensemble.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a walk compares: every split becomes "is the key in this slot above a bound".
 *
 * <p>A column has up to two slots of its own, one that puts NaN below and one that puts it above
 * all numbers. A split that accepts more than a threshold gets a slot that holds its answer, 0 for
 * the second child and a key below all for the first, looked up in a bit set by the column's
 * interval; equal splits share it. Slot 0 is below all, for leaves.
 */
final class Slots {
  private static final int ANSWER_BOUND = -1;

  /** Most longs in all bit sets together (32 MiB). */
  private static final long BIT_WORDS_MOST = 1 << 22;

  private final Map<Split, Integer> answerSlots = new HashMap<>();
  private final Map<Long, Integer> columnSlots = new HashMap<>();
  private final int[] indexByFeature;
  private final List<Column> columns;
  private int count = 1;

  private int[] lowSlots = {};
  private int[] lowColumns = {};
  private int[] highSlots = {};
  private int[] highColumns = {};
  private Answer[] answers = {};
  private int[] answerColumns = {};

  /**
   * Answer of one split by interval of its column; the last interval is NaN.
   *
   * @param bits empty where the bit sets of all splits together would grow too large
   */
  private record Answer(int slot, int binIndex, Split split, long[] bits) {
    boolean accepts(int bin, int key) {
      if (bits.length > 0) {
        return ((bits[bin >> 6] >>> bin) & 1) != 0;
      }
      return key == OrderedKey.NAN_32 ? split.nanFirst() : split.accepted().contains(key);
    }
  }

  private Slots(List<Column> columns) {
    this.columns = columns;
    this.indexByFeature = Column.indexByFeature(columns);
  }

  static Slots of(List<Tree> trees, List<Column> columns) {
    Slots slots = new Slots(columns);
    for (Tree tree : trees) {
      for (int node = 0; node < tree.nodeCount(); node++) {
        Split split = tree.split(node);
        if (split != null) {
          slots.add(split);
        }
      }
    }
    slots.freeze();
    return slots;
  }

  private static boolean isThreshold(Split split) {
    return split.accepted().isThreshold();
  }

  private static long viewOf(int column, boolean nanFirst) {
    return 2L * column + (nanFirst ? 0 : 1);
  }

  private void add(Split split) {
    if (isThreshold(split)) {
      columnSlots.computeIfAbsent(
          viewOf(indexByFeature[split.feature()], split.nanFirst()), view -> count++);
    } else {
      answerSlots.computeIfAbsent(split, s -> count++);
    }
  }

  private void freeze() {
    List<int[]> low = new ArrayList<>();
    List<int[]> high = new ArrayList<>();
    columnSlots.forEach(
        (view, slot) -> {
          int[] entry = {slot, (int) (view >> 1)};
          if ((view & 1) == 0) {
            low.add(entry);
          } else {
            high.add(entry);
          }
        });
    lowSlots = low.stream().mapToInt(e -> e[0]).toArray();
    lowColumns = low.stream().mapToInt(e -> e[1]).toArray();
    highSlots = high.stream().mapToInt(e -> e[0]).toArray();
    highColumns = high.stream().mapToInt(e -> e[1]).toArray();
    Map<Integer, Integer> binIndex = new HashMap<>();
    List<Answer> all = new ArrayList<>();
    long[] words = new long[1];
    answerSlots.forEach(
        (split, slot) -> {
          int column = indexByFeature[split.feature()];
          int index = binIndex.computeIfAbsent(column, c -> binIndex.size());
          long[] cuts = columns.get(column).cuts();
          words[0] += bitWords(cuts);
          long[] bits = words[0] > BIT_WORDS_MOST ? new long[0] : bits(split, cuts);
          all.add(new Answer(slot, index, split, bits));
        });
    answers = all.toArray(Answer[]::new);
    answerColumns = new int[binIndex.size()];
    binIndex.forEach((column, index) -> answerColumns[index] = column);
  }

  private static int bitWords(long[] cuts) {
    return (cuts.length + 2 + 63) / 64;
  }

  private static long[] bits(Split split, long[] cuts) {
    long[] bits = new long[bitWords(cuts)];
    KeySet accepted = split.accepted();
    for (int bin = 0; bin <= cuts.length + 1; bin++) {
      boolean first =
          bin > cuts.length
              ? split.nanFirst()
              : accepted.contains(bin == 0 ? OrderedKey.BELOW_ALL_32 : cuts[bin - 1]);
      if (first) {
        bits[bin >> 6] |= 1L << bin;
      }
    }
    return bits;
  }

  int count() {
    return count;
  }

  int slot(Split split) {
    Integer slot =
        isThreshold(split)
            ? columnSlots.get(viewOf(indexByFeature[split.feature()], split.nanFirst()))
            : answerSlots.get(split);
    if (slot == null) {
      throw new IllegalStateException("no slot for " + split);
    }
    return slot;
  }

  /** A row goes to the second child if its key in {@link #slot} is above this. */
  int bound(Split split) {
    return isThreshold(split) ? Math.toIntExact(split.accepted().threshold() - 1) : ANSWER_BOUND;
  }

  long memoryBytes() {
    long bytes = 4L * (2L * lowSlots.length + 2L * highSlots.length + answerColumns.length);
    for (Answer answer : answers) {
      bytes += 8L * answer.bits().length + 32;
    }
    return bytes;
  }

  Filler openFiller() {
    return new Filler();
  }

  /** Turns the keys of a row into its slots. Not thread-safe. */
  final class Filler {
    private final long[] row = new long[count];
    private final int[] bins = new int[answerColumns.length];

    Filler() {
      row[0] = OrderedKey.BELOW_ALL_32;
    }

    /** Valid until the next call. */
    long[] fill(int[] keys) {
      for (int i = 0; i < highSlots.length; i++) {
        row[highSlots[i]] = keys[highColumns[i]];
      }
      for (int i = 0; i < lowSlots.length; i++) {
        int key = keys[lowColumns[i]];
        row[lowSlots[i]] = key == OrderedKey.NAN_32 ? OrderedKey.BELOW_ALL_32 : key;
      }
      for (int i = 0; i < bins.length; i++) {
        Column column = columns.get(answerColumns[i]);
        int key = keys[answerColumns[i]];
        bins[i] = key == OrderedKey.NAN_32 ? column.cuts().length + 1 : column.rank(key);
      }
      for (Answer answer : answers) {
        int index = answer.binIndex();
        boolean accepted = answer.accepts(bins[index], keys[answerColumns[index]]);
        row[answer.slot()] = accepted ? OrderedKey.BELOW_ALL_32 : 0;
      }
      return row;
    }
  }
}
