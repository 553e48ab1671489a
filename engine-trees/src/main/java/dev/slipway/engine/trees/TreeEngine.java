package dev.slipway.engine.trees;

import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.engine.trees.format.TreeModelReader;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.ModelEngine;

/**
 * Runs tree ensembles without native code: XGBoost (UBJSON and JSON), LightGBM (text), and ONNX
 * models that are one tree ensemble. Stateless; thread-safe.
 *
 * <p>A prediction of the usual hundred trees takes about half a microsecond, so that runs need
 * neither threads of their own nor devices; settings for those are ignored.
 *
 * <p>XGBoost and LightGBM models get the input {@code input}, FP32 [-1, features], and the output
 * {@code predict}, FP32 [-1, values]: what the library's own {@code predict} answers. Missing
 * values are NaN. ONNX models keep the names and shapes of their graph; a {@code ZipMap} becomes
 * the FP32 tensor of its scores.
 */
public final class TreeEngine implements ModelEngine {
  public static final String NAME = "trees";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean supports(ModelArtifact artifact) {
    return switch (artifact.format()) {
      case XGBOOST_UBJ, XGBOOST_JSON, LIGHTGBM_TEXT -> true;
      case ONNX -> TreeModelReader.isOnnxTrees(artifact.primaryFile());
      case REMOTE_V2, UNSERVED -> false;
    };
  }

  @Override
  public ModelSignature inspect(ModelArtifact artifact) {
    return TreeModelReader.read(artifact.format(), artifact.primaryFile()).signature();
  }

  @Override
  public TreeModel load(ModelArtifact artifact, EngineSettings settings) {
    return TreeModel.of(TreeModelReader.read(artifact.format(), artifact.primaryFile()));
  }
}
