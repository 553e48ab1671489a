package dev.slipway.store.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** Writes files that only their owner may read or write, from their first byte on. */
public final class PrivateFile {
  private PrivateFile() {}

  /** Writes a file or replaces it, whole and durable; its folder is made where it is missing. */
  public static void replace(Path file, String text) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Files.createDirectories(folder);
    Path written = folder.resolve(file.getFileName() + ".new");
    Files.deleteIfExists(written);
    try (FileChannel channel = create(written)) {
      ByteBuffer rest = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    FileTree.syncFolder(folder);
  }

  /** Makes a file that does not exist, for writing. */
  public static FileChannel create(Path file) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        onlyOwner(folder, "rw-------"));
  }

  /** Makes a folder that only its owner may enter, unless it is there already. */
  public static void folder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Path parent = Objects.requireNonNull(folder.toAbsolutePath().getParent());
      Files.createDirectories(parent);
      Files.createDirectory(folder, onlyOwner(parent, "rwx------"));
    }
  }

  private static FileAttribute<?>[] onlyOwner(Path folder, String permissions) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
