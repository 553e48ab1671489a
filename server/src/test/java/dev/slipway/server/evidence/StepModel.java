package dev.slipway.server.evidence;

import java.util.Locale;

/**
 * A LightGBM model of one tree with one split: {@code x <= 0.5 ? low : high}. Two of them answer
 * the same request differently, so that an answer tells which version gave it.
 */
record StepModel(double low, double high) {
  /** The model as LightGBM writes it. */
  String text() {
    return String.format(
        Locale.ROOT,
        """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=0
        objective=regression
        feature_names=x
        feature_infos=[0:1]
        tree_sizes=300

        Tree=0
        num_leaves=2
        num_cat=0
        split_feature=0
        split_gain=1
        threshold=0.5
        decision_type=2
        left_child=-1
        right_child=-2
        leaf_value=%s %s
        leaf_weight=1 1
        leaf_count=1 1
        internal_value=0
        internal_weight=0
        internal_count=2
        is_linear=0
        shrinkage=1


        end of trees

        feature_importances:
        x=1

        parameters:
        end of parameters

        pandas_categorical:null
        """,
        low,
        high);
  }

  /** What the model answers to {@code x}. */
  double predict(double x) {
    return x <= 0.5 ? low : high;
  }
}
