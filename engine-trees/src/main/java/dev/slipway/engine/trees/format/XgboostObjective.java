package dev.slipway.engine.trees.format;

import dev.slipway.engine.trees.ensemble.Link;
import java.util.Arrays;
import java.util.stream.Collectors;

/** XGBoost's objectives: their links, and how the base score becomes a margin. */
enum XgboostObjective {
  SQUARED_ERROR("reg:squarederror", new Link.Identity(), Margin.SAME),
  LINEAR("reg:linear", new Link.Identity(), Margin.SAME),
  SQUARED_LOG_ERROR("reg:squaredlogerror", new Link.Identity(), Margin.SAME),
  PSEUDO_HUBER("reg:pseudohubererror", new Link.Identity(), Margin.SAME),
  ABSOLUTE_ERROR("reg:absoluteerror", new Link.Identity(), Margin.SAME),
  QUANTILE_ERROR("reg:quantileerror", new Link.Identity(), Margin.SAME),
  EXPECTILE_ERROR("reg:expectileerror", new Link.Identity(), Margin.SAME),
  REG_LOGISTIC("reg:logistic", new Link.Sigmoid(1), Margin.LOGIT),
  GAMMA("reg:gamma", new Link.Exponential(), Margin.LOG),
  TWEEDIE("reg:tweedie", new Link.Exponential(), Margin.LOG),
  POISSON("count:poisson", new Link.Exponential(), Margin.LOG),
  COX("survival:cox", new Link.Exponential(), Margin.LOG),
  AFT("survival:aft", new Link.Exponential(), Margin.LOG),
  BINARY_LOGISTIC("binary:logistic", new Link.Sigmoid(1), Margin.LOGIT),
  BINARY_LOGIT_RAW("binary:logitraw", new Link.Identity(), Margin.SAME),
  BINARY_HINGE("binary:hinge", new Link.Step(), Margin.SAME),
  SOFTMAX("multi:softmax", new Link.ArgMax(), Margin.SAME),
  SOFTPROB("multi:softprob", new Link.Softmax(), Margin.SAME),
  RANK_PAIRWISE("rank:pairwise", new Link.Identity(), Margin.SAME),
  RANK_NDCG("rank:ndcg", new Link.Identity(), Margin.SAME),
  RANK_MAP("rank:map", new Link.Identity(), Margin.SAME);

  private enum Margin {
    SAME,
    LOGIT,
    LOG
  }

  private final String id;
  private final Link link;
  private final Margin margin;

  XgboostObjective(String id, Link link, Margin margin) {
    this.id = id;
    this.link = link;
    this.margin = margin;
  }

  static XgboostObjective named(String id) {
    for (XgboostObjective objective : values()) {
      if (objective.id.equals(id)) {
        return objective;
      }
    }
    throw Rejection.unsupported(
        "objective '%s' (expected: one of %s)",
        Rejection.quote(id),
        Arrays.stream(values()).map(o -> o.id).collect(Collectors.joining(", ")));
  }

  Link link() {
    return link;
  }

  /** What a row's scores start from, given the base score, which is in units of the answer. */
  double margin(double baseScore) {
    return switch (margin) {
      case SAME -> baseScore;
      case LOGIT -> -Math.log(1 / baseScore - 1);
      case LOG -> Math.log(baseScore);
    };
  }
}
