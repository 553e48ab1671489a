package dev.slipway.store.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Writes small files that are there whole or not at all, whatever stops the process or the machine.
 * Two writers of one file at a time are the caller's to prevent.
 */
public final class DurableFile {
  private DurableFile() {}

  /** Writes a file or replaces it. When this returns both its bytes and its name are durable. */
  public static void replace(Path file, byte[] bytes) throws IOException {
    write(file, bytes);
    FileTree.syncFolder(Objects.requireNonNull(file.toAbsolutePath().getParent()));
  }

  /**
   * Writes a file or replaces it. When this returns its bytes are durable; its name is once its
   * folder is synced.
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    Path written = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            written,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
