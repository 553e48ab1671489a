package dev.slipway.core.model;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;

/**
 * Names a model version as people write it: {@code fraud/1}.
 *
 * @param version {@code >= 1}
 */
public record ModelRef(String model, int version) {
  /**
   * Reads {@code name/version}.
   *
   * @throws SlipwayException BAD_REQUEST if it is not of that form
   */
  public static ModelRef parse(String text) {
    int slash = text.lastIndexOf('/');
    if (slash > 0) {
      try {
        int version = Integer.parseInt(text.substring(slash + 1));
        if (version >= 1) {
          return new ModelRef(ModelName.require(text.substring(0, slash)), version);
        }
      } catch (NumberFormatException e) {
        // Falls through to the one message.
      }
    }
    throw new SlipwayException(
        ErrorCode.BAD_REQUEST, "model version: '%s' (expected: NAME/VERSION)".formatted(text));
  }

  @Override
  public String toString() {
    return model + "/" + version;
  }
}
