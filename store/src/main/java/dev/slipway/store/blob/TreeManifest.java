package dev.slipway.store.blob;

import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.audit.encoding.StrictUtf8;
import dev.slipway.core.model.ArtifactDigest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text that {@link TreeDigest} describes, read. Its SHA-256 is the artifact's digest, so a
 * manifest that has the right digest names the right files.
 *
 * @param entries in the order of the paths' UTF-8 bytes, unsigned
 */
record TreeManifest(List<Entry> entries) {
  private static final String HEADER = "slipway-tree-v1\n";
  private static final Pattern LINE =
      Pattern.compile("([0-9a-f]{64}) (0|[1-9][0-9]{0,17}) (.+)", Pattern.DOTALL);

  /** Digits, blanks and the line feed of a line, beside its path. */
  private static final int LINE_BYTES = 64 + 1 + 18 + 1 + 1;

  /**
   * A file.
   *
   * @param path relative, with {@code /} between names
   * @param bytes its size
   * @param sha256 of its bytes, 64 hexadecimal digits
   */
  record Entry(String path, long bytes, String sha256) {}

  TreeManifest {
    entries = List.copyOf(entries);
  }

  long sizeBytes() {
    return entries.stream().mapToLong(Entry::bytes).sum();
  }

  byte[] text() {
    StringBuilder text = new StringBuilder(HEADER);
    for (Entry entry : entries) {
      text.append(entry.sha256()).append(' ').append(entry.bytes()).append(' ');
      text.append(entry.path()).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  ArtifactDigest digest() {
    return digest(text());
  }

  private static ArtifactDigest digest(byte[] text) {
    return new ArtifactDigest("sha256:" + HexFormat.of().formatHex(Sha256.create().digest(text)));
  }

  /** Longest text of an artifact within the limits. */
  static int bytesMax(TreeLimits limits) {
    long bytes = HEADER.length() + (long) limits.filesMax() * (LINE_BYTES + limits.pathBytesMax());
    return (int) Math.min(Integer.MAX_VALUE - 16, bytes);
  }

  /**
   * Reads a text that somebody else may have written. No path of it leads out of a folder.
   *
   * @throws IllegalArgumentException if it is not the text of that digest, or not of an artifact
   * @throws dev.slipway.core.error.SlipwayException PAYLOAD_TOO_LARGE past the limits
   */
  static TreeManifest parse(byte[] text, ArtifactDigest digest, TreeLimits limits) {
    if (!digest(text).equals(digest)) {
      throw new IllegalArgumentException("its manifest has digest " + digest(text));
    }
    String lines = StrictUtf8.decode("manifest", text);
    if (!lines.startsWith(HEADER) || !lines.endsWith("\n")) {
      throw new IllegalArgumentException("its manifest does not begin with slipway-tree-v1");
    }
    List<Entry> entries = new ArrayList<>();
    long bytes = 0;
    int at = HEADER.length();
    while (at < lines.length()) {
      int end = lines.indexOf('\n', at);
      Matcher line = LINE.matcher(lines).region(at, end);
      if (!line.matches()) {
        throw new IllegalArgumentException(
            "line %d of its manifest (expected: digest, size, path)".formatted(entries.size() + 2));
      }
      Entry entry = new Entry(line.group(3), Long.parseLong(line.group(2)), line.group(1));
      requireNoControls(entry.path());
      TreeScan.requireAllowed(entry.path(), limits);
      entries.add(entry);
      bytes = Math.addExact(bytes, entry.bytes());
      TreeScan.requireWithin(limits, bytes, entries.size());
      at = end + 1;
    }
    requireOneFolder(entries);
    return new TreeManifest(entries);
  }

  /** Paths are in order, stay below their folder, and none is both a file and a folder. */
  private static void requireOneFolder(List<Entry> entries) {
    Set<String> files = new HashSet<>();
    byte[] before = new byte[0];
    for (Entry entry : entries) {
      byte[] path = entry.path().getBytes(StandardCharsets.UTF_8);
      if (Arrays.compareUnsigned(before, path) >= 0) {
        throw new IllegalArgumentException("the paths of its manifest are not in order");
      }
      before = path;
      files.add(entry.path());
    }
    for (Entry entry : entries) {
      String path = entry.path();
      int from = 0;
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
        requireName(path.substring(from, slash));
        if (files.contains(path.substring(0, slash))) {
          throw new IllegalArgumentException("a path of its manifest is a file and a folder");
        }
        from = slash + 1;
      }
      requireName(path.substring(from));
    }
  }

  private static void requireNoControls(String path) {
    if (path.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a path of its manifest has control characters");
    }
  }

  private static void requireName(String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException(
          "a path of its manifest leads elsewhere (expected: below the artifact)");
    }
  }
}
