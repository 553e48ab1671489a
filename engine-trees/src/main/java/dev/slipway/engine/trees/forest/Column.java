package dev.slipway.engine.trees.forest;

import dev.slipway.engine.trees.ensemble.KeySet;
import dev.slipway.engine.trees.ensemble.Split;
import dev.slipway.engine.trees.ensemble.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One input column that some tree looks at, with every key at which some split changes its mind.
 *
 * @param feature position in the input
 * @param cuts ascending; between two neighbours all splits on this column answer the same
 */
record Column(int feature, long[] cuts) {
  /** The columns that the trees look at, ascending by feature. */
  static List<Column> of(List<Tree> trees) {
    Map<Integer, TreeSet<Long>> cuts = new TreeMap<>();
    for (Tree tree : trees) {
      for (int node = 0; node < tree.nodeCount(); node++) {
        Split split = tree.split(node);
        if (split != null) {
          add(cuts.computeIfAbsent(split.feature(), f -> new TreeSet<>()), split.accepted());
        }
      }
    }
    List<Column> columns = new ArrayList<>();
    cuts.forEach(
        (feature, keys) ->
            columns.add(new Column(feature, keys.stream().mapToLong(Long::longValue).toArray())));
    return columns;
  }

  private static void add(TreeSet<Long> cuts, KeySet accepted) {
    for (long bound : accepted.bounds()) {
      if (bound != Long.MIN_VALUE) {
        cuts.add(bound);
      }
    }
  }

  /** Position of each feature's column in {@code columns}, -1 for features without one. */
  static int[] indexByFeature(List<Column> columns) {
    int[] index = new int[columns.isEmpty() ? 0 : columns.getLast().feature() + 1];
    Arrays.fill(index, -1);
    for (int i = 0; i < columns.size(); i++) {
      index[columns.get(i).feature()] = i;
    }
    return index;
  }

  /** Number of cuts that are not above {@code key}. */
  int rank(long key) {
    int position = Arrays.binarySearch(cuts, key);
    return position >= 0 ? position + 1 : -position - 1;
  }
}
