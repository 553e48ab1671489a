package dev.slipway.core.audit.checkpoint;

import dev.slipway.core.audit.encoding.Decimal;
import dev.slipway.core.audit.tree.TreeHash;
import java.util.Arrays;
import java.util.List;

/**
 * The state of a log (c2sp.org/tlog-checkpoint): three lines, and extension lines that we never
 * write.
 *
 * @param origin names the log
 * @param size how many entries it has
 * @param root of the tree of that size
 * @param extensions further lines, none of them empty
 */
public record Checkpoint(String origin, long size, TreeHash root, List<String> extensions) {
  public Checkpoint {
    if (origin.isEmpty() || hasControls(origin)) {
      throw new IllegalArgumentException(
          "origin: '%s' (expected: a line that is not empty)".formatted(origin));
    }
    if (size < 0) {
      throw new IllegalArgumentException("size: %d (expected: >= 0)".formatted(size));
    }
    extensions = List.copyOf(extensions);
    if (extensions.stream().anyMatch(line -> line.isEmpty() || hasControls(line))) {
      throw new IllegalArgumentException("extension lines (expected: none of them empty)");
    }
  }

  /** A checkpoint without extension lines. */
  public static Checkpoint of(String origin, long size, TreeHash root) {
    return new Checkpoint(origin, size, root, List.of());
  }

  /**
   * Reads the text of a note.
   *
   * @throws IllegalArgumentException if it is not a checkpoint
   */
  public static Checkpoint parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length < 4 || !lines[lines.length - 1].isEmpty()) {
      throw new IllegalArgumentException(
          "checkpoint: %d lines (expected: at least 3, each ended)".formatted(lines.length - 1));
    }
    return new Checkpoint(
        lines[0],
        Decimal.parse("size", lines[1]),
        TreeHash.parseBase64("root", lines[2]),
        Arrays.asList(lines).subList(3, lines.length - 1));
  }

  /** The text of the note. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(origin).append('\n').append(size).append('\n').append(root.toBase64()).append('\n');
    extensions.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static boolean hasControls(String line) {
    return line.chars().anyMatch(unit -> unit < 0x20);
  }
}
