package dev.slipway.platform.mlflow;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.util.Arrays;

/** How far a version has come, for clients that still use stages. */
public enum Stage {
  NONE("None"),
  STAGING("Staging"),
  PRODUCTION("Production"),
  ARCHIVED("Archived");

  private final String text;

  Stage(String text) {
    this.text = text;
  }

  /** As it is kept and answered. */
  public String text() {
    return text;
  }

  /**
   * Reads a stage in any case.
   *
   * @throws SlipwayException BAD_REQUEST
   */
  public static Stage parse(String text) {
    return Arrays.stream(values())
        .filter(stage -> stage.text.equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                new SlipwayException(
                    ErrorCode.BAD_REQUEST,
                    "stage: '%s' (expected: None, Staging, Production or Archived)"
                        .formatted(text)));
  }
}
