package dev.slipway.store.data;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.files.DurableFile;
import dev.slipway.store.files.FileTree;
import dev.slipway.store.files.PrivateFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds all state of one server. Opening it takes an exclusive lock that the
 * operating system releases when the process ends, however it ends.
 *
 * <pre>
 * VERSION           layout of the folder, a number
 * lock              held by the running server; names its process id
 * control.db        what the control plane decided
 * backups/          backups, and the database before each migration
 * blobs/            artifacts by content
 * artifacts/        files that runs logged
 * audit/            the audit log: static files for anybody
 * audit.key         the key that signs it; only its owner may read it
 * audit.checkpoint  the last checkpoint that was signed
 * admin.token       the local administrator's token; only its owner may read it
 * first.invitation  with which the first person comes in; only its owner may read it
 * tmp/              uploads in progress; emptied at every start
 * </pre>
 */
public final class DataFolder implements AutoCloseable {
  /** Layout that this release writes. */
  public static final int VERSION = 1;

  private final Path root;
  private final FileChannel lockFile;
  private final FileLock lock;

  private DataFolder(Path root, FileChannel lockFile, FileLock lock) {
    this.root = root;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * Opens or creates the folder.
   *
   * @throws SlipwayException CONFIGURATION_INVALID, with one line for a person, if it belongs to a
   *     newer release, to a running server, or cannot be written; nothing has been changed then
   */
  public static DataFolder open(Path folder) {
    Path root = folder.toAbsolutePath().normalize();
    if (Files.exists(root) && !Files.isDirectory(root)) {
      throw invalid(root, "is a file (expected: a folder)", null);
    }
    requireKnownVersion(root);
    try {
      PrivateFile.folder(root);
    } catch (IOException e) {
      throw invalid(root, "cannot be created (expected: a folder this user may write)", e);
    }
    FileChannel lockFile = openLockFile(root);
    boolean opened = false;
    try {
      FileLock lock = lock(root, lockFile);
      requireKnownVersion(root);
      writeProcessId(lockFile);
      writeVersion(root);
      FileTree.delete(root.resolve("tmp"));
      Files.createDirectories(root.resolve("tmp"));
      opened = true;
      return new DataFolder(root, lockFile, lock);
    } catch (IOException e) {
      throw invalid(root, "cannot be written (expected: a folder this user may write)", e);
    } finally {
      if (!opened) {
        closeQuietly(lockFile);
      }
    }
  }

  public Path root() {
    return root;
  }

  public Path database() {
    return root.resolve("control.db");
  }

  public Path blobs() {
    return root.resolve("blobs");
  }

  /** Where the files lie that runs logged. */
  public Path artifacts() {
    return root.resolve("artifacts");
  }

  /** Where the audit log's files lie. */
  public Path auditLog() {
    return root.resolve("audit");
  }

  /** Where the key of the audit log lies, unless it is told to lie elsewhere. */
  public Path auditKey() {
    return root.resolve("audit.key");
  }

  /** Where the last signed checkpoint is kept, unless it is told to lie elsewhere. */
  public Path auditCheckpoint() {
    return root.resolve("audit.checkpoint");
  }

  /** Where the local administrator's token lies, unless it is told to lie elsewhere. */
  public Path administratorToken() {
    return root.resolve("admin.token");
  }

  /** Where backups are kept. */
  public Path backups() {
    return root.resolve("backups");
  }

  /** Where uploads may be put together. */
  public Path temporary() {
    return root.resolve("tmp");
  }

  /** Releases the lock. */
  @Override
  public void close() {
    try {
      lock.release();
    } catch (IOException e) {
      // Closing the channel, next, releases it too.
    }
    closeQuietly(lockFile);
  }

  private static void requireKnownVersion(Path root) {
    Path file = root.resolve("VERSION");
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    String text;
    try {
      text = Files.readString(file).strip();
    } catch (IOException e) {
      throw invalid(root, "has a VERSION file that cannot be read", e);
    }
    int version;
    try {
      version = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw invalid(
          root,
          "has a VERSION file that says '%s' (expected: a number up to %d)"
              .formatted(text.length() > 20 ? text.substring(0, 20) + "..." : text, VERSION),
          e);
    }
    if (version > VERSION) {
      throw invalid(
          root,
          "has version %d, written by a newer Slipway (expected: at most %d); use that release or"
                  .formatted(version, VERSION)
              + " another folder",
          null);
    }
  }

  private static FileChannel openLockFile(Path root) {
    try {
      return FileChannel.open(
          root.resolve("lock"),
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.CREATE);
    } catch (IOException e) {
      throw invalid(root, "cannot be written (expected: a folder this user may write)", e);
    }
  }

  private static FileLock lock(Path root, FileChannel lockFile) throws IOException {
    FileLock lock;
    try {
      lock = lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      String holder = holder(lockFile);
      throw invalid(
          root,
          "is in use by another server%s; stop it or choose another folder"
              .formatted(holder.isEmpty() ? "" : " (process " + holder + ")"),
          null);
    }
    return lock;
  }

  private static String holder(FileChannel lockFile) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    lockFile.read(text, 0);
    String pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    return pid.matches("[0-9]+") ? pid : "";
  }

  private static void writeProcessId(FileChannel lockFile) throws IOException {
    byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
    lockFile.truncate(0);
    lockFile.write(ByteBuffer.wrap(pid), 0);
  }

  private static void writeVersion(Path root) throws IOException {
    Path file = root.resolve("VERSION");
    if (Files.exists(file)) {
      return;
    }
    DurableFile.replace(file, (VERSION + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written that could be lost, and the lock ends with the process at the latest.
    }
  }

  private static SlipwayException invalid(Path root, String what, @Nullable Throwable cause) {
    return new SlipwayException(
        ErrorCode.CONFIGURATION_INVALID, "data folder %s %s".formatted(root, what), cause);
  }
}
