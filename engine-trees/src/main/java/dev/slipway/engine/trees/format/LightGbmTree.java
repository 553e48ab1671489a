package dev.slipway.engine.trees.format;

import dev.slipway.engine.trees.ensemble.KeySet;
import dev.slipway.engine.trees.ensemble.OrderedKey;
import dev.slipway.engine.trees.ensemble.Split;
import dev.slipway.engine.trees.ensemble.Tree;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One tree of a LightGBM model. Its inner nodes come first, then its leaves.
 *
 * <p>Thresholds are FP64 and inputs FP32; a threshold is rounded down to FP32, which changes no
 * decision. LightGBM reads whatever lies in [-1e-35, 1e-35] as zero. NaN goes as zero would unless
 * the node counts NaN as missing; a node that counts zero as missing sends both the default way.
 */
final class LightGbmTree implements Tree.Source {
  private static final int CATEGORICAL_BIT = 1;
  private static final int DEFAULT_LEFT_BIT = 2;
  private static final int MISSING_SHIFT = 2;
  private static final int MISSING_MASK = 3;
  private static final int MISSING_ZERO = 1;
  private static final int MISSING_NAN = 2;

  /** What LightGBM takes for zero. */
  private static final float ZERO = 1e-35f;

  private static final int ZERO_KEY = OrderedKey.of(0f);
  private static final int ZERO_FIRST = OrderedKey.of(-ZERO);
  private static final int ZERO_LAST = OrderedKey.of(ZERO);

  private final TextBlock block;
  private final int inner;
  private final int[] features;
  private final double[] thresholds;
  private final int[] decisions;
  private final int[] left;
  private final int[] right;
  private final double[] leafValues;
  private final int[] categoryBounds;
  private final long[] categoryWords;

  LightGbmTree(TextBlock block, int featureCount) {
    this.block = block;
    int leaves = block.integer("num_leaves", 1, Integer.MAX_VALUE / 2);
    if (block.integer("is_linear", 0, 1, 0) == 1) {
      throw Rejection.unsupported("a linear tree (expected: constant leaves, linear_tree=false)");
    }
    this.inner = leaves - 1;
    this.leafValues = block.numbers("leaf_value", leaves);
    this.features = block.integers("split_feature", inner);
    this.thresholds = block.numbers("threshold", inner);
    this.decisions = block.integers("decision_type", inner);
    this.left = block.integers("left_child", inner);
    this.right = block.integers("right_child", inner);
    int categorical = block.integer("num_cat", 0, inner, 0);
    if (categorical > 0) {
      this.categoryBounds = block.integers("cat_boundaries", categorical + 1);
      double[] words = block.numbers("cat_threshold", Math.max(0, categoryBounds[categorical]));
      this.categoryWords = new long[words.length];
      for (int i = 0; i < words.length; i++) {
        categoryWords[i] = (long) words[i] & 0xffffffffL;
      }
    } else {
      this.categoryBounds = new int[1];
      this.categoryWords = new long[0];
    }
    for (int feature : features) {
      if (feature < 0 || feature >= featureCount) {
        throw Rejection.invalid("split_feature: %d (expected: 0..%d)", feature, featureCount - 1);
      }
    }
  }

  int root() {
    return 0;
  }

  @Override
  public int nodeCount() {
    return inner + leafValues.length;
  }

  @Override
  public @Nullable Split split(int node) {
    if (node >= inner) {
      return null;
    }
    int decision = decisions[node];
    if ((decision & CATEGORICAL_BIT) != 0) {
      return new Split(features[node], categories(node), false);
    }
    int missing = (decision >> MISSING_SHIFT) & MISSING_MASK;
    boolean defaultLeft = (decision & DEFAULT_LEFT_BIT) != 0;
    double threshold = thresholds[node];
    long bound =
        Double.isNaN(threshold)
            ? OrderedKey.BELOW_ALL_32 + 1L
            : OrderedKey.of(OrderedKey.floor(threshold)) + 1L;
    // Predictions see 0 wherever the input is as good as 0.
    if (bound > ZERO_FIRST && bound <= ZERO_LAST) {
      bound = ZERO_KEY < bound ? ZERO_LAST + 1L : ZERO_FIRST;
    }
    return switch (missing) {
      case MISSING_NAN -> new Split(features[node], KeySet.below(bound), defaultLeft);
      case MISSING_ZERO -> new Split(features[node], zeroMissing(bound, defaultLeft), defaultLeft);
      default -> new Split(features[node], KeySet.below(bound), ZERO_KEY < bound);
    };
  }

  private static KeySet zeroMissing(long bound, boolean defaultLeft) {
    return defaultLeft
        ? KeySet.ofIntervals(Long.MIN_VALUE, bound, ZERO_FIRST, ZERO_LAST + 1L)
        : KeySet.ofIntervals(Long.MIN_VALUE, Math.min(bound, ZERO_FIRST), ZERO_LAST + 1L, bound);
  }

  /** A number is truncated to its category, so that category 0 begins right above -1. */
  private KeySet categories(int node) {
    int index = (int) thresholds[node];
    if (index < 0 || index >= categoryBounds.length - 1) {
      throw Rejection.invalid(
          "threshold: categorical node %d names set %d (expected: 0..%d)",
          node, index, categoryBounds.length - 2);
    }
    int start = categoryBounds[index];
    int end = categoryBounds[index + 1];
    if (start < 0 || end < start || end > categoryWords.length) {
      throw Rejection.invalid(
          "cat_boundaries: %d..%d (expected: within 0..%d)", start, end, categoryWords.length);
    }
    long[] bounds = new long[16];
    int size = 0;
    for (int word = start; word < end; word++) {
      for (long bits = categoryWords[word]; bits != 0; bits &= bits - 1) {
        long category = (word - start) * 32L + Long.numberOfTrailingZeros(bits);
        if (size == bounds.length) {
          bounds = Arrays.copyOf(bounds, 2 * size);
        }
        bounds[size++] = category == 0 ? OrderedKey.of(-1f) + 1L : firstKeyFrom(category);
        bounds[size++] = firstKeyFrom(category + 1);
      }
    }
    return KeySet.ofIntervals(Arrays.copyOf(bounds, size));
  }

  /** Key of the least FP32 number that is at least {@code category}. */
  private static long firstKeyFrom(long category) {
    return OrderedKey.of(-OrderedKey.floor(-(double) category));
  }

  @Override
  public int first(int node) {
    return child(left[node]);
  }

  @Override
  public int second(int node) {
    return child(right[node]);
  }

  /** Leaf n is written as -n - 1. */
  private int child(int child) {
    return child >= 0 ? (child < inner ? child : -1) : inner + ~child;
  }

  @Override
  public int leafId(int node) {
    return node - inner;
  }

  @Override
  public void leafValues(int node, double[] values) {
    values[0] = leafValues[node - inner];
  }
}
