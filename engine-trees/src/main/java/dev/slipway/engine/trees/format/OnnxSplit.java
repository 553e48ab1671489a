package dev.slipway.engine.trees.format;

import dev.slipway.engine.trees.ensemble.KeySet;
import dev.slipway.engine.trees.ensemble.OrderedKey;
import dev.slipway.engine.trees.ensemble.Split;

/**
 * A branch mode of the ONNX tree operators. Modes that ask for "greater" or "not equal" are turned
 * round: the row goes first where the opposite holds, and first is then the false branch.
 */
enum OnnxSplit {
  BRANCH_LEQ(false),
  BRANCH_LT(false),
  BRANCH_GTE(true),
  BRANCH_GT(true),
  BRANCH_EQ(false),
  BRANCH_NEQ(true),
  BRANCH_MEMBER(false);

  private final boolean falseFirst;

  OnnxSplit(boolean falseFirst) {
    this.falseFirst = falseFirst;
  }

  static OnnxSplit named(String mode) {
    for (OnnxSplit split : values()) {
      if (split.name().equals(mode)) {
        return split;
      }
    }
    throw Rejection.invalid("nodes_modes: '%s' (expected: a branch mode)", Rejection.quote(mode));
  }

  /** Whether the first child is the false branch. */
  boolean falseFirst() {
    return falseFirst;
  }

  /**
   * @param nanTrue whether NaN follows the true branch whatever the comparison says
   * @param wide whether keys are those of FP64
   */
  Split split(int feature, double threshold, boolean nanTrue, boolean wide) {
    if (Double.isNaN(threshold)) {
      throw Rejection.unsupported("a threshold that is NaN");
    }
    long key = key(threshold, wide);
    return switch (this) {
      case BRANCH_LEQ -> new Split(feature, KeySet.below(key + 1), nanTrue);
      case BRANCH_LT -> new Split(feature, KeySet.below(key), nanTrue);
      case BRANCH_GTE -> new Split(feature, KeySet.below(key), !nanTrue);
      case BRANCH_GT -> new Split(feature, KeySet.below(key + 1), !nanTrue);
      case BRANCH_EQ, BRANCH_MEMBER ->
          new Split(feature, KeySet.ofIntervals(key, key + 1), nanTrue);
      // NaN differs from every number, so it is "not equal" in any case.
      case BRANCH_NEQ -> new Split(feature, KeySet.ofIntervals(key, key + 1), false);
    };
  }

  static long key(double value, boolean wide) {
    return wide ? OrderedKey.of(value) : OrderedKey.of((float) value);
  }
}
