package dev.slipway.engine.trees.format;

import dev.slipway.core.tensor.DataType;
import dev.slipway.engine.trees.ensemble.Head;
import dev.slipway.engine.trees.ensemble.Link;
import dev.slipway.engine.trees.ensemble.Output;
import dev.slipway.engine.trees.ensemble.Summation;
import dev.slipway.engine.trees.ensemble.Tree;
import dev.slipway.engine.trees.ensemble.TreeEnsemble;
import dev.slipway.engine.trees.format.Document.Cursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads XGBoost models (1.0 and later) from their UBJSON or JSON document.
 *
 * <p>All trees are used, as {@code Booster.predict} uses them; a best iteration that early stopping
 * noted is a choice of XGBoost's scikit-learn wrapper, not of the model.
 */
final class XgboostReader {
  /** Most scores per row. */
  static final int SCORES_MOST = 1 << 20;

  private final Cursor learner;
  private final XgboostObjective objective;
  private final int featureCount;
  private final int scoreCount;

  private XgboostReader(Cursor document) {
    this.learner = document.at("learner");
    this.objective = XgboostObjective.named(learner.at("objective").at("name").text());
    Cursor parameters = learner.at("learner_model_param");
    this.featureCount = parameters.at("num_feature").integer(0, ModelInput.FEATURES_MOST);
    int classes = parameters.at("num_class").integer(0, SCORES_MOST);
    Cursor targets = parameters.find("num_target");
    int targetCount = targets == null ? 1 : targets.integer(0, SCORES_MOST);
    this.scoreCount = Math.max(1, Math.max(classes, targetCount));
  }

  static TreeEnsemble read(Document document) {
    return new XgboostReader(new Cursor("model", document)).ensemble();
  }

  private TreeEnsemble ensemble() {
    Cursor booster = learner.at("gradient_booster");
    String kind = booster.at("name").text();
    double[] treeWeights = {};
    switch (kind) {
      case "gbtree" -> {}
      case "dart" -> {
        treeWeights = booster.at("weight_drop").numbers();
        booster = booster.at("gbtree");
      }
      case "gblinear" ->
          throw Rejection.unsupported("booster 'gblinear' (expected: 'gbtree' or 'dart')");
      default ->
          throw Rejection.unsupported(
              "booster '%s' (expected: 'gbtree' or 'dart')", Rejection.quote(kind));
    }
    List<Tree> trees = trees(booster.at("model"), treeWeights);
    Link link = objective.link();
    return new TreeEnsemble(
        ModelInput.of(featureCount, featureNames()),
        trees,
        new Summation(true, startScores(), 1),
        new Head.Linked(link, scoreCount),
        List.of(new Output.Values(ModelInput.OUTPUT, DataType.FP32, List.of())));
  }

  private List<String> featureNames() {
    Cursor names = learner.find("feature_names");
    if (names == null || names.size() == 0) {
      return List.of();
    }
    if (names.size() != featureCount) {
      throw Rejection.invalid(
          "%s: %d names (expected: %d, one per feature)", names.path(), names.size(), featureCount);
    }
    List<String> list = new ArrayList<>();
    for (int i = 0; i < featureCount; i++) {
      list.add(names.item(i).text());
    }
    return list;
  }

  /** One base score for all, or one for each; a list is written as text, {@code [5E-1,2E0]}. */
  private double[] startScores() {
    Cursor cursor = learner.at("learner_model_param").at("base_score");
    String text = cursor.value() instanceof Document.Text t ? t.value().strip() : "";
    double[] base;
    if (text.startsWith("[") && text.endsWith("]")) {
      String[] parts = text.substring(1, text.length() - 1).split(",");
      base = new double[parts.length];
      for (int i = 0; i < parts.length; i++) {
        base[i] = new Cursor(cursor.path(), new Document.Text(parts[i].strip())).number();
      }
    } else {
      base = new double[] {cursor.number()};
    }
    if (base.length != 1 && base.length != scoreCount) {
      throw Rejection.invalid(
          "%s: %d values (expected: 1 or %d)", cursor.path(), base.length, scoreCount);
    }
    double[] start = new double[scoreCount];
    for (int i = 0; i < scoreCount; i++) {
      start[i] = (float) objective.margin((float) base[base.length == 1 ? 0 : i]);
    }
    return start;
  }

  private List<Tree> trees(Cursor model, double[] treeWeights) {
    Cursor list = model.at("trees");
    int count = list.size();
    int declared = model.at("gbtree_model_param").at("num_trees").integer(0, Integer.MAX_VALUE);
    if (declared != count) {
      throw Rejection.invalid("%s: %d trees (expected: %d)", list.path(), count, declared);
    }
    int[] groups = model.at("tree_info").integers();
    if (groups.length != count) {
      throw Rejection.invalid("model.tree_info: %d entries (expected: %d)", groups.length, count);
    }
    if (treeWeights.length != 0 && treeWeights.length != count) {
      throw Rejection.invalid("weight_drop: %d weights (expected: %d)", treeWeights.length, count);
    }
    List<Tree> trees = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      float weight = treeWeights.length == 0 ? 1f : (float) treeWeights[i];
      XgboostTree tree = new XgboostTree(list.item(i), featureCount, scoreCount, weight);
      trees.add(Tree.of("tree " + i, tree, 0, targets(i, groups[i], tree.width())));
    }
    return trees;
  }

  private int[] targets(int tree, int group, int width) {
    if (width > 1) {
      int[] all = new int[width];
      Arrays.setAll(all, i -> i);
      return all;
    }
    if (group < 0 || group >= scoreCount) {
      throw Rejection.invalid("tree_info[%d]: %d (expected: 0..%d)", tree, group, scoreCount - 1);
    }
    return new int[] {group};
  }
}
