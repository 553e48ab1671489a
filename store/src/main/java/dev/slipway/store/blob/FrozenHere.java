package dev.slipway.store.blob;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.store.files.FileTree;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which artifacts this data folder brought into a place that others may share: an empty file for
 * each, made before its first byte goes there. Thread-safe.
 */
final class FrozenHere {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  private final Path folder;

  FrozenHere(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
      FileTree.syncFolder(Objects.requireNonNull(folder.toAbsolutePath().getParent()));
    } catch (IOException e) {
      throw unavailable("cannot open " + folder, e);
    }
  }

  void note(ArtifactDigest digest) {
    try {
      Files.createFile(folder.resolve(digest.hex()));
      FileTree.syncFolder(folder);
    } catch (FileAlreadyExistsException e) {
      return;
    } catch (IOException e) {
      throw unavailable("cannot note artifact " + digest, e);
    }
  }

  void forget(ArtifactDigest digest) {
    try {
      Files.deleteIfExists(folder.resolve(digest.hex()));
    } catch (IOException e) {
      throw unavailable("cannot forget artifact " + digest, e);
    }
  }

  /** In their order. */
  List<ArtifactDigest> digests() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .flatMap(file -> digest(String.valueOf(file.getFileName())).stream())
          .sorted((a, b) -> a.value().compareTo(b.value()))
          .toList();
    } catch (IOException e) {
      throw unavailable("cannot list " + folder, e);
    }
  }

  /** The digest of those hexadecimal digits; empty for any other name. */
  static Optional<ArtifactDigest> digest(String name) {
    return HEX.matcher(name).matches()
        ? Optional.of(new ArtifactDigest("sha256:" + name))
        : Optional.empty();
  }

  private static SlipwayException unavailable(String what, IOException cause) {
    return new SlipwayException(ErrorCode.STORE_UNAVAILABLE, what, cause);
  }
}
