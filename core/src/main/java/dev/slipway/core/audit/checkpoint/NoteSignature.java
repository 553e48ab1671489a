package dev.slipway.core.audit.checkpoint;

import dev.slipway.core.audit.encoding.StrictBase64;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * One signature line of a note: who claims to have signed, and the signature.
 *
 * @param keyName of the key
 * @param keyId of the key: 8 lower-case hexadecimal digits
 * @param bytes the signature itself, in the form of the key's type
 */
public record NoteSignature(String keyName, String keyId, byte[] bytes) {
  private static final String PREFIX = "— ";
  private static final int ID_BYTES = 4;

  public NoteSignature {
    KeyName.require(keyName);
    if (!keyId.matches("[0-9a-f]{8}")) {
      throw new IllegalArgumentException(
          "key id: '%s' (expected: 8 hexadecimal digits)".formatted(keyId));
    }
    if (bytes.length == 0) {
      throw new IllegalArgumentException("signature: no bytes (expected: at least one)");
    }
    bytes = bytes.clone();
  }

  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Whether it claims to be of this key. */
  boolean isOf(VerifierKey key) {
    return keyName.equals(key.name()) && keyId.equals(key.id());
  }

  /**
   * Reads a line without its line feed.
   *
   * @throws IllegalArgumentException if it is not a signature line
   */
  static NoteSignature parse(String line) {
    int space = line.lastIndexOf(' ');
    if (!line.startsWith(PREFIX) || space < PREFIX.length()) {
      throw new IllegalArgumentException(
          "note: a line that is no signature (expected: '— NAME BASE64')");
    }
    byte[] tagged = StrictBase64.decode("signature", line.substring(space + 1));
    if (tagged.length <= ID_BYTES) {
      throw new IllegalArgumentException(
          "signature: %d bytes (expected: more than %d)".formatted(tagged.length, ID_BYTES));
    }
    return new NoteSignature(
        line.substring(PREFIX.length(), space),
        HexFormat.of().formatHex(tagged, 0, ID_BYTES),
        Arrays.copyOfRange(tagged, ID_BYTES, tagged.length));
  }

  /** The line with its line feed. */
  public String line() {
    byte[] tagged = Arrays.copyOf(HexFormat.of().parseHex(keyId), ID_BYTES + bytes.length);
    System.arraycopy(bytes, 0, tagged, ID_BYTES, bytes.length);
    return PREFIX + keyName + " " + StrictBase64.encode(tagged) + "\n";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NoteSignature signature
        && keyName.equals(signature.keyName)
        && keyId.equals(signature.keyId)
        && Arrays.equals(bytes, signature.bytes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(keyName, keyId, Arrays.hashCode(bytes));
  }

  /** {@code name+id}. */
  @Override
  public String toString() {
    return keyName + "+" + keyId;
  }
}
