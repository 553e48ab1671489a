package dev.slipway.core.audit.tree;

import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.audit.encoding.StrictBase64;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** SHA-256 of a leaf, of an inner node or of the empty tree. Immutable. */
public final class TreeHash {
  /** Length in bytes. */
  public static final int BYTES = 32;

  /** Root of the tree without leaves: the hash of nothing. */
  public static final TreeHash EMPTY_ROOT = new TreeHash(Sha256.create().digest());

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private final byte[] bytes;

  private TreeHash(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * @throws IllegalArgumentException if there are not {@link #BYTES} bytes
   */
  public static TreeHash of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "hash: %d bytes (expected: %d)".formatted(bytes.length, BYTES));
    }
    return new TreeHash(bytes.clone());
  }

  /** The hash of a leaf: SHA-256 of 0x00 and the entry. */
  public static TreeHash ofLeaf(byte[] entry) {
    MessageDigest digest = Sha256.create();
    digest.update(LEAF);
    digest.update(entry);
    return new TreeHash(digest.digest());
  }

  /** The hash of an inner node: SHA-256 of 0x01 and both children. */
  public static TreeHash ofNode(TreeHash left, TreeHash right) {
    MessageDigest digest = Sha256.create();
    digest.update(NODE);
    digest.update(left.bytes);
    digest.update(right.bytes);
    return new TreeHash(digest.digest());
  }

  /**
   * @param what names the text in a refusal
   * @throws IllegalArgumentException if it is not the base64 of {@link #BYTES} bytes
   */
  public static TreeHash parseBase64(String what, String text) {
    byte[] bytes = StrictBase64.decode(what, text);
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "%s: %d bytes (expected: %d)".formatted(what, bytes.length, BYTES));
    }
    return new TreeHash(bytes);
  }

  public String toBase64() {
    return StrictBase64.encode(bytes);
  }

  public byte[] toBytes() {
    return bytes.clone();
  }

  /** Writes the hash into a row of hashes. */
  public void copyTo(byte[] row, int offset) {
    System.arraycopy(bytes, 0, row, offset, BYTES);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TreeHash hash && Arrays.equals(bytes, hash.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
