package dev.slipway.core.model;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.util.regex.Pattern;

/** The rule for names of models and deployments, which appear in URLs, labels and file names. */
public final class ModelName {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private ModelName() {}

  /**
   * @return {@code name}
   * @throws SlipwayException BAD_REQUEST if it is no valid name
   */
  public static String require(String name) {
    if (!FORM.matcher(name).matches()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "name: '%s' (expected: 1 to 128 letters, digits, '.', '_' or '-', a letter or digit first)"
              .formatted(name.length() > 140 ? name.substring(0, 140) + "..." : name));
    }
    return name;
  }
}
