package dev.slipway.engine.trees.format;

import dev.slipway.engine.trees.ensemble.Head;
import dev.slipway.engine.trees.ensemble.Labels;
import dev.slipway.engine.trees.ensemble.OnnxClassifier;
import dev.slipway.engine.trees.ensemble.PostTransform;
import dev.slipway.engine.trees.ensemble.Summation;
import dev.slipway.engine.trees.ensemble.Tree;
import java.util.Arrays;
import java.util.List;

/** The tree operator of an ONNX graph, without the graph. */
record OnnxEnsemble(List<Tree> trees, Summation summation, Head head) {
  private static final int TARGETS_MOST = 1 << 20;

  /** Post transforms by their number in {@code TreeEnsemble}. */
  private static final List<PostTransform> TRANSFORMS =
      List.of(
          PostTransform.NONE,
          PostTransform.SOFTMAX,
          PostTransform.LOGISTIC,
          PostTransform.SOFTMAX_ZERO);

  static OnnxEnsemble regressor(OnnxNode node, boolean wide) {
    int targets = targetCount(node.integer("n_targets", 1));
    OnnxClassicNodes nodes = new OnnxClassicNodes(node, "target_", targets, wide);
    List<Tree> trees = nodes.trees();
    double divisor = divisor(node.text("aggregate_function", "SUM"), trees.size());
    double[] base = base(node, targets);
    PostTransform transform = transform(node.text("post_transform", "NONE"));
    return new OnnxEnsemble(
        trees,
        new Summation(!wide, new double[targets], divisor),
        new Head.OnnxRegressor(targets, base, transform));
  }

  static OnnxEnsemble classifier(OnnxNode node, boolean wide) {
    int classes = labels(node).count();
    if (classes < 2) {
      throw Rejection.unsupported("%d classes (expected: 2 or more)", classes);
    }
    OnnxClassicNodes nodes = new OnnxClassicNodes(node, "class_", classes, wide);
    List<Tree> trees = nodes.trees();
    boolean[] hasScore = new boolean[classes];
    for (Tree tree : trees) {
      for (int target : tree.targets()) {
        hasScore[target] = true;
      }
    }
    // ONNX Runtime's versions differ in what two base values mean for two classes.
    double[] base = base(node, classes == 2 ? 1 : classes);
    boolean scored = base.length > 0;
    for (boolean has : hasScore) {
      scored |= has;
    }
    if (!scored) {
      throw Rejection.invalid("no class has a score");
    }
    Head head =
        new OnnxClassifier(
            classes,
            base,
            hasScore,
            nodes.weightsAreAllPositive(),
            transform(node.text("post_transform", "NONE")));
    return new OnnxEnsemble(trees, new Summation(!wide, new double[classes], 1), head);
  }

  static OnnxEnsemble version5(OnnxNode node, boolean wide) {
    int targets = targetCount(node.integer("n_targets", 1));
    List<Tree> trees = new OnnxVersion5Nodes(node, targets, wide).trees();
    String function =
        switch ((int) node.integer("aggregate_function", 1)) {
          case 0 -> "AVERAGE";
          case 1 -> "SUM";
          default -> "MIN or MAX";
        };
    int transform = (int) node.integer("post_transform", 0);
    if (transform < 0 || transform >= TRANSFORMS.size()) {
      throw Rejection.unsupported("post_transform: %d (expected: 0..3)", transform);
    }
    return new OnnxEnsemble(
        trees,
        new Summation(!wide, new double[targets], divisor(function, trees.size())),
        new Head.OnnxRegressor(targets, new double[0], TRANSFORMS.get(transform)));
  }

  static Labels labels(OnnxNode node) {
    List<String> texts = node.texts("classlabels_strings");
    if (!texts.isEmpty()) {
      return new Labels.Texts(texts);
    }
    return new Labels.Numbers(Arrays.stream(node.integers("classlabels_int64s")).boxed().toList());
  }

  private static int targetCount(long count) {
    if (count < 1 || count > TARGETS_MOST) {
      throw Rejection.invalid("n_targets: %d (expected: 1..%d)", count, TARGETS_MOST);
    }
    return (int) count;
  }

  private static double divisor(String function, int trees) {
    return switch (function) {
      case "SUM" -> 1;
      case "AVERAGE" -> Math.max(1, trees);
      default ->
          throw Rejection.unsupported(
              "aggregate_function %s (expected: SUM or AVERAGE)", Rejection.quote(function));
    };
  }

  private static double[] base(OnnxNode node, int count) {
    double[] base = node.numbers("base_values");
    if (base.length != 0 && base.length != count) {
      throw Rejection.unsupported(
          "base_values: %d values (expected: none or %d)", base.length, count);
    }
    return base;
  }

  private static PostTransform transform(String name) {
    for (PostTransform transform : PostTransform.values()) {
      if (transform.name().equals(name)) {
        return transform;
      }
    }
    throw Rejection.unsupported(
        "post_transform: '%s' (expected: one of %s)",
        Rejection.quote(name), Arrays.toString(PostTransform.values()));
  }

  /** Parallel lists of an operator must agree in length. */
  static void requireLength(String name, int length, int expected) {
    if (length != expected) {
      throw Rejection.invalid("%s: %d values (expected: %d)", name, length, expected);
    }
  }
}
