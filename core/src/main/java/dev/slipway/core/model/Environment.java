package dev.slipway.core.model;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.util.regex.Pattern;

/**
 * Where a deployment answers, fixed when it is made. All but {@link #DEV} are protected: what
 * serves there needs a promotion.
 *
 * @param name from 1 to 32 lower-case letters, digits and hyphens, a letter first
 */
public record Environment(String name) {
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  /** Not protected, and the default. */
  public static final Environment DEV = new Environment("dev");

  /**
   * @throws SlipwayException BAD_REQUEST if the name has another form
   */
  public Environment {
    if (!FORM.matcher(name).matches()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "environment: '%s' (expected: from 1 to 32 lower-case letters, digits and hyphens, a letter first)"
              .formatted(name.length() > 64 ? name.substring(0, 64) + "..." : name));
    }
  }

  public boolean isProtected() {
    return !equals(DEV);
  }

  @Override
  public String toString() {
    return name;
  }
}
