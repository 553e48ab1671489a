package dev.slipway.engine.trees.format;

import dev.slipway.engine.trees.ensemble.KeySet;
import dev.slipway.engine.trees.ensemble.Split;
import dev.slipway.engine.trees.ensemble.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The node tables of {@code TreeEnsemble} (ai.onnx.ml 5): inner nodes and leaves in lists of their
 * own, children flagged as leaf or not, sets of values for membership tests.
 *
 * <p>As a {@link Tree.Source} inner nodes come first, then leaves.
 */
final class OnnxVersion5Nodes implements Tree.Source {
  /** Branch modes by their number. */
  private static final List<OnnxSplit> MODES =
      List.of(
          OnnxSplit.BRANCH_LEQ,
          OnnxSplit.BRANCH_LT,
          OnnxSplit.BRANCH_GTE,
          OnnxSplit.BRANCH_GT,
          OnnxSplit.BRANCH_EQ,
          OnnxSplit.BRANCH_NEQ,
          OnnxSplit.BRANCH_MEMBER);

  /** Most values of one tree whose leaves have different targets (32 MiB). */
  private static final int SPREAD_VALUES_MOST = 1 << 22;

  private final int inner;
  private final long[] features;
  private final double[] splits;
  private final OnnxSplit[] kinds;
  private final KeySet[] members;
  private final long[] trueIds;
  private final long[] trueLeafs;
  private final long[] falseIds;
  private final long[] falseLeafs;
  private final long[] nanTrue;
  private final long[] roots;
  private final long[] leafTargets;
  private final double[] leafWeights;
  private final boolean wide;

  OnnxVersion5Nodes(OnnxNode node, int targetLimit, boolean wide) {
    this.wide = wide;
    this.features = node.integers("nodes_featureids");
    this.inner = features.length;
    this.splits = node.numbers("nodes_splits");
    OnnxEnsemble.requireLength("nodes_splits", splits.length, inner);
    double[] modes = node.numbers("nodes_modes");
    OnnxEnsemble.requireLength("nodes_modes", modes.length, inner);
    this.kinds = new OnnxSplit[inner];
    for (int i = 0; i < inner; i++) {
      if (!(modes[i] >= 0 && modes[i] < MODES.size())) {
        throw Rejection.invalid("nodes_modes[%d]: %s (expected: 0..6)", i, modes[i]);
      }
      kinds[i] = MODES.get((int) modes[i]);
    }
    this.trueIds = integers(node, "nodes_truenodeids");
    this.trueLeafs = integers(node, "nodes_trueleafs");
    this.falseIds = integers(node, "nodes_falsenodeids");
    this.falseLeafs = integers(node, "nodes_falseleafs");
    this.nanTrue =
        node.has("nodes_missing_value_tracks_true")
            ? integers(node, "nodes_missing_value_tracks_true")
            : new long[inner];
    this.roots = node.integers("tree_roots");
    this.leafTargets = node.integers("leaf_targetids");
    this.leafWeights = node.numbers("leaf_weights");
    OnnxEnsemble.requireLength("leaf_weights", leafWeights.length, leafTargets.length);
    for (long target : leafTargets) {
      if (target < 0 || target >= targetLimit) {
        throw Rejection.invalid("leaf_targetids: %d (expected: 0..%d)", target, targetLimit - 1);
      }
    }
    for (long feature : features) {
      if (feature < 0 || feature >= ModelInput.FEATURES_MOST) {
        throw Rejection.invalid(
            "nodes_featureids: %d (expected: 0..%d)", feature, ModelInput.FEATURES_MOST - 1);
      }
    }
    this.members = members(node.numbers("membership_values"));
  }

  private long[] integers(OnnxNode node, String name) {
    long[] values = node.integers(name);
    OnnxEnsemble.requireLength(name, values.length, inner);
    return values;
  }

  /** Sets lie one after the other, each ended by NaN, in the order of the nodes that use them. */
  private KeySet[] members(double[] values) {
    KeySet[] sets = new KeySet[inner];
    KeySet none = KeySet.ofIntervals();
    int at = 0;
    for (int i = 0; i < inner; i++) {
      sets[i] = none;
      if (kinds[i] == OnnxSplit.BRANCH_MEMBER) {
        int start = at;
        while (at < values.length && !Double.isNaN(values[at])) {
          at++;
        }
        if (at == values.length) {
          throw Rejection.invalid("membership_values: no set for node %d", i);
        }
        long[] bounds = new long[2 * (at - start)];
        for (int k = start; k < at; k++) {
          long key = OnnxSplit.key(values[k], wide);
          bounds[2 * (k - start)] = key;
          bounds[2 * (k - start) + 1] = key + 1;
        }
        sets[i] = KeySet.ofIntervals(bounds);
        at++;
      }
    }
    return sets;
  }

  /** Every leaf has one target; the leaves of one tree may have different ones. */
  List<Tree> trees() {
    Tree.Visits visits = new Tree.Visits(nodeCount());
    List<Tree> trees = new ArrayList<>();
    for (int i = 0; i < roots.length; i++) {
      if (roots[i] < 0 || roots[i] >= inner) {
        throw Rejection.invalid("tree_roots[%d]: %d (expected: 0..%d)", i, roots[i], inner - 1);
      }
      String name = "tree " + i;
      int root = (int) roots[i];
      Tree shape = Tree.of(name, this, visits, root, new int[] {0});
      int[] targets = targetsBelow(shape);
      if ((long) targets.length * shape.leafCount() > SPREAD_VALUES_MOST) {
        throw Rejection.unsupported(
            "%s: %d leaves of %d targets (expected: at most %d values together)",
            name, shape.leafCount(), targets.length, SPREAD_VALUES_MOST);
      }
      Tree.Source source = targets.length == 1 ? this : new SpreadLeaves(this, targets);
      trees.add(Tree.of(name, source, visits, root, targets));
    }
    return trees;
  }

  private int[] targetsBelow(Tree tree) {
    int[] targets = new int[tree.leafCount()];
    for (int leaf = 0; leaf < targets.length; leaf++) {
      targets[leaf] = (int) leafTargets[tree.leafId(leaf)];
    }
    return Arrays.stream(targets).sorted().distinct().toArray();
  }

  @Override
  public int nodeCount() {
    return inner + leafTargets.length;
  }

  @Override
  public @Nullable Split split(int node) {
    if (node >= inner || isLeaf(node)) {
      return null;
    }
    int feature = (int) features[node];
    boolean nanFirst = nanTrue[node] == 1;
    if (kinds[node] == OnnxSplit.BRANCH_MEMBER) {
      return new Split(feature, members[node], nanFirst);
    }
    return kinds[node].split(feature, splits[node], nanFirst, wide);
  }

  /** A tree that is one leaf is written as a node with that leaf on both sides. */
  private boolean isLeaf(int node) {
    return trueLeafs[node] != 0 && falseLeafs[node] != 0 && trueIds[node] == falseIds[node];
  }

  private int leafIndex(int node) {
    return (node >= inner ? node : child(node, false)) - inner;
  }

  @Override
  public int first(int node) {
    return child(node, kinds[node].falseFirst());
  }

  @Override
  public int second(int node) {
    return child(node, !kinds[node].falseFirst());
  }

  private int child(int node, boolean falseBranch) {
    long id = (falseBranch ? falseIds : trueIds)[node];
    boolean leaf = (falseBranch ? falseLeafs : trueLeafs)[node] != 0;
    int limit = leaf ? leafTargets.length : inner;
    if (id < 0 || id >= limit) {
      throw Rejection.invalid(
          "node %d: %s %d (expected: 0..%d)", node, leaf ? "leaf" : "node", id, limit - 1);
    }
    return leaf ? inner + (int) id : (int) id;
  }

  @Override
  public int leafId(int node) {
    return leafIndex(node);
  }

  @Override
  public void leafValues(int node, double[] values) {
    values[0] = leafWeights[leafIndex(node)];
  }

  /** Leaves of different targets: each holds its weight at its own and zero at the others. */
  private record SpreadLeaves(OnnxVersion5Nodes nodes, int[] targets) implements Tree.Source {
    @Override
    public int nodeCount() {
      return nodes.nodeCount();
    }

    @Override
    public @Nullable Split split(int node) {
      return nodes.split(node);
    }

    @Override
    public int first(int node) {
      return nodes.first(node);
    }

    @Override
    public int second(int node) {
      return nodes.second(node);
    }

    @Override
    public int leafId(int node) {
      return nodes.leafId(node);
    }

    @Override
    public void leafValues(int node, double[] values) {
      Arrays.fill(values, 0);
      int leaf = nodes.leafIndex(node);
      int at = Arrays.binarySearch(targets, (int) nodes.leafTargets[leaf]);
      values[at] = nodes.leafWeights[leaf];
    }
  }
}
