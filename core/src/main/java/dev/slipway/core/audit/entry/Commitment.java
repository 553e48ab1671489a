package dev.slipway.core.audit.entry;

import dev.slipway.core.audit.encoding.StrictUtf8;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Stands for personal data in the log: whoever holds the salt and the data can show that they were
 * meant, and after the salt is erased nobody can find out what they were.
 *
 * <p>HMAC-SHA-256 under a random salt of 32 bytes, which is kept outside the log beside the data.
 * One salt for each person makes all entries of that person findable, and forgettable at once.
 *
 * @param value {@code hmac-sha256:} and 64 lower-case hexadecimal digits
 */
public record Commitment(String value) {
  /** Length of a salt. */
  public static final int SALT_BYTES = 32;

  private static final String PREFIX = "hmac-sha256:";
  private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9a-f]{64}");

  public Commitment {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "commitment: %s (expected: %s and 64 hexadecimal digits)".formatted(value, PREFIX));
    }
  }

  /**
   * @param salt {@link #SALT_BYTES} bytes from a cryptographic random source
   * @param data any text, such as a user's name
   * @throws IllegalArgumentException if the salt has another length
   */
  public static Commitment of(byte[] salt, String data) {
    if (salt.length != SALT_BYTES) {
      throw new IllegalArgumentException(
          "salt: %d bytes (expected: %d)".formatted(salt.length, SALT_BYTES));
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(salt, "HmacSHA256"));
      byte[] code = mac.doFinal(StrictUtf8.encode("committed data", data));
      return new Commitment(PREFIX + HexFormat.of().formatHex(code));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
    }
  }

  /** Whether this commits to {@code data} under {@code salt}. */
  public boolean opens(byte[] salt, String data) {
    return MessageDigest.isEqual(
        StrictUtf8.encode("commitment", value),
        StrictUtf8.encode("commitment", of(salt, data).value));
  }

  @Override
  public String toString() {
    return value;
  }
}
