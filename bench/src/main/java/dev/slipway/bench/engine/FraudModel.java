package dev.slipway.bench.engine;

import dev.slipway.core.model.ArtifactFormat;

/** The models of the fraud example, each as the engines read it. All take 15 columns. */
public enum FraudModel {
  LIGHTGBM(
      new ModelFile(
          ArtifactFormat.ONNX, "examples/fraud/models/fraud-lightgbm/fraud-lightgbm.onnx"),
      new ModelFile(
          ArtifactFormat.ONNX, "examples/fraud/models/fraud-lightgbm/fraud-lightgbm.onnx")),
  XGBOOST(
      new ModelFile(
          ArtifactFormat.XGBOOST_UBJ, "examples/fraud/models/fraud-xgboost/fraud-xgboost.ubj"),
      new ModelFile(ArtifactFormat.ONNX, "bench/models/fraud-xgboost.onnx"));

  /** The name of every model's input. */
  public static final String INPUT = "input";

  private final ModelFile forTrees;
  private final ModelFile forOnnx;

  FraudModel(ModelFile forTrees, ModelFile forOnnx) {
    this.forTrees = forTrees;
    this.forOnnx = forOnnx;
  }

  ModelFile forTrees() {
    return forTrees;
  }

  ModelFile forOnnx() {
    return forOnnx;
  }

  /**
   * A file of the project.
   *
   * @param path from the project's folder
   */
  public record ModelFile(ArtifactFormat format, String path) {}
}
