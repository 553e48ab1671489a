package dev.slipway.store.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Copies, hashes, syncs and deletes. Never follows a link. Thread-safe. */
public final class FileTree {
  private static final int CHUNK_BYTES = 1 << 20;

  private FileTree() {}

  /**
   * Copies a file, makes the copy durable and read-only, and digests its bytes on the way.
   *
   * @param to must not exist
   * @param digest fresh; read out by this method
   */
  public static Hashed copy(Path from, Path to, MessageDigest digest) throws IOException {
    long bytes = 0;
    try (FileChannel in =
            FileChannel.open(from, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        FileChannel out =
            FileChannel.open(to, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
      while (in.read(chunk) >= 0) {
        chunk.flip();
        bytes += chunk.remaining();
        digest.update(chunk.duplicate());
        while (chunk.hasRemaining()) {
          out.write(chunk);
        }
        chunk.clear();
      }
      out.force(true);
    }
    if (!to.toFile().setReadOnly()) {
      throw new IOException("cannot make " + to + " read-only");
    }
    return new Hashed(bytes, digest.digest());
  }

  /** Writes a file's bytes. */
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, makes it durable and read-only, and digests its bytes on the way.
   *
   * @param to must not exist
   * @param digest fresh; read out by this method
   */
  public static Hashed write(Path to, MessageDigest digest, Content content) throws IOException {
    long bytes;
    try (FileChannel channel =
        FileChannel.open(to, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      content.writeTo(new DigestOutputStream(Channels.newOutputStream(channel), digest));
      channel.force(true);
      bytes = channel.size();
    }
    if (!to.toFile().setReadOnly()) {
      throw new IOException("cannot make " + to + " read-only");
    }
    return new Hashed(bytes, digest.digest());
  }

  /** Writes a file's bytes to a stream. */
  public static void read(Path file, OutputStream to) throws IOException {
    try (InputStream in =
        Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      in.transferTo(to);
    }
  }

  /** Digests a file's bytes; {@code digest} is fresh and is read out by this method. */
  public static Hashed hash(Path file, MessageDigest digest) throws IOException {
    long bytes = 0;
    try (FileChannel in =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
      while (in.read(chunk) >= 0) {
        chunk.flip();
        bytes += chunk.remaining();
        digest.update(chunk);
        chunk.clear();
      }
    }
    return new Hashed(bytes, digest.digest());
  }

  /**
   * How many bytes a file has, and their digest.
   *
   * @param digest owned by the receiver
   */
  public record Hashed(long bytes, byte[] digest) {}

  /** Makes the names in a folder durable. */
  public static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Makes the names in every folder of a tree durable. */
  public static void syncFolders(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            syncFolder(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Sum of the sizes of a tree's files. */
  public static long sizeBytes(Path root) throws IOException {
    long[] bytes = {0};
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes[0];
  }

  /** Deletes a tree if it is there. */
  public static void delete(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
