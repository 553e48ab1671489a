package dev.slipway.engine.trees.forest;

import dev.slipway.engine.trees.ensemble.OrderedKey;
import dev.slipway.engine.trees.ensemble.Split;
import dev.slipway.engine.trees.ensemble.Tree;
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
 * <p>With at most 32 leaves per tree a long holds two trees, else one. Rows are arrays of their own
 * rather than parts of one, because the compiler turns loops over them into vector instructions
 * only if all arrays are read at the same index.
 */
final class MaskForest implements Forest {
  /** Columns searched and combined together; the last group is filled with neutral ones. */
  private static final int GROUP = 4;

  private final ColumnSearch search;
  private final long[][] table;
  private final int words;
  private final boolean narrow;

  private MaskForest(ColumnSearch search, long[][] table, int words, boolean narrow) {
    this.search = search;
    this.table = table;
    this.words = words;
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
    return leavesMost(trees) <= Integer.SIZE ? (trees.size() + 1) / 2 : trees.size();
  }

  /** Longs in the whole table. */
  static long tableWords(List<Tree> trees, List<Column> columns) {
    long rows = 1;
    for (Column column : columns) {
      rows += column.cuts().length + 2;
    }
    return rows * wordsPerRow(trees);
  }

  static MaskForest of(List<Tree> trees, List<Column> columns) {
    boolean narrow = leavesMost(trees) <= Integer.SIZE;
    ColumnSearch search = ColumnSearch.of(columns);
    int words = wordsPerRow(trees);
    long[][] table = new long[search.rowCount()][words];
    for (long[] row : table) {
      Arrays.fill(row, -1L);
    }
    int[] index = Column.indexByFeature(columns);
    for (int t = 0; t < trees.size(); t++) {
      Tree tree = trees.get(t);
      int[] leavesBelow = leavesBelow(tree);
      int[] firstLeaf = firstLeaf(tree, leavesBelow);
      int word = narrow ? t >> 1 : t;
      int shift = narrow ? (t & 1) * Integer.SIZE : 0;
      for (int node = 0; node < tree.nodeCount(); node++) {
        Split split = tree.split(node);
        if (split == null) {
          continue;
        }
        int column = index[split.feature()];
        long cleared = ones(leavesBelow[tree.first(node)]) << firstLeaf[node] << shift;
        for (int bin = 0; bin < search.binCount(column); bin++) {
          if (!goesFirst(split, search.leastKey(column, bin))) {
            table[search.row(column, bin)][word] &= ~cleared;
          }
        }
      }
    }
    return new MaskForest(search, table, words, narrow);
  }

  private static boolean goesFirst(Split split, int key) {
    return key == OrderedKey.NAN_32 ? split.nanFirst() : split.accepted().contains(key);
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
    return words * Long.SIZE;
  }

  @Override
  public int ordinal(int tree, int leaf) {
    return tree * (narrow ? Integer.SIZE : Long.SIZE) + leaf;
  }

  @Override
  public Finder openFinder() {
    int[] rows = new int[search.paddedCount()];
    long[] masks = new long[words];
    return (keys, ordinals) -> {
      search.find(keys, rows);
      combine(rows, masks);
      if (narrow) {
        lowestOfPairs(masks, ordinals);
      } else {
        lowest(masks, ordinals);
      }
    };
  }

  @Override
  public long memoryBytes() {
    return (8L * words + 16) * table.length + search.memoryBytes();
  }

  private void combine(int[] rows, long[] masks) {
    long[][] t = table;
    and(masks, t[rows[0]], t[rows[1]], t[rows[2]], t[rows[3]]);
    int c = GROUP;
    for (; c + 2 * GROUP <= rows.length; c += 2 * GROUP) {
      andAlso(
          masks,
          t[rows[c]],
          t[rows[c + 1]],
          t[rows[c + 2]],
          t[rows[c + 3]],
          t[rows[c + 4]],
          t[rows[c + 5]],
          t[rows[c + 6]],
          t[rows[c + 7]]);
    }
    for (; c < rows.length; c += GROUP) {
      andAlso(masks, t[rows[c]], t[rows[c + 1]], t[rows[c + 2]], t[rows[c + 3]]);
    }
  }

  private static void and(long[] m, long[] a, long[] b, long[] c, long[] d) {
    for (int i = 0; i < m.length; i++) {
      m[i] = a[i] & b[i] & c[i] & d[i];
    }
  }

  private static void andAlso(long[] m, long[] a, long[] b, long[] c, long[] d) {
    for (int i = 0; i < m.length; i++) {
      m[i] &= a[i] & b[i] & c[i] & d[i];
    }
  }

  private static void andAlso(
      long[] m, long[] a, long[] b, long[] c, long[] d, long[] e, long[] f, long[] g, long[] h) {
    for (int i = 0; i < m.length; i++) {
      m[i] &= a[i] & b[i] & c[i] & d[i] & e[i] & f[i] & g[i] & h[i];
    }
  }

  private static void lowest(long[] masks, int[] ordinals) {
    for (int i = 0; i < masks.length; i++) {
      ordinals[i] = i * Long.SIZE + Long.numberOfTrailingZeros(masks[i]);
    }
  }

  private static void lowestOfPairs(long[] masks, int[] ordinals) {
    for (int i = 0; i < masks.length; i++) {
      long pair = masks[i];
      ordinals[2 * i] = i * Long.SIZE + Long.numberOfTrailingZeros(pair);
      ordinals[2 * i + 1] =
          i * Long.SIZE + Integer.SIZE + Long.numberOfTrailingZeros(pair >>> Integer.SIZE);
    }
  }
}
