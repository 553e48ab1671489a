package dev.slipway.store.backup;

import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.files.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Puts a backup into a new data folder. */
public final class BackupReader {
  private static final int MANIFEST_BYTES_MAX = 256 << 20;

  private BackupReader() {}

  /**
   * Restores a backup. Everything is written beside the folder and checked before the folder gets
   * its name, so that it is never there in parts.
   *
   * @param folder does not exist, or is empty
   * @return what it holds
   * @throws SlipwayException CONFIGURATION_INVALID if the folder is not empty; STORE_CORRUPT if the
   *     file is no whole backup; STORE_UNAVAILABLE if it cannot be read or written
   */
  public static BackupManifest restore(Path backup, Path folder) {
    Path target = folder.toAbsolutePath();
    requireFree(target);
    Path written = target.resolveSibling(target.getFileName() + ".restoring");
    try (ZipFile zip = new ZipFile(backup.toFile())) {
      FileTree.delete(written);
      Files.createDirectories(written);
      BackupManifest manifest = manifest(zip);
      extract(zip, manifest, written);
      Files.deleteIfExists(target);
      Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
      FileTree.syncFolder(Objects.requireNonNull(target.getParent()));
      return manifest;
    } catch (ZipException | IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT,
          "%s is no whole backup: %s".formatted(backup, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "%s cannot be restored: %s".formatted(backup, e), e);
    } finally {
      try {
        FileTree.delete(written);
      } catch (IOException e) {
        // It is never taken for a data folder.
      }
    }
  }

  private static void requireFree(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> content = Files.list(folder)) {
      if (content.findAny().isEmpty()) {
        return;
      }
    } catch (IOException e) {
      // Said below.
    }
    throw new SlipwayException(
        ErrorCode.CONFIGURATION_INVALID,
        "%s is not an empty folder (expected: one that is, or a name that is free)"
            .formatted(folder));
  }

  private static BackupManifest manifest(ZipFile zip) throws IOException {
    ZipEntry entry = zip.getEntry(BackupManifest.NAME);
    if (entry == null) {
      throw new IllegalArgumentException("it has no manifest");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes(MANIFEST_BYTES_MAX + 1);
      if (bytes.length > MANIFEST_BYTES_MAX) {
        throw new IllegalArgumentException("its manifest is too long");
      }
      return BackupManifest.parse(bytes);
    }
  }

  private static void extract(ZipFile zip, BackupManifest manifest, Path folder)
      throws IOException {
    Set<String> missing = new LinkedHashSet<>(manifest.files().keySet());
    Enumeration<? extends ZipEntry> entries = zip.entries();
    while (entries.hasMoreElements()) {
      ZipEntry entry = entries.nextElement();
      String name = entry.getName();
      if (name.equals(BackupManifest.NAME)) {
        continue;
      }
      ContentDigest expected = manifest.files().get(name);
      Path file = folder.resolve(name).normalize();
      if (expected == null || !file.startsWith(folder) || file.equals(folder)) {
        throw new IllegalArgumentException("its manifest does not know " + name);
      }
      Files.createDirectories(file.getParent());
      MessageDigest digest = Sha256.create();
      try (InputStream in = zip.getInputStream(entry);
          OutputStream out =
              new DigestOutputStream(
                  Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), digest)) {
        in.transferTo(out);
      }
      ContentDigest found = ContentDigest.of(digest);
      if (!expected.equals(found)) {
        throw new IllegalArgumentException(
            "%s is %s (expected: %s)".formatted(name, found, expected));
      }
      missing.remove(name);
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("it lacks " + missing.iterator().next());
    }
  }
}
