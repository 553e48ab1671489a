package dev.slipway.platform.registry;

import dev.slipway.platform.registry.DetectedFormat.Foreign;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The formats that are refused, each with the way to one that is served. Some cannot be served
 * without their framework; pickles are never loaded, since loading one runs whatever code is in it.
 */
final class ForeignFormats {
  private static final Foreign PICKLE =
      new Foreign(
          "a Python pickle, which can run any code when it is loaded",
          "convert it where it was trained: skl2onnx.to_onnx(model, X[:1]) for scikit-learn,"
              + " booster.save_model('model.ubj') for XGBoost,"
              + " booster.save_model('model.txt') for LightGBM");
  private static final Foreign PYTORCH =
      new Foreign("a PyTorch file", "torch.onnx.export(model, example_input, 'model.onnx')");
  private static final Foreign KERAS =
      new Foreign("a Keras model", "model.export('model.onnx', format='onnx') in Keras");
  private static final Foreign TENSORFLOW =
      new Foreign(
          "a TensorFlow graph",
          "python -m tf2onnx.convert --saved-model FOLDER --output model.onnx");
  private static final Foreign TFLITE =
      new Foreign(
          "a TensorFlow Lite model",
          "python -m tf2onnx.convert --tflite MODEL.tflite --output model.onnx");
  private static final Foreign PMML =
      new Foreign(
          "PMML",
          "export ONNX from the training library, for example skl2onnx.to_onnx(model, X[:1])");
  private static final Foreign LEGACY_XGBOOST =
      new Foreign(
          "XGBoost's binary format before 2.1",
          "load it with XGBoost 2 and booster.save_model('model.ubj')");
  private static final Foreign XGBOOST_DUMP =
      new Foreign(
          "a dump of an XGBoost model, which cannot be loaded again",
          "booster.save_model('model.ubj')");
  private static final Foreign SAFETENSORS =
      new Foreign(
          "safetensors, which holds weights but no graph",
          "load them into their model and torch.onnx.export(model, example_input, 'model.onnx')");
  private static final Foreign COREML =
      new Foreign("a Core ML model", "export ONNX from the framework that trained it");
  private static final Foreign CATBOOST =
      new Foreign("a CatBoost model", "model.save_model('model.onnx', format='onnx')");
  private static final Foreign GGUF =
      new Foreign(
          "GGUF, a language model's weights",
          "serve it with a language-model server and register that as a remote model");
  private static final Foreign ORT =
      new Foreign("ONNX Runtime's own ORT format", "register the ONNX file it was made from");
  private static final Foreign TENSORRT =
      new Foreign(
          "a TensorRT plan, which fits one GPU and version only",
          "register the ONNX file with 'provider: tensorrt', or serve the plan with Triton and"
              + " register that as a remote model");
  private static final Foreign OPENVINO =
      new Foreign(
          "OpenVINO IR",
          "register the ONNX file with 'provider: openvino', or serve it with OpenVINO Model"
              + " Server and register that as a remote model");

  /** Name endings, matched in this order. */
  private static final List<Ending> ENDINGS =
      List.of(
          new Ending(PICKLE, ".pkl", ".pickle", ".joblib", ".dill", ".cloudpickle"),
          new Ending(PYTORCH, ".pt", ".pth", ".pt2", ".mar"),
          new Ending(KERAS, ".keras", ".h5", ".hdf5"),
          new Ending(TENSORFLOW, ".pb"),
          new Ending(TFLITE, ".tflite"),
          new Ending(PMML, ".pmml"),
          new Ending(LEGACY_XGBOOST, ".bst", ".xgb", ".model"),
          new Ending(SAFETENSORS, ".safetensors"),
          new Ending(COREML, ".mlmodel"),
          new Ending(CATBOOST, ".cbm"),
          new Ending(GGUF, ".gguf", ".ggml"),
          new Ending(ORT, ".ort"),
          new Ending(TENSORRT, ".plan", ".engine", ".trt"));

  private ForeignFormats() {}

  private record Ending(Foreign format, String... names) {
    boolean matches(String name) {
      for (String ending : names) {
        if (name.endsWith(ending)) {
          return true;
        }
      }
      return false;
    }
  }

  /** Beginnings that only one format has. */
  private static final List<Signature> SIGNATURES =
      List.of(
          new Signature(KERAS, 0, "\u0089HDF\r\n"),
          new Signature(LEGACY_XGBOOST, 0, "binf"),
          new Signature(CATBOOST, 0, "CBM1"),
          new Signature(GGUF, 0, "GGUF"),
          new Signature(TFLITE, 4, "TFL3"),
          new Signature(ORT, 4, "ORTM"));

  private record Signature(Foreign format, int offset, String bytes) {}

  private record Content(Foreign format, Pattern pattern) {}

  /** What only a look further into the head tells. */
  private static final List<Content> CONTENTS =
      List.of(
          // Protocol 2 and later open with PROTO and the protocol's number.
          new Content(PICKLE, Pattern.compile("\\A\u0080[\u0002-\u0005]")),
          new Content(PYTORCH, Pattern.compile("\\APK\u0003\u0004[\\s\\S]*data\\.pkl")),
          new Content(KERAS, Pattern.compile("\\APK\u0003\u0004[\\s\\S]*config\\.json")),
          new Content(SAFETENSORS, Pattern.compile("\\A[\\s\\S]{5}\u0000{3}\\{\"")),
          new Content(PMML, Pattern.compile("<PMML[\\s>]")),
          new Content(OPENVINO, Pattern.compile("\\A(<\\?xml[^>]*>)?\\s*<net\\s")),
          new Content(XGBOOST_DUMP, Pattern.compile("\\A\\s*\\[\\s*\\{\\s*\"nodeid\"")));

  /**
   * @param head the file's first bytes, one character each
   */
  static Optional<DetectedFormat> byContent(String head) {
    for (Signature signature : SIGNATURES) {
      if (head.startsWith(signature.bytes(), signature.offset())) {
        return Optional.of(signature.format());
      }
    }
    for (Content content : CONTENTS) {
      if (content.pattern().matcher(head).find()) {
        return Optional.of(content.format());
      }
    }
    return Optional.empty();
  }

  /**
   * @param name lower case
   */
  static Optional<DetectedFormat> byName(String name) {
    return ENDINGS.stream()
        .filter(ending -> ending.matches(name))
        .map(ending -> (DetectedFormat) ending.format())
        .findFirst();
  }
}
