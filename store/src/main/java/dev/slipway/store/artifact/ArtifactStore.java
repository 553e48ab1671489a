package dev.slipway.store.artifact;

import dev.slipway.core.artifact.ArtifactPath;
import dev.slipway.core.artifact.ListedFile;
import dev.slipway.core.artifact.StoredFile;
import dev.slipway.store.blob.TreeSource.TreeFile;
import java.io.InputStream;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps files under paths that callers choose. Bytes are streamed in both directions, with constant
 * memory whatever the size of a file. A folder is there while a file is below it; one that has lost
 * its last file may be there or not. Thread-safe; every method blocks.
 *
 * <p>Every method throws a {@link dev.slipway.core.error.SlipwayException} STORE_UNAVAILABLE if the
 * store cannot be read or written. Every implementation passes {@code ArtifactStoreKit}.
 */
public interface ArtifactStore {
  /**
   * Reads a file's bytes as they come, and makes them durable aside.
   *
   * @throws dev.slipway.core.error.SlipwayException BAD_REQUEST for the root, and for a path that
   *     is too long for this store; what reading {@code body} throws
   */
  ArrivedFile receive(ArtifactPath path, InputStream body);

  /** What lies there; the root is a folder or nothing. */
  ArtifactKind kind(ArtifactPath path);

  /**
   * The bytes of a file, all of one writing.
   *
   * @throws dev.slipway.core.error.SlipwayException NOT_FOUND, also for a folder
   */
  StoredFile open(ArtifactPath path);

  /** Files and folders of a folder in the order of their names; of a file or of nothing: none. */
  List<ListedFile> list(ArtifactPath path);

  /**
   * Gives every file of a folder and of its folders, under its path in that folder; of a file the
   * file under its name; of nothing none.
   */
  void each(ArtifactPath path, Consumer<TreeFile> files);

  /**
   * Deletes a file, or a folder with what it holds.
   *
   * @throws dev.slipway.core.error.SlipwayException NOT_FOUND; BAD_REQUEST for the root
   */
  void delete(ArtifactPath path);
}
