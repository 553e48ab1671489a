package dev.slipway.serving.engine;

import dev.slipway.core.model.ModelVersion;

/** Where the serving plane finds the frozen bytes of a version. Thread-safe. */
public interface ArtifactSource {
  /**
   * @throws dev.slipway.core.error.SlipwayException STORE_CORRUPT if the bytes are missing or do
   *     not match the digest
   */
  ModelArtifact artifact(ModelVersion version);
}
