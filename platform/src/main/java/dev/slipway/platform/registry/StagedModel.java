package dev.slipway.platform.registry;

import dev.slipway.core.error.DidYouMean;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.platform.registry.DetectedFormat.Auxiliary;
import dev.slipway.platform.registry.DetectedFormat.Foreign;
import dev.slipway.platform.registry.DetectedFormat.Served;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The model file of an artifact, and what is said about it.
 *
 * @param primaryFile relative to the artifact's root, with {@code /} between names
 */
record StagedModel(ArtifactFormat format, String primaryFile, ModelDescription description) {
  /**
   * Finds the one model in a folder.
   *
   * @param modelFile the file that it is, where the description names none; empty if only what the
   *     files hold tells
   * @throws SlipwayException FORMAT_UNSUPPORTED if none is served here, BAD_REQUEST if there are
   *     several, CONFIGURATION_INVALID if the description is wrong
   */
  static StagedModel find(Path root, String modelFile) throws IOException {
    Path descriptionFile = root.resolve(ModelDescriptionReader.FILE);
    ModelDescription description =
        Files.exists(descriptionFile)
            ? ModelDescriptionReader.read(descriptionFile)
            : ModelDescription.NONE;
    TreeMap<String, DetectedFormat> files = detect(root);
    if (!description.modelFile().isEmpty()) {
      return named(files, description, description.modelFile());
    }
    if (!modelFile.isEmpty()) {
      return named(files, description, modelFile);
    }
    List<StagedModel> served = new ArrayList<>();
    files.forEach(
        (path, format) -> {
          if (format instanceof Served model) {
            served.add(new StagedModel(model.format(), path, description));
          }
        });
    if (served.size() > 1) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "artifact: %d model files: %s (expected: one, or its name as model_file in %s)"
              .formatted(
                  served.size(),
                  String.join(
                      ", ", served.stream().limit(5).map(StagedModel::primaryFile).toList()),
                  ModelDescriptionReader.FILE));
    }
    return served.stream().findFirst().orElseThrow(() -> noModel(files));
  }

  private static StagedModel named(
      TreeMap<String, DetectedFormat> files, ModelDescription description, String path) {
    DetectedFormat format =
        Optional.ofNullable(files.get(path))
            .orElseThrow(
                () ->
                    new SlipwayException(
                        ErrorCode.CONFIGURATION_INVALID,
                        "model_file: %s is not in the artifact%s"
                            .formatted(path, DidYouMean.hint(path, files.keySet()))));
    return switch (format) {
      case Served model -> new StagedModel(model.format(), path, description);
      case Foreign foreign -> throw unsupported(path, foreign);
      case Auxiliary none -> throw noModel(files);
    };
  }

  private static TreeMap<String, DetectedFormat> detect(Path root) throws IOException {
    TreeMap<String, DetectedFormat> files = new TreeMap<>();
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(root)) {
      paths = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : paths) {
      String path = root.relativize(file).toString();
      if (!path.equals(ModelDescriptionReader.FILE)) {
        files.put(path, FormatDetector.detect(file));
      }
    }
    return files;
  }

  private static SlipwayException noModel(TreeMap<String, DetectedFormat> files) {
    for (var file : files.entrySet()) {
      if (file.getValue() instanceof Foreign foreign) {
        return unsupported(file.getKey(), foreign);
      }
    }
    return new SlipwayException(
        ErrorCode.FORMAT_UNSUPPORTED,
        "artifact: no model in %s (expected: ONNX, XGBoost .ubj or .json, LightGBM text, or a YAML"
                .formatted(String.join(", ", files.keySet().stream().limit(5).toList()))
            + " file with the url of a V2 server)");
  }

  private static SlipwayException unsupported(String path, Foreign foreign) {
    return new SlipwayException(
        ErrorCode.FORMAT_UNSUPPORTED,
        "%s is %s; to convert it: %s".formatted(path, foreign.what(), foreign.mend()));
  }
}
