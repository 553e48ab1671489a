package dev.slipway.core.audit.encoding;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Standard base64 (RFC 4648, section 4) with its padding; each value has exactly one form. */
public final class StrictBase64 {
  private static final int SHOWN_CHARACTERS_MAX = 60;

  private StrictBase64() {}

  public static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * @param what names the text in a refusal, such as {@code root}
   * @throws IllegalArgumentException if the text is not what {@link #encode} would write
   */
  public static byte[] decode(String what, String text) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw malformed(what, text, e);
    }
    // The decoder also takes text without padding, and bits beyond the last byte.
    if (!encode(bytes).equals(text)) {
      throw malformed(what, text, null);
    }
    return bytes;
  }

  private static IllegalArgumentException malformed(
      String what, String text, @Nullable Throwable cause) {
    String shown =
        text.length() <= SHOWN_CHARACTERS_MAX
            ? text
            : text.substring(0, SHOWN_CHARACTERS_MAX) + "...";
    return new IllegalArgumentException(
        "%s: '%s' (expected: base64 with padding)".formatted(what, shown), cause);
  }
}
