package dev.slipway.store.blob;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/** Finds the files of an artifact, within limits. Follows no link. Not thread-safe. */
final class TreeScan {
  /**
   * A regular file of an artifact.
   *
   * @param path relative to the artifact's root, with {@code /} between names
   */
  record Entry(Path file, String path) {}

  private final TreeLimits limits;
  private final TreeMap<String, Entry> entries = new TreeMap<>();
  private final Set<String> paths = new HashSet<>();
  private long bytes;

  TreeScan(TreeLimits limits) {
    this.limits = limits;
  }

  /**
   * Adds the content of a folder, or a file under its name.
   *
   * @throws SlipwayException BAD_REQUEST or PAYLOAD_TOO_LARGE for what may not be kept
   */
  void add(Path source) throws IOException {
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String path =
                file.equals(source) ? String.valueOf(file.getFileName()) : relative(source, file);
            add(new Entry(file, path), attributes);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  Collection<Entry> entries() {
    return entries.values();
  }

  /**
   * Counts a file that lies elsewhere.
   *
   * @throws SlipwayException as {@link #add}
   */
  void count(String path, long sizeBytes) {
    requireAllowed(path, limits);
    if (!paths.add(path)) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "artifact: '%s' comes twice (expected: once)".formatted(path));
    }
    bytes += sizeBytes;
    requireWithin(limits, bytes, paths.size());
  }

  private void add(Entry entry, BasicFileAttributes attributes) {
    requireAllowed(entry.path(), limits);
    if (!attributes.isRegularFile()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "artifact: '%s' is %s (expected: regular files and folders)"
              .formatted(
                  entry.path(),
                  attributes.isSymbolicLink() ? "a symbolic link" : "a special file"));
    }
    count(entry.path(), attributes.size());
    entries.put(entry.path(), entry);
  }

  private static String relative(Path root, Path file) {
    return root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
  }

  static void requireAllowed(String path, TreeLimits limits) {
    int bytes = path.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > limits.pathBytesMax()) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "artifact: a path of %d bytes (expected: at most %d)"
              .formatted(bytes, limits.pathBytesMax()));
    }
    if (path.chars().anyMatch(Character::isISOControl)) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "artifact: a file name with control characters (expected: none)");
    }
  }

  static void requireWithin(TreeLimits limits, long bytes, int files) {
    if (bytes > limits.bytesMax()) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "artifact: more than %d bytes (expected: at most that)".formatted(limits.bytesMax()));
    }
    if (files > limits.filesMax()) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "artifact: more than %d files (expected: at most that)".formatted(limits.filesMax()));
    }
  }
}
