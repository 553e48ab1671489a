package dev.slipway.core.audit.checkpoint;

import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.audit.encoding.StrictUtf8;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** Names of keys, and the short ids that go with them. */
final class KeyName {
  /** Most characters of a name. */
  static final int CHARACTERS_MAX = 255;

  private static final int ID_BYTES = 4;
  private static final int NEXT_LINE = 0x85;

  private KeyName() {}

  /**
   * @throws IllegalArgumentException if no key can have this name
   */
  static void require(String name) {
    boolean valid =
        !name.isEmpty()
            && name.length() <= CHARACTERS_MAX
            && name.chars().noneMatch(unit -> unit == '+' || unit == NEXT_LINE)
            && name.chars().noneMatch(unit -> unit < 0x20)
            && name.codePoints().noneMatch(Character::isWhitespace)
            && name.codePoints().noneMatch(Character::isSpaceChar);
    if (!valid) {
      throw new IllegalArgumentException(
          "key name: '%s' (expected: from 1 to %d characters without spaces and '+')"
              .formatted(
                  name.length() <= CHARACTERS_MAX
                      ? name
                      : name.substring(0, CHARACTERS_MAX) + "...",
                  CHARACTERS_MAX));
    }
  }

  /** The first four bytes of SHA-256 of the name, a line feed, the type and the public key. */
  static String id(String name, SignatureType type, byte[] publicKey) {
    MessageDigest digest = Sha256.create();
    digest.update(StrictUtf8.encode("key name", name + "\n"));
    digest.update(type.code());
    digest.update(publicKey);
    return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), ID_BYTES));
  }
}
