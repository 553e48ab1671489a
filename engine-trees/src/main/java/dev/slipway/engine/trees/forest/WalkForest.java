package dev.slipway.engine.trees.forest;

import dev.slipway.engine.trees.ensemble.Split;
import dev.slipway.engine.trees.ensemble.Tree;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trees as one array of nodes, walked eight at a time so that their memory latencies overlap.
 *
 * <p>A node is {@code bound << 32 | first child << slotBits | slot}: a row whose key in that slot
 * is above the bound goes to the second child, which lies right behind the first; the step is
 * arithmetic, without a branch. A leaf is its own first child on slot 0, whose key is below every
 * bound, so a walk may go on past it and every tree of a group is walked as deep as the deepest;
 * the high half of a leaf is its ordinal. Trees are walked in order of depth, to waste few steps.
 *
 * <p>Where child and slot do not fit 32 bits together, slots live in an array of their own.
 */
final class WalkForest implements Forest {
  static final int LANES = 8;

  private final long[] nodes;

  /** Slot of each node, or empty where nodes hold it. */
  private final int[] wideSlots;

  private final int slotBits;

  /** Node of each tree's root in walking order, padded to whole groups by a single leaf. */
  private final int[] roots;

  /** Position of each walked tree in the ensemble; padding lies past the end. */
  private final int[] positions;

  /** Steps to walk each group. */
  private final int[] groupDepths;

  private final int[] leafStart;
  private final Slots slots;

  private WalkForest(
      long[] nodes,
      int[] wideSlots,
      int slotBits,
      int[] roots,
      int[] positions,
      int[] groupDepths,
      int[] leafStart,
      Slots slots) {
    this.nodes = nodes;
    this.wideSlots = wideSlots;
    this.slotBits = slotBits;
    this.roots = roots;
    this.positions = positions;
    this.groupDepths = groupDepths;
    this.leafStart = leafStart;
    this.slots = slots;
  }

  /** Steps that one row takes, the measure of this forest's cost. */
  static long steps(List<Tree> trees) {
    int[] depths = trees.stream().mapToInt(Tree::depth).sorted().toArray();
    long steps = 0;
    for (int i = depths.length - 1; i >= 0; i -= LANES) {
      steps += (long) LANES * depths[i];
    }
    return steps;
  }

  static WalkForest of(List<Tree> trees, List<Column> columns) {
    return of(trees, columns, Integer.SIZE);
  }

  /**
   * @param packedBits bits that child and slot may share; fewer than 32 only to try the wide layout
   *     on a small forest
   */
  static WalkForest of(List<Tree> trees, List<Column> columns, int packedBits) {
    Slots slots = Slots.of(trees, columns);
    int nodeCount = Math.addExact(Tree.nodeCount(trees), 1);
    int slotBits = bits(slots.count() - 1);
    boolean packed = slotBits + bits(nodeCount) <= packedBits;
    long[] nodes = new long[nodeCount];
    int[] wideSlots = new int[packed ? 0 : nodeCount];
    int shift = packed ? slotBits : 0;
    int[] rootOf = new int[trees.size()];
    int[] leafStart = new int[trees.size() + 1];
    int base = 0;
    for (int t = 0; t < trees.size(); t++) {
      Tree tree = trees.get(t);
      rootOf[t] = base;
      int[] place = placeBreadthFirst(tree, base);
      for (int node = 0; node < tree.nodeCount(); node++) {
        Split split = tree.split(node);
        int at = place[node];
        int child = split == null ? at : place[tree.first(node)];
        int slot = split == null ? 0 : slots.slot(split);
        int high = split == null ? leafStart[t] + tree.leafOf(node) : slots.bound(split);
        int low = (child << shift) | (packed ? slot : 0);
        nodes[at] = ((long) high << 32) | (low & 0xffffffffL);
        if (!packed) {
          wideSlots[at] = slot;
        }
      }
      base += tree.nodeCount();
      leafStart[t + 1] = leafStart[t] + tree.leafCount();
    }
    nodes[base] = (base << shift) & 0xffffffffL;

    int groups = (trees.size() + LANES - 1) / LANES;
    int[] roots = new int[groups * LANES];
    int[] positions = new int[groups * LANES];
    int[] groupDepths = new int[groups];
    Arrays.fill(roots, base);
    List<Integer> order =
        IntStream.range(0, trees.size())
            .boxed()
            .sorted(Comparator.comparingInt(t -> trees.get(t).depth()))
            .toList();
    // Padding comes first, among the shallowest trees.
    int padding = roots.length - order.size();
    for (int i = 0; i < roots.length; i++) {
      positions[i] = order.size() + i;
      if (i >= padding) {
        int t = order.get(i - padding);
        roots[i] = rootOf[t];
        positions[i] = t;
        groupDepths[i / LANES] = Math.max(groupDepths[i / LANES], trees.get(t).depth());
      }
    }
    return new WalkForest(
        nodes, wideSlots, slotBits, roots, positions, groupDepths, leafStart, slots);
  }

  /** Siblings side by side, upper levels first, so that the nodes most walked share cache lines. */
  private static int[] placeBreadthFirst(Tree tree, int base) {
    int[] place = new int[tree.nodeCount()];
    int[] queue = new int[tree.nodeCount()];
    int size = 1;
    place[0] = base;
    for (int i = 0; i < size; i++) {
      int node = queue[i];
      if (tree.split(node) != null) {
        place[tree.first(node)] = base + size;
        queue[size++] = tree.first(node);
        place[tree.second(node)] = base + size;
        queue[size++] = tree.second(node);
      }
    }
    return place;
  }

  private static int bits(int greatest) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(greatest);
  }

  @Override
  public int ordinalCount() {
    return leafStart[leafStart.length - 1] + 1;
  }

  @Override
  public int ordinal(int tree, int leaf) {
    return leafStart[tree] + leaf;
  }

  @Override
  public Finder openFinder() {
    Slots.Filler filler = slots.openFiller();
    return (keys, ordinals) -> {
      long[] row = filler.fill(keys);
      if (wideSlots.length == 0) {
        walkPacked(row, ordinals);
      } else {
        walkWide(row, ordinals);
      }
    };
  }

  @Override
  public long memoryBytes() {
    return 8L * nodes.length
        + 4L * (wideSlots.length + 2L * roots.length + groupDepths.length + leafStart.length)
        + slots.memoryBytes();
  }

  private void walkPacked(long[] row, int[] ordinals) {
    long[] nodes = this.nodes;
    int[] roots = this.roots;
    int bits = slotBits;
    int mask = (1 << bits) - 1;
    for (int g = 0, t = 0; g < groupDepths.length; g++, t += LANES) {
      int n0 = roots[t];
      int n1 = roots[t + 1];
      int n2 = roots[t + 2];
      int n3 = roots[t + 3];
      int n4 = roots[t + 4];
      int n5 = roots[t + 5];
      int n6 = roots[t + 6];
      int n7 = roots[t + 7];
      for (int d = groupDepths[g]; d > 0; d--) {
        n0 = step(nodes, row, n0, bits, mask);
        n1 = step(nodes, row, n1, bits, mask);
        n2 = step(nodes, row, n2, bits, mask);
        n3 = step(nodes, row, n3, bits, mask);
        n4 = step(nodes, row, n4, bits, mask);
        n5 = step(nodes, row, n5, bits, mask);
        n6 = step(nodes, row, n6, bits, mask);
        n7 = step(nodes, row, n7, bits, mask);
      }
      ordinals[positions[t]] = (int) (nodes[n0] >> 32);
      ordinals[positions[t + 1]] = (int) (nodes[n1] >> 32);
      ordinals[positions[t + 2]] = (int) (nodes[n2] >> 32);
      ordinals[positions[t + 3]] = (int) (nodes[n3] >> 32);
      ordinals[positions[t + 4]] = (int) (nodes[n4] >> 32);
      ordinals[positions[t + 5]] = (int) (nodes[n5] >> 32);
      ordinals[positions[t + 6]] = (int) (nodes[n6] >> 32);
      ordinals[positions[t + 7]] = (int) (nodes[n7] >> 32);
    }
  }

  private static int step(long[] nodes, long[] row, int at, int bits, int mask) {
    long node = nodes[at];
    return ((int) node >>> bits) + (int) (((node >> 32) - row[(int) node & mask]) >>> 63);
  }

  private void walkWide(long[] row, int[] ordinals) {
    for (int t = 0; t < roots.length; t++) {
      int at = roots[t];
      for (int slot = wideSlots[at]; slot != 0; slot = wideSlots[at]) {
        long node = nodes[at];
        at = (int) node + (int) (((node >> 32) - row[slot]) >>> 63);
      }
      ordinals[positions[t]] = (int) (nodes[at] >> 32);
    }
  }
}
