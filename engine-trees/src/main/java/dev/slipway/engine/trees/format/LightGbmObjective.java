package dev.slipway.engine.trees.format;

import dev.slipway.engine.trees.ensemble.Link;
import java.util.List;

/** LightGBM's objectives and their links. */
final class LightGbmObjective {
  private LightGbmObjective() {}

  /**
   * @param words the header's objective, for example {@code [binary, sigmoid:1]}; empty for a
   *     custom objective, whose link is the user's own
   */
  static Link link(List<String> words) {
    if (words.isEmpty()) {
      return new Link.Identity();
    }
    List<String> parameters = words.subList(1, words.size());
    return switch (words.getFirst()) {
      case "regression", "regression_l2" ->
          parameters.contains("sqrt") ? new Link.SignedSquare() : new Link.Identity();
      case "regression_l1",
          "huber",
          "fair",
          "quantile",
          "mape",
          "lambdarank",
          "rank_xendcg",
          "none",
          "null",
          "custom",
          "na" ->
          new Link.Identity();
      case "poisson", "gamma", "tweedie" -> new Link.Exponential();
      case "binary", "multiclassova" -> new Link.Sigmoid(sigmoid(parameters));
      case "multiclass" -> new Link.Softmax();
      case "cross_entropy", "xentropy" -> new Link.Sigmoid(1);
      case "cross_entropy_lambda", "xentlambda" -> new Link.Softplus();
      default ->
          throw Rejection.unsupported(
              "objective '%s' (expected: an objective of LightGBM 4)",
              Rejection.quote(words.getFirst()));
    };
  }

  private static double sigmoid(List<String> parameters) {
    for (String parameter : parameters) {
      if (parameter.startsWith("sigmoid:")) {
        try {
          return Double.parseDouble(parameter.substring("sigmoid:".length()));
        } catch (NumberFormatException e) {
          throw Rejection.invalid("objective: '%s' (expected: sigmoid:NUMBER)", parameter);
        }
      }
    }
    return 1;
  }
}
