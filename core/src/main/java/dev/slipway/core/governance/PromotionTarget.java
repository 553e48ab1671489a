package dev.slipway.core.governance;

import dev.slipway.core.model.Environment;

/** What a version is promoted to. */
public sealed interface PromotionTarget {
  /**
   * A deployment in a protected environment.
   *
   * @param environment where it is, or is to be made
   */
  record OfDeployment(String deployment, Environment environment) implements PromotionTarget {
    @Override
    public String label() {
      return "deployment/" + deployment;
    }
  }

  /** An alias of a registered model, as MLflow's clients set it. */
  record OfAlias(String model, String alias) implements PromotionTarget {
    @Override
    public String label() {
      return "alias/" + model + "@" + alias;
    }
  }

  /** A stage of a registered model, as MLflow's older clients set it. */
  record OfStage(String model, String stage) implements PromotionTarget {
    @Override
    public String label() {
      return "stage/" + model + "/" + stage;
    }
  }

  /** How it is written, such as {@code deployment/fraud} or {@code alias/fraud@champion}. */
  String label();
}
