package dev.slipway.example.fraud;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * Trains a gradient-boosted forest with XGBoost inside the JVM, and measures it on later weeks.
 *
 * <p>The training is single-threaded, so equal data gives an equal model file.
 */
final class XgboostTrainer {
  static final String XGBOOST_VERSION = "3.0.4";
  private static final int ROUNDS = 100;

  private XgboostTrainer() {}

  /** What was trained on, and how it did on the test weeks. */
  record Result(int trainRows, int trainFrauds, RankingMetrics test) {}

  /**
   * Trains, writes the model in XGBoost's UBJSON format, and measures what was written.
   *
   * @throws IllegalStateException if XGBoost refuses or its native library does not load
   */
  static Result train(LabelledRows training, LabelledRows test, Path model) throws IOException {
    Files.createDirectories(model.toAbsolutePath().getParent());
    try {
      DMatrix matrix = matrix(training);
      try {
        Booster booster = XGBoost.train(matrix, parameters(), ROUNDS, Map.of(), null, null);
        try {
          booster.saveModel(model.toString());
        } finally {
          booster.dispose();
        }
      } finally {
        matrix.dispose();
      }
      return new Result(training.count(), training.frauds(), evaluate(model, test));
    } catch (XGBoostError e) {
      throw new IllegalStateException("XGBoost: " + e.getMessage(), e);
    }
  }

  /**
   * Measures a model file on rows.
   *
   * @throws IllegalStateException if XGBoost refuses or its native library does not load
   */
  static RankingMetrics evaluate(Path model, LabelledRows rows) {
    try {
      Booster booster = XGBoost.loadModel(model.toString());
      DMatrix matrix = matrix(rows);
      try {
        float[][] predictions = booster.predict(matrix);
        float[] scores = new float[predictions.length];
        for (int i = 0; i < scores.length; i++) {
          scores[i] = predictions[i][0];
        }
        return RankingMetrics.of(scores, rows.labels());
      } finally {
        matrix.dispose();
        booster.dispose();
      }
    } catch (XGBoostError e) {
      throw new IllegalStateException("XGBoost: " + e.getMessage(), e);
    }
  }

  private static DMatrix matrix(LabelledRows rows) throws XGBoostError {
    DMatrix matrix = new DMatrix(rows.features(), rows.count(), Feature.count(), Float.NaN);
    matrix.setLabel(rows.labels());
    matrix.setFeatureNames(Feature.all().stream().map(Feature::name).toArray(String[]::new));
    return matrix;
  }

  private static Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("objective", "binary:logistic");
    parameters.put("eval_metric", "aucpr");
    parameters.put("tree_method", "hist");
    parameters.put("max_depth", 5);
    parameters.put("eta", 0.1);
    parameters.put("min_child_weight", 5);
    parameters.put("subsample", 0.8);
    parameters.put("colsample_bytree", 0.8);
    parameters.put("seed", 20_260_105);
    parameters.put("nthread", 1);
    parameters.put("verbosity", 0);
    return parameters;
  }
}
