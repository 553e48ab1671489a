package dev.slipway.engine.trees.ensemble;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One decision tree. Immutable.
 *
 * <p>Nodes are numbered so that node 0 is the root and a child has a greater number than its
 * parent; leaves are numbered from 0 in the order in which a walk that always visits the first
 * child first meets them.
 */
public final class Tree {
  private final @Nullable Split[] splits;
  private final int[] first;
  private final int[] second;
  private final int[] leafIds;
  private final int[] targets;
  private final double[] leafValues;
  private final int depth;

  private Tree(
      @Nullable Split[] splits,
      int[] first,
      int[] second,
      int[] leafIds,
      int[] targets,
      double[] leafValues,
      int depth) {
    this.splits = splits;
    this.first = first;
    this.second = second;
    this.leafIds = leafIds;
    this.targets = targets;
    this.leafValues = leafValues;
    this.depth = depth;
  }

  public int nodeCount() {
    return splits.length;
  }

  public int leafCount() {
    return leafIds.length;
  }

  /** Splits on the longest way from the root to a leaf; 0 for a tree that is one leaf. */
  public int depth() {
    return depth;
  }

  /** The split of an inner node, or null for a leaf. */
  public @Nullable Split split(int node) {
    return splits[node];
  }

  public int first(int node) {
    return first[node];
  }

  public int second(int node) {
    return second[node];
  }

  /** Number of the leaf that {@code node} is. */
  public int leafOf(int node) {
    return first[node];
  }

  /** What the model's own library calls this leaf. */
  public int leafId(int leaf) {
    return leafIds[leaf];
  }

  /** The scores that this tree adds to, ascending. */
  public int[] targets() {
    return targets.clone();
  }

  public int targetCount() {
    return targets.length;
  }

  /**
   * What a leaf adds to the score {@code targets()[index]}.
   *
   * @param index {@code 0..targetCount() - 1}
   */
  public double leafValue(int leaf, int index) {
    return leafValues[leaf * targets.length + index];
  }

  /** This tree with every split replaced by another. */
  public Tree mapSplits(UnaryOperator<Split> change) {
    @Nullable Split[] changed = splits.clone();
    for (int i = 0; i < changed.length; i++) {
      Split split = changed[i];
      if (split != null) {
        changed[i] = change.apply(split);
      }
    }
    return new Tree(changed, first, second, leafIds, targets, leafValues, depth);
  }

  /** Follows a row from the root, the slow and obvious way. */
  public int leafFor(KeyRow row) {
    int node = 0;
    for (Split split = splits[0]; split != null; split = splits[node]) {
      long key = row.key(split.feature());
      boolean goesFirst =
          row.isNan(split.feature()) ? split.nanFirst() : split.accepted().contains(key);
      node = goesFirst ? first[node] : second[node];
    }
    return first[node];
  }

  /** One row as keys. */
  public interface KeyRow {
    long key(int feature);

    boolean isNan(int feature);
  }

  /** Which nodes of a source the tree at hand has used; shared by the trees of one source. */
  public static final class Visits {
    private final int[] lastTree;
    private int tree;

    public Visits(int nodeCount) {
      lastTree = new int[nodeCount];
    }

    private void nextTree() {
      tree++;
    }

    private boolean visit(int node) {
      boolean first = lastTree[node] != tree;
      lastTree[node] = tree;
      return first;
    }
  }

  /** A tree as files hold it: nodes under any numbers, children not yet trusted. */
  public interface Source {
    int nodeCount();

    /** Null for a leaf. */
    @Nullable Split split(int node);

    int first(int node);

    int second(int node);

    /** What the model's own library calls the leaf that {@code node} is. */
    int leafId(int node);

    /** Writes what the leaf {@code node} adds to each of the targets. */
    void leafValues(int node, double[] values);
  }

  /**
   * Copies the part of a source that can be reached from its root.
   *
   * @param name how messages call the tree
   * @param targets scores that it adds to, ascending
   * @throws SlipwayException MODEL_INVALID if a child is out of range or reached twice
   */
  public static Tree of(String name, Source source, int root, int[] targets) {
    return of(name, source, new Visits(source.nodeCount()), root, targets);
  }

  /** As {@link #of(String, Source, int, int[])}, where one source holds several trees. */
  public static Tree of(String name, Source source, Visits visits, int root, int[] targets) {
    return new Copy(name, source, visits, targets.clone()).run(root);
  }

  /** All trees' node count, for sizing. */
  public static int nodeCount(List<Tree> trees) {
    int count = 0;
    for (Tree tree : trees) {
      count = Math.addExact(count, tree.nodeCount());
    }
    return count;
  }

  private static final class Copy {
    private final String name;
    private final Source source;
    private final int[] targets;
    private final Visits visits;
    private final int nodeCount;
    private @Nullable Split[] splits;
    private int[] first;
    private int[] second;
    private int[] leafIds;
    private double[] values;
    private int size;
    private int leaves;

    Copy(String name, Source source, Visits visits, int[] targets) {
      this.name = name;
      this.source = source;
      this.targets = targets;
      this.visits = visits;
      this.nodeCount = source.nodeCount();
      this.splits = new Split[Math.min(nodeCount, 64)];
      visits.nextTree();
      this.first = new int[splits.length];
      this.second = new int[splits.length];
      this.leafIds = new int[splits.length];
      this.values = new double[splits.length * targets.length];
    }

    /** A walk in preorder with its own stack: a chain of a million nodes is a valid tree. */
    Tree run(int root) {
      long[] stack = new long[64];
      int[] depths = new int[64];
      int top = 0;
      int deepest = 0;
      double[] leaf = new double[targets.length];
      stack[top++] = entry(root, -1, false);
      while (top > 0) {
        long entry = stack[--top];
        int depth = depths[top];
        int node = (int) (entry >>> 32);
        int at = add(node);
        attach(entry, at);
        Split split = source.split(node);
        if (split == null) {
          deepest = Math.max(deepest, depth);
          addLeaf(node, at, leaf);
          continue;
        }
        splits[at] = split;
        if (top + 2 > stack.length) {
          stack = Arrays.copyOf(stack, 2 * stack.length);
          depths = Arrays.copyOf(depths, stack.length);
        }
        depths[top] = depth + 1;
        stack[top++] = entry(source.second(node), at, false);
        depths[top] = depth + 1;
        stack[top++] = entry(source.first(node), at, true);
      }
      return new Tree(
          Arrays.copyOf(splits, size),
          Arrays.copyOf(first, size),
          Arrays.copyOf(second, size),
          Arrays.copyOf(leafIds, leaves),
          targets,
          Arrays.copyOf(values, leaves * targets.length),
          deepest);
    }

    /** The low half names the parent (+1) and which of its children this is. */
    private long entry(int node, int parent, boolean isFirst) {
      if (node < 0 || node >= nodeCount) {
        throw new SlipwayException(
            ErrorCode.MODEL_INVALID,
            "%s: child node %d (expected: 0..%d)".formatted(name, node, nodeCount - 1));
      }
      return ((long) node << 32) | ((parent + 1L) << 1) | (isFirst ? 1 : 0);
    }

    private void attach(long entry, int at) {
      int parent = (int) ((entry & 0xffffffffL) >>> 1) - 1;
      if (parent >= 0) {
        if ((entry & 1) == 1) {
          first[parent] = at;
        } else {
          second[parent] = at;
        }
      }
    }

    private int add(int node) {
      if (!visits.visit(node)) {
        throw new SlipwayException(
            ErrorCode.MODEL_INVALID,
            "%s: node %d has two parents or is its own ancestor (expected: a tree)"
                .formatted(name, node));
      }
      if (size == splits.length) {
        int capacity = Math.min(nodeCount, 2 * size);
        splits = Arrays.copyOf(splits, capacity);
        first = Arrays.copyOf(first, capacity);
        second = Arrays.copyOf(second, capacity);
      }
      return size++;
    }

    private void addLeaf(int node, int at, double[] leaf) {
      if (leaves == leafIds.length) {
        int capacity = 2 * leaves;
        leafIds = Arrays.copyOf(leafIds, capacity);
        values = Arrays.copyOf(values, capacity * targets.length);
      }
      source.leafValues(node, leaf);
      System.arraycopy(leaf, 0, values, leaves * targets.length, targets.length);
      leafIds[leaves] = source.leafId(node);
      first[at] = leaves++;
    }
  }
}
