package dev.slipway.core.audit.encoding;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** UTF-8 without replacement characters: what is not valid is refused. */
public final class StrictUtf8 {
  private StrictUtf8() {}

  /**
   * @param what names the bytes in a refusal
   * @throws IllegalArgumentException if they are not valid UTF-8
   */
  public static String decode(String what, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(what + ": not valid UTF-8", e);
    }
  }

  /**
   * @param what names the text in a refusal
   * @throws IllegalArgumentException if the text holds half of a surrogate pair
   */
  public static byte[] encode(String what, CharSequence text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(what + ": holds half of a surrogate pair", e);
    }
  }
}
