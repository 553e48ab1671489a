package dev.slipway.engine.trees.forest;

import dev.slipway.engine.trees.ensemble.OrderedKey;
import dev.slipway.engine.trees.ensemble.Split;
import dev.slipway.engine.trees.ensemble.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Trees of at most 64 leaves as bit masks, with one table row per interval of each column.
 *
 * <p>A row of the table says, for every tree, which leaves a value in that interval leaves
 * possible, as far as its column alone can tell. The AND over the columns leaves, in each tree, the
 * true leaf and leaves behind it: the lowest set bit is the answer. So a prediction is one binary
 * search and one linear pass per column, without a branch that depends on the data, whatever the
 * depth of the trees. The idea of masks over ordered leaves is QuickScorer's (Lucchese et al.,
 * SIGIR 2015); here the masks of all splits of a column are multiplied out beforehand.
 *
 * <p>Layout: with at most 32 leaves per tree a long holds two trees, else one; rows are padded to
 * whole blocks of 8 longs with trees whose mask is all ones.
 */
final class MaskForest implements Forest {
  private static final int BLOCK = 8;

  private final long[] table;
  private final int[] cuts;

  /** Column c's cuts are {@code cuts[cutStart[c] .. cutStart[c + 1] - 1]}; at least one. */
  private final int[] cutStart;

  /** Where column c's first table row starts. */
  private final int[] tableStart;

  private final int wordsPerRow;
  private final boolean narrow;

  private MaskForest(
      long[] table, int[] cuts, int[] cutStart, int[] tableStart, int wordsPerRow, boolean narrow) {
    this.table = table;
    this.cuts = cuts;
    this.cutStart = cutStart;
    this.tableStart = tableStart;
    this.wordsPerRow = wordsPerRow;
    this.narrow = narrow;
  }

  /** Whether no tree has more leaves than a mask has bits. */
  static boolean fits(List<Tree> trees) {
    return leavesMost(trees) <= Long.SIZE;
  }

  private static int leavesMost(List<Tree> trees) {
    return trees.stream().mapToInt(Tree::leafCount).max().orElse(1);
  }

  /** Longs in one table row. */
  static int wordsPerRow(List<Tree> trees) {
    int words = leavesMost(trees) <= Integer.SIZE ? (trees.size() + 1) / 2 : trees.size();
    return Math.max(BLOCK, (words + BLOCK - 1) / BLOCK * BLOCK);
  }

  /** Longs in the whole table. */
  static long tableWords(List<Tree> trees, List<Column> columns) {
    long rows = 0;
    for (Column column : columns) {
      rows += column.cuts().length + 2;
    }
    return rows * wordsPerRow(trees);
  }

  static MaskForest of(List<Tree> trees, List<Column> columns) {
    boolean narrow = leavesMost(trees) <= Integer.SIZE;
    int words = wordsPerRow(trees);
    int[] cutStart = new int[columns.size() + 1];
    int[] tableStart = new int[columns.size()];
    List<int[]> allCuts = new ArrayList<>();
    int row = 0;
    for (int c = 0; c < columns.size(); c++) {
      int[] withNan = withNan(columns.get(c).cuts());
      allCuts.add(withNan);
      tableStart[c] = row * words;
      cutStart[c + 1] = cutStart[c] + withNan.length;
      row += withNan.length + 1;
    }
    long[] table = new long[row * words];
    Arrays.fill(table, -1L);
    int[] index = Column.indexByFeature(columns);
    for (int t = 0; t < trees.size(); t++) {
      Tree tree = trees.get(t);
      int[] leavesBelow = leavesBelow(tree);
      int[] firstLeaf = firstLeaf(tree, leavesBelow);
      for (int node = 0; node < tree.nodeCount(); node++) {
        Split split = tree.split(node);
        if (split == null) {
          continue;
        }
        int column = index[split.feature()];
        long cleared = ones(leavesBelow[tree.first(node)]) << firstLeaf[node];
        long mask = narrow ? ~((cleared & 0xffffffffL) << ((t & 1) * Integer.SIZE)) : ~cleared;
        int word = tableStart[column] + (narrow ? t >> 1 : t);
        int[] own = allCuts.get(column);
        for (int bin = 0; bin <= own.length; bin++) {
          if (!goesFirst(split, bin == 0 ? OrderedKey.BELOW_ALL_32 : own[bin - 1])) {
            table[word + bin * words] &= mask;
          }
        }
      }
    }
    int[] cuts = allCuts.stream().flatMapToInt(Arrays::stream).toArray();
    return new MaskForest(table, cuts, cutStart, tableStart, words, narrow);
  }

  private static boolean goesFirst(Split split, int key) {
    return key == OrderedKey.NAN_32 ? split.nanFirst() : split.accepted().contains(key);
  }

  private static int[] withNan(long[] cuts) {
    boolean there = cuts.length > 0 && cuts[cuts.length - 1] == OrderedKey.NAN_32;
    int[] all = new int[cuts.length + (there ? 0 : 1)];
    for (int i = 0; i < cuts.length; i++) {
      all[i] = Math.toIntExact(cuts[i]);
    }
    all[all.length - 1] = OrderedKey.NAN_32;
    return all;
  }

  private static long ones(int count) {
    return count == Long.SIZE ? -1L : (1L << count) - 1;
  }

  private static int[] leavesBelow(Tree tree) {
    int[] leaves = new int[tree.nodeCount()];
    for (int node = tree.nodeCount() - 1; node >= 0; node--) {
      leaves[node] =
          tree.split(node) == null ? 1 : leaves[tree.first(node)] + leaves[tree.second(node)];
    }
    return leaves;
  }

  private static int[] firstLeaf(Tree tree, int[] leavesBelow) {
    int[] first = new int[tree.nodeCount()];
    for (int node = 0; node < tree.nodeCount(); node++) {
      if (tree.split(node) != null) {
        first[tree.first(node)] = first[node];
        first[tree.second(node)] = first[node] + leavesBelow[tree.first(node)];
      }
    }
    return first;
  }

  @Override
  public int ordinalCount() {
    return wordsPerRow * Long.SIZE;
  }

  @Override
  public int ordinal(int tree, int leaf) {
    return tree * (narrow ? Integer.SIZE : Long.SIZE) + leaf;
  }

  @Override
  public Finder openFinder() {
    int[] rows = new int[tableStart.length];
    return narrow
        ? (keys, ordinals) -> {
          findRows(keys, rows);
          findNarrow(rows, ordinals);
        }
        : (keys, ordinals) -> {
          findRows(keys, rows);
          findWide(rows, ordinals);
        };
  }

  @Override
  public long memoryBytes() {
    return 8L * table.length + 4L * (cuts.length + cutStart.length + tableStart.length);
  }

  /** Branch-free binary search: the loop count depends on the model alone. */
  private void findRows(int[] keys, int[] rows) {
    int[] cuts = this.cuts;
    for (int c = 0; c < rows.length; c++) {
      long key = keys[c];
      int start = cutStart[c];
      int at = start;
      for (int n = cutStart[c + 1] - start; n > 1; ) {
        int half = n >>> 1;
        at += half & (int) ((cuts[at + half - 1] - key - 1) >> 63);
        n -= half;
      }
      at += (int) ((cuts[at] - key - 1) >>> 63);
      rows[c] = tableStart[c] + (at - start) * wordsPerRow;
    }
  }

  private void findWide(int[] rows, int[] ordinals) {
    long[] table = this.table;
    for (int b = 0; b < wordsPerRow; b += BLOCK) {
      long m0 = -1, m1 = -1, m2 = -1, m3 = -1, m4 = -1, m5 = -1, m6 = -1, m7 = -1;
      for (int c = 0; c < rows.length; c++) {
        int at = rows[c] + b;
        m0 &= table[at];
        m1 &= table[at + 1];
        m2 &= table[at + 2];
        m3 &= table[at + 3];
        m4 &= table[at + 4];
        m5 &= table[at + 5];
        m6 &= table[at + 6];
        m7 &= table[at + 7];
      }
      int ordinal = b * Long.SIZE;
      ordinals[b] = ordinal + Long.numberOfTrailingZeros(m0);
      ordinals[b + 1] = ordinal + 64 + Long.numberOfTrailingZeros(m1);
      ordinals[b + 2] = ordinal + 128 + Long.numberOfTrailingZeros(m2);
      ordinals[b + 3] = ordinal + 192 + Long.numberOfTrailingZeros(m3);
      ordinals[b + 4] = ordinal + 256 + Long.numberOfTrailingZeros(m4);
      ordinals[b + 5] = ordinal + 320 + Long.numberOfTrailingZeros(m5);
      ordinals[b + 6] = ordinal + 384 + Long.numberOfTrailingZeros(m6);
      ordinals[b + 7] = ordinal + 448 + Long.numberOfTrailingZeros(m7);
    }
  }

  private void findNarrow(int[] rows, int[] ordinals) {
    long[] table = this.table;
    for (int b = 0; b < wordsPerRow; b += BLOCK) {
      long m0 = -1, m1 = -1, m2 = -1, m3 = -1, m4 = -1, m5 = -1, m6 = -1, m7 = -1;
      for (int c = 0; c < rows.length; c++) {
        int at = rows[c] + b;
        m0 &= table[at];
        m1 &= table[at + 1];
        m2 &= table[at + 2];
        m3 &= table[at + 3];
        m4 &= table[at + 4];
        m5 &= table[at + 5];
        m6 &= table[at + 6];
        m7 &= table[at + 7];
      }
      putPair(ordinals, 2 * b, m0);
      putPair(ordinals, 2 * b + 2, m1);
      putPair(ordinals, 2 * b + 4, m2);
      putPair(ordinals, 2 * b + 6, m3);
      putPair(ordinals, 2 * b + 8, m4);
      putPair(ordinals, 2 * b + 10, m5);
      putPair(ordinals, 2 * b + 12, m6);
      putPair(ordinals, 2 * b + 14, m7);
    }
  }

  private static void putPair(int[] ordinals, int tree, long masks) {
    ordinals[tree] = tree * Integer.SIZE + Long.numberOfTrailingZeros(masks);
    ordinals[tree + 1] =
        (tree + 1) * Integer.SIZE + Long.numberOfTrailingZeros(masks >>> Integer.SIZE);
  }
}
