package dev.slipway.store.backup;

import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.data.DataFolder;
import dev.slipway.store.files.FileTree;
import dev.slipway.store.files.PrivateFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Takes a backup of a running server into one zip file that only its owner may read. */
public final class BackupWriter {
  /** Where the parts of the data folder lie in a backup. */
  static final String DATABASE = "control.db";

  static final String KEY = "audit.key";
  static final String CHECKPOINT = "audit.checkpoint";
  static final String LOG = "audit";
  static final String BLOBS = "blobs";
  static final String ARTIFACTS = "artifacts";

  private final DataFolder data;
  private final ControlStore store;
  private final Path key;
  private final Path checkpoint;
  private final boolean hasArtifacts;

  /**
   * Takes everything.
   *
   * @param key file of the log's signing key
   * @param checkpoint file of the last signed checkpoint
   */
  public BackupWriter(DataFolder data, ControlStore store, Path key, Path checkpoint) {
    this(data, store, key, checkpoint, true);
  }

  private BackupWriter(
      DataFolder data, ControlStore store, Path key, Path checkpoint, boolean hasArtifacts) {
    this.data = data;
    this.store = store;
    this.key = key;
    this.checkpoint = checkpoint;
    this.hasArtifacts = hasArtifacts;
  }

  /** The same without registered versions' artifacts, of which the data folder has copies only. */
  public BackupWriter withoutArtifacts() {
    return new BackupWriter(data, store, key, checkpoint, false);
  }

  /**
   * Writes a backup. The file has its name only when it is whole and on the disk.
   *
   * @param target does not exist
   * @throws SlipwayException STORE_UNAVAILABLE if something cannot be read or written
   */
  public BackupManifest write(Path target, Instant now) {
    Path folder = Objects.requireNonNull(target.toAbsolutePath().getParent());
    Path written = target.resolveSibling(target.getFileName() + ".new");
    Path database = data.temporary().resolve("backup-" + target.getFileName() + ".db");
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(written);
      BackupManifest manifest;
      try (FileChannel channel = PrivateFile.create(written);
          ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(channel))) {
        zip.setLevel(Deflater.BEST_SPEED);
        manifest = write(zip, database, now);
        zip.finish();
        channel.force(true);
      }
      Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
      FileTree.syncFolder(folder);
      return manifest;
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "the backup %s failed: %s".formatted(target, e), e);
    } finally {
      delete(written);
      delete(database);
    }
  }

  private BackupManifest write(ZipOutputStream zip, Path database, Instant now) throws IOException {
    Map<String, ContentDigest> files = new HashMap<>();
    file(zip, files, KEY, key);
    file(zip, files, CHECKPOINT, checkpoint);
    tree(zip, files, LOG, data.auditLog());
    boolean hasDatabase = store.copyTo(database);
    if (hasDatabase) {
      file(zip, files, DATABASE, database);
    }
    long auditSize = store.<Long>read(ControlView::auditSize);
    if (hasArtifacts) {
      tree(zip, files, BLOBS, data.blobs());
    }
    tree(zip, files, ARTIFACTS, data.artifacts());
    BackupManifest manifest =
        new BackupManifest(now, hasDatabase, hasArtifacts, store.schemaVersion(), auditSize, files);
    zip.putNextEntry(new ZipEntry(BackupManifest.NAME));
    zip.write(manifest.toBytes());
    zip.closeEntry();
    return manifest;
  }

  private static void tree(
      ZipOutputStream zip, Map<String, ContentDigest> files, String name, Path folder)
      throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> found;
    try (Stream<Path> walk = Files.walk(folder)) {
      found = walk.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : found) {
      file(zip, files, name + "/" + folder.relativize(file).toString().replace('\\', '/'), file);
    }
  }

  /**
   * One that is gone meanwhile, such as a partial tile or an artifact that was deleted, is not in
   * it.
   */
  private static void file(
      ZipOutputStream zip, Map<String, ContentDigest> files, String name, Path file)
      throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      zip.putNextEntry(new ZipEntry(name));
      MessageDigest digest = Sha256.create();
      OutputStream digested = new DigestOutputStream(zip, digest);
      in.transferTo(digested);
      zip.closeEntry();
      files.put(name, ContentDigest.of(digest));
    } catch (NoSuchFileException e) {
      return;
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The next start clears the temporary folder; an unfinished backup is never taken for one.
    }
  }
}
