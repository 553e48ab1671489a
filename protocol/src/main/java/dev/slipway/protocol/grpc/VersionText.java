package dev.slipway.protocol.grpc;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;

/** A version as messages carry it: decimal text, or empty for the deployment's own choice. */
public final class VersionText {
  private VersionText() {}

  /**
   * @return the version number; 0 if the text is empty
   * @throws SlipwayException BAD_REQUEST if it is no number from 1 on
   */
  public static int parse(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    int value = 0;
    boolean valid = text.length() <= 9;
    for (int i = 0; valid && i < text.length(); i++) {
      char c = text.charAt(i);
      valid = c >= '0' && c <= '9';
      value = value * 10 + (c - '0');
    }
    if (!valid || value < 1) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "model_version: '%s' (expected: a number >= 1, or nothing)".formatted(text));
    }
    return value;
  }
}
