package dev.slipway.platform.upload;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An uploaded artifact, on disk until this is closed. */
public final class UploadedArtifact implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UploadedArtifact.class);

  private final Path folder;

  UploadedArtifact(Path folder) {
    this.folder = folder;
  }

  /** The artifact's folder: a zip of one folder and nothing else is that folder. */
  public Path root() {
    List<Path> entries;
    try (Stream<Path> list = Files.list(folder)) {
      entries = list.toList();
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.STORE_UNAVAILABLE, "cannot read the upload", e);
    }
    return entries.size() == 1 && Files.isDirectory(entries.getFirst())
        ? entries.getFirst()
        : folder;
  }

  /** The folder that holds exactly what was sent. */
  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    try {
      FileTree.delete(folder);
    } catch (IOException e) {
      // It lies in the temporary folder, which the next start empties.
      LOG.warn("cannot delete {}: {}", folder, e.toString());
    }
  }
}
