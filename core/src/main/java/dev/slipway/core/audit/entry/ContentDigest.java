package dev.slipway.core.audit.entry;

import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.model.ArtifactDigest;
import java.security.MessageDigest;
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
    return ofHash(Sha256.create().digest(content));
  }

  /**
   * What a SHA-256 has been given; it begins anew then.
   *
   * @param sha256 of {@link Sha256#create}
   */
  public static ContentDigest of(MessageDigest sha256) {
    return ofHash(sha256.digest());
  }

  private static ContentDigest ofHash(byte[] hash) {
    return new ContentDigest("sha256:" + HexFormat.of().formatHex(hash));
  }

  public static ContentDigest of(ArtifactDigest artifact) {
    return new ContentDigest(artifact.value());
  }

  @Override
  public String toString() {
    return value;
  }
}
