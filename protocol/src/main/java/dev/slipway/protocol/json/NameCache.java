package dev.slipway.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Remembers strings that come again in every request, such as tensor names, so that they are not
 * made anew. Of fixed size: a new name takes the place of an old one. Not thread-safe.
 */
public final class NameCache {
  private static final int SLOTS = 256;
  private static final int NAME_BYTES_MAX = 64;

  private final @Nullable String[] names = new @Nullable String[SLOTS];
  private final byte[][] encoded = new byte[SLOTS][0];

  /** The string of those UTF-8 bytes. */
  public String name(byte[] bytes, int offset, int length) {
    if (length > NAME_BYTES_MAX) {
      return new String(bytes, offset, length, UTF_8);
    }
    int hash = length;
    for (int i = 0; i < length; i++) {
      hash = hash * 31 + bytes[offset + i];
    }
    int slot = (hash ^ hash >>> 8 ^ hash >>> 16) & (SLOTS - 1);
    String known = names[slot];
    if (known != null
        && Arrays.equals(encoded[slot], 0, encoded[slot].length, bytes, offset, offset + length)) {
      return known;
    }
    String made = new String(bytes, offset, length, UTF_8);
    names[slot] = made;
    encoded[slot] = Arrays.copyOfRange(bytes, offset, offset + length);
    return made;
  }
}
