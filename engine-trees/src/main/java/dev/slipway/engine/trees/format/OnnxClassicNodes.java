package dev.slipway.engine.trees.format;

import dev.slipway.engine.trees.ensemble.Split;
import dev.slipway.engine.trees.ensemble.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The node tables of {@code TreeEnsembleRegressor} and {@code TreeEnsembleClassifier}: parallel
 * lists over all nodes of all trees, and weights attached to leaves by (tree, node).
 */
final class OnnxClassicNodes {
  private static final String LEAF = "LEAF";

  private final long[] treeIds;
  private final long[] nodeIds;
  private final long[] features;
  private final long[] trueIds;
  private final long[] falseIds;
  private final long[] nanTrue;
  private final double[] thresholds;
  private final List<String> modes;
  private final boolean wide;
  private final int targetLimit;
  private final long[] weightTrees;
  private final long[] weightNodes;
  private final long[] weightTargets;
  private final double[] weights;

  OnnxClassicNodes(OnnxNode node, String weightPrefix, int targetLimit, boolean wide) {
    this.wide = wide;
    this.targetLimit = targetLimit;
    this.modes = node.texts("nodes_modes");
    int count = modes.size();
    this.treeIds = integers(node, "nodes_treeids", count);
    this.nodeIds = integers(node, "nodes_nodeids", count);
    this.features = integers(node, "nodes_featureids", count);
    this.trueIds = integers(node, "nodes_truenodeids", count);
    this.falseIds = integers(node, "nodes_falsenodeids", count);
    long[] tracks = node.integers("nodes_missing_value_tracks_true");
    if (tracks.length > count) {
      OnnxEnsemble.requireLength("nodes_missing_value_tracks_true", tracks.length, count);
    }
    this.nanTrue = Arrays.copyOf(tracks, count);
    this.thresholds = node.numbers("nodes_values");
    OnnxEnsemble.requireLength("nodes_values", thresholds.length, count);
    this.weights = node.numbers(weightPrefix + "weights");
    this.weightTrees = integers(node, weightPrefix + "treeids", weights.length);
    this.weightNodes = integers(node, weightPrefix + "nodeids", weights.length);
    this.weightTargets = integers(node, weightPrefix + "ids", weights.length);
  }

  private static long[] integers(OnnxNode node, String name, int count) {
    long[] values = node.integers(name);
    OnnxEnsemble.requireLength(name, values.length, count);
    return values;
  }

  boolean weightsAreAllPositive() {
    for (double weight : weights) {
      if (weight < 0) {
        return false;
      }
    }
    return true;
  }

  /** A tree is a run of nodes of one tree id; its root is the first of them. */
  List<Tree> trees() {
    Map<Long, Integer> runOfTree = new HashMap<>();
    List<int[]> runs = new ArrayList<>();
    for (int start = 0; start < treeIds.length; ) {
      int end = start + 1;
      while (end < treeIds.length && treeIds[end] == treeIds[start]) {
        end++;
      }
      if (runOfTree.put(treeIds[start], runs.size()) != null) {
        throw Rejection.unsupported(
            "nodes_treeids: tree %d in two places (expected: nodes of a tree together)",
            treeIds[start]);
      }
      runs.add(new int[] {start, end});
      start = end;
    }
    List<List<Integer>> weightsOfRun = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      weightsOfRun.add(new ArrayList<>());
    }
    for (int i = 0; i < weights.length; i++) {
      Integer run = runOfTree.get(weightTrees[i]);
      if (run == null) {
        throw Rejection.invalid("weight %d: tree %d has no nodes", i, weightTrees[i]);
      }
      weightsOfRun.get(run).add(i);
    }
    List<Tree> trees = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Run run = new Run("tree " + i, runs.get(i)[0], runs.get(i)[1], weightsOfRun.get(i));
      trees.add(Tree.of(run.name, run, 0, run.targets));
    }
    return trees;
  }

  /** One tree, its nodes numbered from 0. */
  private final class Run implements Tree.Source {
    final String name;
    final int[] targets;
    private final int start;
    private final int count;
    private final Map<Long, Integer> indexOfId = new HashMap<>();
    private final @Nullable OnnxSplit[] kinds;

    /** Values of each leaf, in the order of the targets. */
    private final Map<Integer, double[]> values = new HashMap<>();

    Run(String name, int start, int end, List<Integer> weightIndexes) {
      this.name = name;
      this.start = start;
      this.count = end - start;
      this.kinds = new OnnxSplit[count];
      for (int i = 0; i < count; i++) {
        if (indexOfId.put(nodeIds[start + i], i) != null) {
          throw Rejection.invalid("%s: node %d twice", name, nodeIds[start + i]);
        }
        String mode = modes.get(start + i);
        kinds[i] = mode.equals(LEAF) ? null : OnnxSplit.named(mode);
      }
      this.targets =
          weightIndexes.stream()
              .mapToLong(i -> weightTargets[i])
              .distinct()
              .sorted()
              .mapToInt(this::target)
              .toArray();
      attach(weightIndexes);
    }

    private int target(long target) {
      if (target < 0 || target >= targetLimit) {
        throw Rejection.invalid("%s: target %d (expected: 0..%d)", name, target, targetLimit - 1);
      }
      return (int) target;
    }

    /** Leaves must score all targets of their tree: ONNX Runtime treats absent scores apart. */
    private void attach(List<Integer> weightIndexes) {
      long leaves = 0;
      for (OnnxSplit kind : kinds) {
        leaves += kind == null ? 1 : 0;
      }
      if (weightIndexes.size() != leaves * targets.length) {
        throw Rejection.unsupported(
            "%s: %d weights (expected: one for each of %d leaves and %d targets)",
            name, weightIndexes.size(), leaves, targets.length);
      }
      for (int i : weightIndexes) {
        int leaf = index(weightNodes[i], "a weight");
        double[] own = values.computeIfAbsent(leaf, n -> nans(targets.length));
        int at = Arrays.binarySearch(targets, (int) weightTargets[i]);
        if (kinds[leaf] != null || !Double.isNaN(own[at])) {
          throw Rejection.unsupported(
              "%s: node %d has a second weight for target %d, or is no leaf",
              name, weightNodes[i], weightTargets[i]);
        }
        own[at] = weights[i];
      }
    }

    private static double[] nans(int count) {
      double[] nans = new double[count];
      Arrays.fill(nans, Double.NaN);
      return nans;
    }

    private int index(long id, String of) {
      Integer index = indexOfId.get(id);
      if (index == null) {
        throw Rejection.invalid("%s: node %d of %s does not exist", name, id, of);
      }
      return index;
    }

    @Override
    public int nodeCount() {
      return count;
    }

    @Override
    public @Nullable Split split(int node) {
      OnnxSplit kind = kinds[node];
      if (kind == null) {
        return null;
      }
      long feature = features[start + node];
      if (feature < 0 || feature >= ModelInput.FEATURES_MOST) {
        throw Rejection.invalid(
            "%s: feature %d (expected: 0..%d)", name, feature, ModelInput.FEATURES_MOST - 1);
      }
      if (kind == OnnxSplit.BRANCH_MEMBER) {
        throw Rejection.invalid("%s: BRANCH_MEMBER (expected: in TreeEnsemble only)", name);
      }
      return kind.split((int) feature, thresholds[start + node], nanTrue[start + node] == 1, wide);
    }

    @Override
    public int first(int node) {
      return child(node, isFalseFirst(node));
    }

    @Override
    public int second(int node) {
      return child(node, !isFalseFirst(node));
    }

    private boolean isFalseFirst(int node) {
      OnnxSplit kind = kinds[node];
      return kind != null && kind.falseFirst();
    }

    private int child(int node, boolean falseBranch) {
      return index((falseBranch ? falseIds : trueIds)[start + node], "a branch");
    }

    @Override
    public int leafId(int node) {
      return (int) nodeIds[start + node];
    }

    @Override
    public void leafValues(int node, double[] leafValues) {
      double[] own = values.get(node);
      if (own != null) {
        System.arraycopy(own, 0, leafValues, 0, own.length);
      }
    }
  }
}
