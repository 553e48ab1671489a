package dev.slipway.store.blob;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * A regular file of an artifact.
 *
 * @param path relative to the artifact's root, with {@code /} between names
 */
record TreeEntry(Path file, String path, long sizeBytes) {
  /**
   * The files of an artifact, in no particular order; a file is a tree of itself. Follows no link.
   *
   * @throws SlipwayException BAD_REQUEST or PAYLOAD_TOO_LARGE for what may not be kept
   */
  static List<TreeEntry> of(Path source, TreeLimits limits) throws IOException {
    if (Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)) {
      Path name = source.getFileName();
      TreeEntry entry = new TreeEntry(source, String.valueOf(name), Files.size(source));
      requireAllowed(entry.path(), limits);
      requireWithin(limits, entry.sizeBytes(), 1);
      return List.of(entry);
    }
    List<TreeEntry> entries = new ArrayList<>();
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          private long bytes;

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String path = relative(source, file);
            requireAllowed(path, limits);
            if (!attributes.isRegularFile()) {
              throw new SlipwayException(
                  ErrorCode.BAD_REQUEST,
                  "artifact: '%s' is %s (expected: regular files and folders)"
                      .formatted(
                          path,
                          attributes.isSymbolicLink() ? "a symbolic link" : "a special file"));
            }
            bytes += attributes.size();
            entries.add(new TreeEntry(file, path, attributes.size()));
            requireWithin(limits, bytes, entries.size());
            return FileVisitResult.CONTINUE;
          }
        });
    return entries;
  }

  private static String relative(Path root, Path file) {
    return root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
  }

  private static void requireAllowed(String path, TreeLimits limits) {
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

  private static void requireWithin(TreeLimits limits, long bytes, int files) {
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
