package dev.slipway.engine.trees.format;

import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import java.util.List;

/** The input and output of models whose format names none. */
final class ModelInput {
  /** Input of XGBoost and LightGBM models: FP32 [rows, features]. */
  static final String INPUT = "input";

  /** Output of XGBoost and LightGBM models: FP32 [rows, values]. */
  static final String OUTPUT = "predict";

  /** Most features of a model; the widest sparse data sets have a few million. */
  static final int FEATURES_MOST = 1 << 24;

  private ModelInput() {}

  /**
   * @param names one per feature, or none
   */
  static TensorSpec of(int featureCount, List<String> names) {
    List<FieldSpec> fields = names.stream().map(FieldSpec::named).toList();
    return new TensorSpec(
        INPUT, DataType.FP32, Shape.of(Shape.DYNAMIC, featureCount), "", fields, false);
  }
}
