package dev.slipway.core.audit.tile;

import dev.slipway.core.audit.encoding.Decimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** Names a file of the log, relative to its root. Each file has exactly one name. */
public sealed interface LogPath {
  /** Hashes of a full tile, and entries of a full bundle. */
  int FULL_WIDTH = 256;

  /** The name, such as {@code tile/0/x001/x234/067.p/12}. */
  String text();

  /** Most bytes that the file can have. */
  int bytesMax();

  /** The newest signed checkpoint. The only file that changes. */
  record OfCheckpoint() implements LogPath {
    @Override
    public String text() {
      return "checkpoint";
    }

    @Override
    public int bytesMax() {
      return 1_000_000;
    }
  }

  /**
   * The log's public key as a verifier key, one line. An addition of ours, for a first look at an
   * export; who wants to be sure has the key from elsewhere.
   */
  record OfKey() implements LogPath {
    @Override
    public String text() {
      return "log.vkey";
    }

    @Override
    public int bytesMax() {
      return 10_000;
    }
  }

  /**
   * A row of hashes.
   *
   * @param level 0 for the leaves' hashes, to {@link #LEVEL_MAX}
   * @param index of the tile in its level, from 0
   * @param width from 1 to 256 hashes
   */
  record OfTile(int level, long index, int width) implements LogPath {
    /** Highest level of a tree whose size has 63 bits. */
    public static final int LEVEL_MAX = 7;

    public OfTile {
      if (level < 0 || level > LEVEL_MAX) {
        throw new IllegalArgumentException(
            "tile level: %d (expected: from 0 to %d)".formatted(level, LEVEL_MAX));
      }
      requireIndexed(index, width);
    }

    @Override
    public String text() {
      return "tile/" + level + "/" + indexed(index, width);
    }

    @Override
    public int bytesMax() {
      return width * 32;
    }
  }

  /**
   * A sequence of entries.
   *
   * @param index of the bundle, from 0
   * @param width from 1 to 256 entries
   */
  record OfBundle(long index, int width) implements LogPath {
    public OfBundle {
      requireIndexed(index, width);
    }

    @Override
    public String text() {
      return "tile/entries/" + indexed(index, width);
    }

    @Override
    public int bytesMax() {
      return width * (2 + EntryBundle.ENTRY_BYTES_MAX);
    }
  }

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException if no file of a log has it
   */
  static LogPath parse(String text) {
    LogPath path =
        switch (text) {
          case "checkpoint" -> new OfCheckpoint();
          case "log.vkey" -> new OfKey();
          default -> parseIndexed(text);
        };
    if (!path.text().equals(text)) {
      throw malformed(text);
    }
    return path;
  }

  private static LogPath parseIndexed(String text) {
    if (text.length() > 100) {
      throw malformed(text.substring(0, 100) + "...");
    }
    Iterator<String> parts = List.of(text.split("/", -1)).iterator();
    if (!parts.next().equals("tile") || !parts.hasNext()) {
      throw malformed(text);
    }
    String kind = parts.next();
    long index = 0;
    int width = FULL_WIDTH;
    while (parts.hasNext()) {
      String part = parts.next();
      boolean partial = part.endsWith(".p");
      String digits = part.replaceAll("^x|\\.p$", "");
      if (digits.length() != 3) {
        throw malformed(text);
      }
      try {
        index = Math.addExact(Math.multiplyExact(index, 1000), Integer.parseUnsignedInt(digits));
      } catch (ArithmeticException | NumberFormatException e) {
        throw malformed(text);
      }
      if (partial) {
        if (!parts.hasNext()) {
          throw malformed(text);
        }
        width = Math.toIntExact(Math.min(FULL_WIDTH, Decimal.parse(text, parts.next())));
        if (parts.hasNext() || width == FULL_WIDTH) {
          throw malformed(text);
        }
      }
    }
    return kind.equals("entries")
        ? new OfBundle(index, width)
        : new OfTile(Math.toIntExact(Math.min(64, Decimal.parse(text, kind))), index, width);
  }

  private static String indexed(long index, int width) {
    Deque<String> parts = new ArrayDeque<>();
    parts.push("%03d".formatted(index % 1000));
    for (long rest = index / 1000; rest > 0; rest /= 1000) {
      parts.push("x%03d".formatted(rest % 1000));
    }
    return String.join("/", parts) + (width == FULL_WIDTH ? "" : ".p/" + width);
  }

  private static void requireIndexed(long index, int width) {
    if (index < 0 || width < 1 || width > FULL_WIDTH) {
      throw new IllegalArgumentException(
          "tile %d, width %d (expected: index >= 0, width from 1 to %d)"
              .formatted(index, width, FULL_WIDTH));
    }
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "log path: '%s' (expected: such as tile/0/x001/234.p/5)".formatted(text));
  }
}
