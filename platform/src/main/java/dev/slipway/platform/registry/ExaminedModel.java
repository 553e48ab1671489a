package dev.slipway.platform.registry;

import dev.slipway.core.model.ModelVersion;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.store.blob.StagedTree;

/**
 * A model that could be registered, on a private copy of its bytes. Closing it forgets the copy.
 */
public final class ExaminedModel implements AutoCloseable {
  private final ModelVersion version;
  private final ModelArtifact artifact;
  private final StagedTree staged;

  ExaminedModel(ModelVersion version, StagedTree staged) {
    this.version = version;
    this.artifact =
        new ModelArtifact(
            staged.digest(),
            version.format(),
            staged.root(),
            staged.root().resolve(version.primaryFile()));
    this.staged = staged;
  }

  /** With the number that it would get now. */
  public ModelVersion version() {
    return version;
  }

  /** Its bytes, readable until this is closed. */
  public ModelArtifact artifact() {
    return artifact;
  }

  @Override
  public void close() {
    staged.close();
  }
}
