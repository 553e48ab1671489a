package dev.slipway.platform.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.platform.yaml.YamlJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What MLflow's {@code MLmodel} file says of a folder.
 *
 * @param flavors names of the ways in which it can be loaded
 * @param servable the file to serve, with {@code /} between names; empty if no flavor is served
 *     here
 */
public record MlmodelFile(List<String> flavors, Optional<String> servable) {
  /** Name of the file. */
  public static final String NAME = "MLmodel";

  private static final long BYTES_MAX = 8 << 20;

  /** Flavors whose model file is served as it is, the preferred first. */
  private static final List<String> SERVED = List.of("onnx", "xgboost", "lightgbm");

  public MlmodelFile {
    flavors = List.copyOf(flavors);
  }

  /**
   * Reads the file of a folder; empty if there is none.
   *
   * @throws SlipwayException CONFIGURATION_INVALID if it is no YAML mapping
   */
  public static Optional<MlmodelFile> in(Path folder) {
    Path file = folder.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new SlipwayException(
            ErrorCode.CONFIGURATION_INVALID,
            "%s: %d bytes (expected: at most %d)".formatted(NAME, Files.size(file), BYTES_MAX));
      }
      return Optional.of(of(YamlJson.parse(NAME, Files.readString(file, StandardCharsets.UTF_8))));
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID, "%s cannot be read: %s".formatted(NAME, e), e);
    }
  }

  private static MlmodelFile of(JsonNode root) {
    JsonNode flavors = root.path("flavors");
    List<String> names = new ArrayList<>();
    flavors.fieldNames().forEachRemaining(names::add);
    Optional<String> file =
        SERVED.stream()
            .map(flavor -> flavors.path(flavor).path("data").asText(""))
            .filter(data -> !data.isEmpty())
            .findFirst();
    return new MlmodelFile(names, file);
  }
}
