package dev.slipway.core.audit.tile;

import dev.slipway.core.audit.tree.TreeHash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * From 1 to 256 neighbouring entries, each after its length in 16 bits, big-endian.
 *
 * @param entries not to be changed by the receiver
 */
public record EntryBundle(List<byte[]> entries) {
  /** Most bytes of an entry. */
  public static final int ENTRY_BYTES_MAX = 65_535;

  private static final int LENGTH_BYTES = 2;

  public EntryBundle {
    entries = List.copyOf(entries);
    if (entries.isEmpty() || entries.size() > LogPath.FULL_WIDTH) {
      throw new IllegalArgumentException(
          "bundle: %d entries (expected: from 1 to %d)"
              .formatted(entries.size(), LogPath.FULL_WIDTH));
    }
    for (byte[] entry : entries) {
      if (entry.length > ENTRY_BYTES_MAX) {
        throw new IllegalArgumentException(
            "entry: %d bytes (expected: at most %d)".formatted(entry.length, ENTRY_BYTES_MAX));
      }
    }
  }

  /**
   * Reads as many whole entries as there are, to the first that is cut off or one too many; so a
   * damaged bundle still tells where the damage begins.
   *
   * @return at most {@code width} entries
   */
  public static Prefix parsePrefix(int width, byte[] bytes) {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    List<byte[]> entries = new ArrayList<>(width);
    while (entries.size() < width && rest.remaining() >= LENGTH_BYTES) {
      int length = Short.toUnsignedInt(rest.getShort(rest.position()));
      if (rest.remaining() < LENGTH_BYTES + length) {
        break;
      }
      byte[] entry = new byte[length];
      rest.position(rest.position() + LENGTH_BYTES).get(entry);
      entries.add(entry);
    }
    return new Prefix(entries, rest.remaining());
  }

  /**
   * The whole entries at the start of a file.
   *
   * @param bytesLeft what follows them
   */
  public record Prefix(List<byte[]> entries, int bytesLeft) {
    public Prefix {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Reads the file of a bundle.
   *
   * @throws IllegalArgumentException if it does not hold exactly as many entries as its name says
   */
  public static EntryBundle parse(LogPath.OfBundle path, byte[] bytes) {
    Prefix prefix = parsePrefix(path.width(), bytes);
    if (prefix.entries.size() != path.width() || prefix.bytesLeft != 0) {
      throw new IllegalArgumentException(
          "%s: %d entries and %d bytes more (expected: %d entries)"
              .formatted(path.text(), prefix.entries.size(), prefix.bytesLeft, path.width()));
    }
    return new EntryBundle(prefix.entries);
  }

  /** The file of this bundle. */
  public byte[] toBytes() {
    int length = entries.stream().mapToInt(entry -> LENGTH_BYTES + entry.length).sum();
    ByteBuffer file = ByteBuffer.allocate(length);
    for (byte[] entry : entries) {
      file.putShort((short) entry.length).put(entry);
    }
    return file.array();
  }

  /** The first {@code width} entries. */
  public EntryBundle first(int width) {
    return new EntryBundle(entries.subList(0, width));
  }

  /** The tile of level 0 that belongs to these entries. */
  public Tile hashed() {
    return new Tile(entries.stream().map(TreeHash::ofLeaf).toList());
  }
}
