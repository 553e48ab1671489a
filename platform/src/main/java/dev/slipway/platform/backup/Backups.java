package dev.slipway.platform.backup;

import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Principal;
import dev.slipway.store.backup.BackupManifest;
import dev.slipway.store.backup.BackupWriter;
import dev.slipway.store.control.ControlStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Takes backups, one at a time, and keeps them in a folder. Thread-safe; every method blocks. */
public final class Backups {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'slipway-'uuuuMMdd'T'HHmmss.SSS'Z.zip'")
          .withZone(ZoneOffset.UTC);

  private static final Pattern FORM = Pattern.compile("slipway-\\d{8}T\\d{6}\\.\\d{3}Z\\.zip");

  private final Path folder;
  private final BackupWriter writer;
  private final ControlStore store;
  private final InstantSource clock;
  private final ReentrantLock running = new ReentrantLock();

  /**
   * @param folder where they are kept
   */
  public Backups(Path folder, BackupWriter writer, ControlStore store, InstantSource clock) {
    this.folder = folder;
    this.writer = writer;
    this.store = store;
    this.clock = clock;
  }

  /**
   * One backup.
   *
   * @param bytes size of the file
   */
  public record Backup(String name, long bytes) {}

  /**
   * A backup that was just taken.
   *
   * @param hasDatabase whether the database is in it
   * @param hasArtifacts whether the registered versions' artifacts are in it
   * @param auditSize entries of the audit log
   * @param files how many
   * @param digest of its manifest
   */
  public record Taken(
      Backup backup,
      Instant createdAt,
      boolean hasDatabase,
      boolean hasArtifacts,
      int schemaVersion,
      long auditSize,
      int files,
      ContentDigest digest) {}

  /**
   * Takes a backup while everything goes on.
   *
   * @throws SlipwayException TOO_MANY_REQUESTS while another is taken; STORE_UNAVAILABLE
   */
  public Taken create(Principal principal) {
    if (!running.tryLock()) {
      throw new SlipwayException(
          ErrorCode.TOO_MANY_REQUESTS, "a backup is being taken (expected: one at a time)");
    }
    try {
      Instant now = clock.instant();
      String name = NAME.format(now);
      Path file = folder.resolve(name);
      BackupManifest manifest = writer.write(file, now);
      store.commit(
          work ->
              work.append(
                  AuditEntry.of(
                          principal.actor(), "backup.created", new Subject("backup", name), now)
                      .withEvidence(List.of(manifest.digest()))));
      return new Taken(
          new Backup(name, size(file)),
          manifest.createdAt(),
          manifest.hasDatabase(),
          manifest.hasArtifacts(),
          manifest.schemaVersion(),
          manifest.auditSize(),
          manifest.files().size(),
          manifest.digest());
    } finally {
      running.unlock();
    }
  }

  /** The backups that are kept, the newest first. */
  public List<Backup> backups() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> FORM.matcher(file.getFileName().toString()).matches())
          .map(file -> new Backup(file.getFileName().toString(), size(file)))
          .sorted(Comparator.comparing(Backup::name).reversed())
          .toList();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * The file of a backup.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public Path file(String name) {
    Path file = folder.resolve(name);
    if (!FORM.matcher(name).matches() || !Files.isRegularFile(file)) {
      throw new SlipwayException(
          ErrorCode.NOT_FOUND, "backup '%s' is not kept (slipway backup list)".formatted(name));
    }
    return file;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static SlipwayException unreadable(IOException e) {
    return new SlipwayException(
        ErrorCode.STORE_UNAVAILABLE, "the folder of the backups cannot be read: " + e, e);
  }
}
