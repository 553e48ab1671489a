package dev.slipway.engine.onnx;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.serving.engine.ModelArtifact;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Says in our terms what ONNX Runtime refuses, from its status and, where that is vague, its text.
 */
final class OrtErrors {
  private static final int MESSAGE_LENGTH_MAX = 400;

  /** Where in its own sources ONNX Runtime noticed, which tells a caller nothing. */
  private static final Pattern SOURCE_LINE =
      Pattern.compile("(?<=Status Message: )\\S+\\.(?:h|cc|hpp|cpp):\\d+ ");

  /** The C++ function that failed, with its template's arguments. */
  private static final Pattern FUNCTION =
      Pattern.compile(
          "(?<=Status Message: )[^\\[]*onnxruntime::[^\\[]*\\)(?: const)?(?: \\[with .*?\\])? ",
          Pattern.DOTALL);

  private static final Pattern SPACE = Pattern.compile("\\s+");

  /** What is intact, but made for a newer runtime or for one with more operators. */
  private static final List<String> BEYOND_THIS_RUNTIME =
      List.of(
          "is not a registered function/op",
          "Could not find an implementation for",
          "Unsupported model IR version",
          "only guarantees support for models stamped with",
          "no schema registered for",
          "No Op registered for");

  /** Operators that judge the values they are given, rather than shapes alone. */
  private static final Pattern VALUE_JUDGING_NODE =
      Pattern.compile(
          "running (Cast|Gather|GatherElements|GatherND|OneHot|OneHotEncoder|LabelEncoder|"
              + "CategoryMapper|EmbedLayerNormalization|ScatterElements|ScatterND|DictVectorizer|Range|Reshape|Expand|Tile|Slice|StringNormalizer|StringSplit|TfIdfVectorizer)"
              + " node");

  /** Dimensions that a signature leaves open, but that the operators must agree upon. */
  private static final Pattern SHAPE_COMPLAINT =
      Pattern.compile(
          "invalid dimensions for input|Invalid rank for input|dimension mismatch"
              + "|dimensions must match|attempting to broadcast"
              + "|requests feature \\d+ but input tensor has",
          Pattern.CASE_INSENSITIVE);

  private OrtErrors() {}

  static SlipwayException loading(ModelArtifact artifact, OrtFailure failure) {
    boolean beyond =
        failure.status() == OrtFailure.NOT_IMPLEMENTED
            || BEYOND_THIS_RUNTIME.stream().anyMatch(failure.text()::contains);
    return new SlipwayException(
        beyond ? ErrorCode.FORMAT_UNSUPPORTED : ErrorCode.MODEL_INVALID,
        "%s: %s"
            .formatted(
                artifact.primaryFile().getFileName(),
                brief(failure).replace(artifact.root().toAbsolutePath() + "/", "")),
        failure);
  }

  static SlipwayException running(OrtFailure failure) {
    if (failure.text().contains("terminate flag")) {
      return new SlipwayException(
          ErrorCode.DEADLINE_EXCEEDED, "the model was stopped at the request's deadline", failure);
    }
    if (SHAPE_COMPLAINT.matcher(failure.text()).find()) {
      return new SlipwayException(
          ErrorCode.INVALID_TENSOR, "the model refuses the shapes: " + brief(failure), failure);
    }
    boolean value =
        failure.status() == OrtFailure.INVALID_ARGUMENT
            || VALUE_JUDGING_NODE.matcher(failure.text()).find();
    return new SlipwayException(
        value ? ErrorCode.VALUE_REJECTED : ErrorCode.INFERENCE_FAILED,
        (value ? "the model refuses the values: " : "ONNX Runtime: ") + brief(failure),
        failure);
  }

  /** Whether a run failed only because the output's shape was not the one expected. */
  static boolean isShapeMismatch(OrtFailure failure) {
    return failure.text().contains("OrtValue provided for output")
        || failure.text().contains("shape verification failed");
  }

  static String brief(OrtFailure failure) {
    String text = SOURCE_LINE.matcher(failure.text()).replaceAll("");
    text = FUNCTION.matcher(text).replaceAll("");
    text = SPACE.matcher(text).replaceAll(" ").strip();
    return text.length() <= MESSAGE_LENGTH_MAX
        ? text
        : text.substring(0, MESSAGE_LENGTH_MAX) + "...";
  }
}
