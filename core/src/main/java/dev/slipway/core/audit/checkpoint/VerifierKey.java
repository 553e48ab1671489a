package dev.slipway.core.audit.checkpoint;

import dev.slipway.core.audit.encoding.StrictBase64;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A public key under a name (a "vkey"): {@code name+id+base64(type || key)}.
 *
 * @param name for a log's key, the origin of its checkpoints
 * @param publicKey raw bytes, as many as the type has
 */
public record VerifierKey(String name, SignatureType type, byte[] publicKey) {
  private static final int TIME_BYTES = Long.BYTES;

  public VerifierKey {
    KeyName.require(name);
    if (publicKey.length != type.algorithm().publicKeyBytes()) {
      throw new IllegalArgumentException(
          "public key: %d bytes (expected: %d)"
              .formatted(publicKey.length, type.algorithm().publicKeyBytes()));
    }
    publicKey = publicKey.clone();
  }

  @Override
  public byte[] publicKey() {
    return publicKey.clone();
  }

  /**
   * Reads a vkey.
   *
   * @throws IllegalArgumentException if it is malformed, its id does not fit, or its type is
   *     unknown
   */
  public static VerifierKey parse(String text) {
    String[] parts = text.split("\\+", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException("public key (expected: NAME+ID+BASE64)");
    }
    byte[] typed = StrictBase64.decode("public key", parts[2]);
    if (typed.length == 0) {
      throw new IllegalArgumentException("public key: no bytes (expected: a type and a key)");
    }
    VerifierKey key =
        new VerifierKey(
            parts[0], SignatureType.ofCode(typed[0]), Arrays.copyOfRange(typed, 1, typed.length));
    if (!key.id().equals(parts[1])) {
      throw new IllegalArgumentException(
          "public key: id %s (expected: %s)"
              .formatted(parts[1].length() > 8 ? "of another length" : parts[1], key.id()));
    }
    return key;
  }

  /** The vkey. */
  public String text() {
    byte[] typed = new byte[1 + publicKey.length];
    typed[0] = type.code();
    System.arraycopy(publicKey, 0, typed, 1, publicKey.length);
    return name + "+" + id() + "+" + StrictBase64.encode(typed);
  }

  /** 8 lower-case hexadecimal digits. */
  public String id() {
    return KeyName.id(name, type, publicKey);
  }

  /** Whether the signature is this key's over the text of a note. */
  boolean verifies(String noteText, NoteSignature signature) {
    if (!signature.isOf(this)) {
      return false;
    }
    byte[] bytes = signature.bytes();
    long time = 0;
    if (type.isTimed()) {
      if (bytes.length <= TIME_BYTES) {
        return false;
      }
      time = ByteBuffer.wrap(bytes).getLong();
      bytes = Arrays.copyOfRange(bytes, TIME_BYTES, bytes.length);
    }
    if (time < 0) {
      return false;
    }
    byte[] message;
    try {
      message = type.message(name, noteText, time);
    } catch (IllegalArgumentException e) {
      return false; // A text that this type never signs.
    }
    return type.algorithm().verifies(publicKey, message, bytes);
  }

  /** The time inside a signature of this key, in seconds since 1970; empty if its type has none. */
  OptionalLong timeSeconds(NoteSignature signature) {
    return type.isTimed()
        ? OptionalLong.of(ByteBuffer.wrap(signature.bytes()).getLong())
        : OptionalLong.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifierKey key
        && name.equals(key.name)
        && type == key.type
        && Arrays.equals(publicKey, key.publicKey);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, type, Arrays.hashCode(publicKey));
  }

  /** {@code name+id}, which tells keys apart in messages. */
  @Override
  public String toString() {
    return name + "+" + id();
  }
}
