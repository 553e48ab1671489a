package dev.slipway.core.identity;

import dev.slipway.core.audit.encoding.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The text that a token, an invitation or a session is, known to its holder only: a prefix by which
 * scanners for leaked secrets find it, and 256 random bits. The server keeps its hash; a plain
 * SHA-256 is enough, because nobody can guess 256 bits.
 */
public record TokenSecret(String text) {
  /** Begins every token. */
  public static final String TOKEN = "slp_";

  /** Begins every invitation. */
  public static final String INVITATION = "sli_";

  /** Begins the cookie of every session. */
  public static final String SESSION = "sls_";

  /** Random bytes in one. */
  public static final int RANDOM_BYTES = 32;

  /**
   * @param random {@link #RANDOM_BYTES} bytes from a cryptographic random source
   */
  public static TokenSecret of(String prefix, byte[] random) {
    if (random.length != RANDOM_BYTES) {
      throw new IllegalArgumentException(
          "random: %d bytes (expected: %d)".formatted(random.length, RANDOM_BYTES));
    }
    return new TokenSecret(prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(random));
  }

  /** What the server keeps: SHA-256 in 64 lower-case hexadecimal digits. */
  public String hash() {
    return hash(text);
  }

  /** As {@link #hash()}, of any text that may be one. */
  public static String hash(String text) {
    return HexFormat.of().formatHex(Sha256.create().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public String toString() {
    return "TokenSecret[...]";
  }
}
