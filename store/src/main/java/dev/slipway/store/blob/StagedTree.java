package dev.slipway.store.blob;

import dev.slipway.core.model.ArtifactDigest;
import java.nio.file.Path;

/**
 * A private copy of an artifact that is not kept yet, so that what is inspected and what is frozen
 * are the same bytes. Closing it without {@link #freeze} forgets it. Not thread-safe.
 */
public interface StagedTree extends AutoCloseable {
  ArtifactDigest digest();

  /** Folder of the copy; readable until this is frozen or closed. */
  Path root();

  /** Sum of the files' sizes. */
  long sizeBytes();

  /**
   * Keeps the artifact: when this returns it survives a power failure. Freezing what is kept
   * already is harmless.
   *
   * @throws dev.slipway.core.error.SlipwayException STORE_UNAVAILABLE if it cannot be written
   */
  FrozenTree freeze();

  @Override
  void close();
}
