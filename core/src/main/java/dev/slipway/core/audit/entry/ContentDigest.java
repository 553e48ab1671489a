package dev.slipway.core.audit.entry;

import dev.slipway.core.model.ArtifactDigest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names any bytes by their content: a state, a policy, a piece of evidence.
 *
 * @param value {@code sha256:} and 64 lower-case hexadecimal digits
 */
public record ContentDigest(String value) {
  private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

  public ContentDigest {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "digest: %s (expected: sha256: and 64 hexadecimal digits)".formatted(value));
    }
  }

  public static ContentDigest of(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return new ContentDigest("sha256:" + HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public static ContentDigest of(ArtifactDigest artifact) {
    return new ContentDigest(artifact.value());
  }

  @Override
  public String toString() {
    return value;
  }
}
