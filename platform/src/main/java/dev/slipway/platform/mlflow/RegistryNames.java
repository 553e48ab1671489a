package dev.slipway.platform.mlflow;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelName;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names in the registry. A model may have any name that MLflow allows; one whose name cannot stand
 * in a V2 URL is registered like any other, and can be deployed once it is renamed.
 */
final class RegistryNames {
  /** With a version number it has to fit into an entry of the audit log. */
  static final int MODEL_CHARACTERS_MAX = 200;

  private static final Pattern ALIAS = Pattern.compile("[\\w-]{1,255}");
  private static final Pattern LIKE_A_VERSION = Pattern.compile("[vV]\\d+");

  private RegistryNames() {}

  static String requireModel(String name) {
    if (name.isBlank()
        || name.length() > MODEL_CHARACTERS_MAX
        || name.chars().anyMatch(c -> c == '/' || c == ':' || Character.isISOControl(c))) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "Registered model name: '%s' (expected: 1 to %d characters, none of them '/', ':' or a"
                  .formatted(
                      name.length() > MODEL_CHARACTERS_MAX
                          ? name.substring(0, MODEL_CHARACTERS_MAX) + "..."
                          : name,
                      MODEL_CHARACTERS_MAX)
              + " control character)");
    }
    return name;
  }

  /**
   * Why versions of a model with this name cannot be deployed; empty if the name does not matter.
   */
  static Optional<String> obstacle(String name) {
    try {
      ModelName.require(name);
      return Optional.empty();
    } catch (SlipwayException e) {
      return Optional.of(e.getMessage() + "; rename the model");
    }
  }

  static String requireAlias(String alias) {
    if (!ALIAS.matcher(alias).matches()
        || alias.equalsIgnoreCase("latest")
        || LIKE_A_VERSION.matcher(alias).matches()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "alias: '%s' (expected: 1 to 255 letters, digits, '_' or '-', neither 'latest' nor like"
                  .formatted(alias.length() > 255 ? alias.substring(0, 255) + "..." : alias)
              + " 'v1')");
    }
    return alias;
  }
}
