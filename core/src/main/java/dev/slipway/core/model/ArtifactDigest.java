package dev.slipway.core.model;

import java.util.regex.Pattern;

/**
 * Names an artifact by its content.
 *
 * @param value {@code sha256:} and 64 lower-case hexadecimal digits
 */
public record ArtifactDigest(String value) {
  private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

  public ArtifactDigest {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "digest: %s (expected: sha256: and 64 hexadecimal digits)".formatted(value));
    }
  }

  /** The hexadecimal digits alone. */
  public String hex() {
    return value.substring("sha256:".length());
  }

  @Override
  public String toString() {
    return value;
  }
}
