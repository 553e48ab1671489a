package dev.slipway.engine.trees.format;

import dev.slipway.engine.trees.ensemble.KeySet;
import dev.slipway.engine.trees.ensemble.OrderedKey;
import dev.slipway.engine.trees.ensemble.Split;
import dev.slipway.engine.trees.ensemble.Tree;
import dev.slipway.engine.trees.format.Document.Cursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One tree of an XGBoost model.
 *
 * <p>A number goes left if it is below the condition; a category goes right if it is in the node's
 * set; everything that is no category (negative, too great) goes left; NaN goes where the node
 * says. Categorical splits are turned round, so that the accepted set is the node's own.
 */
final class XgboostTree implements Tree.Source {
  /** Categories at and above this are invalid to XGBoost. */
  private static final int CATEGORIES_MOST = 16_777_216;

  private static final int CATEGORICAL = 1;

  private final String path;
  private final int[] left;
  private final int[] right;
  private final int[] features;
  private final double[] conditions;
  private final int[] defaultLeft;
  private final int[] splitTypes;
  private final int[] categories;

  /** Index into the category segments by node, -1 for nodes without categories. */
  private final int[] segmentOf;

  private final int[] segments;
  private final int[] sizes;
  private final int width;
  private final float weight;
  private final double[] leafWeights;

  /** Whether vectors are stored for leaves alone, numbered by {@code right_children}. */
  private final boolean numberedLeaves;

  XgboostTree(Cursor tree, int featureCount, int scoreCount, float weight) {
    this.path = tree.path();
    this.weight = weight;
    Cursor parameters = tree.at("tree_param");
    int count = parameters.at("num_nodes").integer(1, Integer.MAX_VALUE);
    this.left = integers(tree, "left_children", count);
    this.right = integers(tree, "right_children", count);
    this.features = integers(tree, "split_indices", count);
    this.conditions = numbers(tree, "split_conditions", count);
    this.defaultLeft = integers(tree, "default_left", count);
    this.splitTypes =
        tree.find("split_type") == null ? new int[count] : integers(tree, "split_type", count);
    Cursor vector = parameters.find("size_leaf_vector");
    this.width = Math.max(1, vector == null ? 1 : vector.integer(0, scoreCount));
    if (width > 1 && width != scoreCount) {
      throw Rejection.invalid(
          "%s.tree_param.size_leaf_vector: %d (expected: %d)", path, width, scoreCount);
    }
    this.numberedLeaves = width > 1 && tree.find("leaf_weights") != null;
    this.leafWeights =
        width == 1
            ? conditions
            : numberedLeaves
                ? tree.at("leaf_weights").numbers()
                : numbers(tree, "base_weights", Math.multiplyExact(count, width));
    Cursor categoryNodes = tree.find("categories_nodes");
    this.segmentOf = new int[count];
    Arrays.fill(segmentOf, -1);
    if (categoryNodes == null) {
      this.categories = new int[0];
      this.segments = new int[0];
      this.sizes = new int[0];
    } else {
      int[] nodes = categoryNodes.integers();
      this.categories = tree.at("categories").integers();
      this.segments = integers(tree, "categories_segments", nodes.length);
      this.sizes = integers(tree, "categories_sizes", nodes.length);
      for (int i = 0; i < nodes.length; i++) {
        segmentOf[require("categories_nodes", i, nodes[i], count)] = i;
      }
    }
    for (int i = 0; i < count; i++) {
      if (left[i] != -1) {
        require("split_indices", i, features[i], featureCount);
      }
    }
  }

  private int[] integers(Cursor tree, String member, int count) {
    int[] values = tree.at(member).integers();
    requireCount(member, values.length, count);
    return values;
  }

  private double[] numbers(Cursor tree, String member, int count) {
    double[] values = tree.at(member).numbers();
    requireCount(member, values.length, count);
    return values;
  }

  private void requireCount(String member, int count, int expected) {
    if (count != expected) {
      throw Rejection.invalid("%s.%s: %d values (expected: %d)", path, member, count, expected);
    }
  }

  private int require(String member, int index, int value, int limit) {
    if (value < 0 || value >= limit) {
      throw Rejection.invalid(
          "%s.%s[%d]: %d (expected: 0..%d)", path, member, index, value, limit - 1);
    }
    return value;
  }

  /** Values per leaf. */
  int width() {
    return width;
  }

  @Override
  public int nodeCount() {
    return left.length;
  }

  private boolean isCategorical(int node) {
    return splitTypes[node] == CATEGORICAL;
  }

  @Override
  public @Nullable Split split(int node) {
    if (left[node] == -1) {
      return null;
    }
    boolean nanLeft = defaultLeft[node] != 0;
    if (isCategorical(node)) {
      return new Split(features[node], categoriesOf(node), !nanLeft);
    }
    long bound = conditionKey((float) conditions[node]);
    return new Split(features[node], KeySet.below(bound), nanLeft);
  }

  /** A NaN condition accepts no number. */
  private static long conditionKey(float condition) {
    return Float.isNaN(condition) ? OrderedKey.BELOW_ALL_32 + 1 : OrderedKey.of(condition);
  }

  private KeySet categoriesOf(int node) {
    int segment = segmentOf[node];
    if (segment < 0) {
      throw Rejection.invalid("%s: categorical node %d has no categories", path, node);
    }
    int start = segments[segment];
    int size = sizes[segment];
    if (start < 0 || size < 0 || start > categories.length - size) {
      throw Rejection.invalid(
          "%s.categories_segments[%d]: %d, size %d (expected: within the %d categories)",
          path, segment, start, size, categories.length);
    }
    long[] bounds = new long[2 * size];
    for (int i = 0; i < size; i++) {
      int category = require("categories", start + i, categories[start + i], CATEGORIES_MOST);
      bounds[2 * i] = OrderedKey.of((float) category);
      bounds[2 * i + 1] = OrderedKey.of((float) (category + 1));
    }
    return KeySet.ofIntervals(bounds);
  }

  @Override
  public int first(int node) {
    return isCategorical(node) ? right[node] : left[node];
  }

  @Override
  public int second(int node) {
    return isCategorical(node) ? left[node] : right[node];
  }

  @Override
  public int leafId(int node) {
    return node;
  }

  @Override
  public void leafValues(int node, double[] values) {
    int number = numberedLeaves ? right[node] : node;
    if (number < 0 || (long) (number + 1) * width > leafWeights.length) {
      throw Rejection.invalid(
          "%s: leaf %d has no value (expected: %d values per leaf)", path, node, width);
    }
    for (int i = 0; i < width; i++) {
      values[i] = (float) leafWeights[number * width + i] * weight;
    }
  }
}
