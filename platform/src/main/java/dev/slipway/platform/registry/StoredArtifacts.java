package dev.slipway.platform.registry;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.serving.engine.ArtifactSource;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.store.blob.BlobStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Gives the serving plane the frozen bytes of registered versions. */
public final class StoredArtifacts implements ArtifactSource {
  private final BlobStore blobs;

  public StoredArtifacts(BlobStore blobs) {
    this.blobs = blobs;
  }

  @Override
  public ModelArtifact artifact(ModelVersion version) {
    Path root = blobs.open(version.digest()).root();
    Path primary = root.resolve(version.primaryFile());
    if (version.format() != ArtifactFormat.UNSERVED && !Files.isRegularFile(primary)) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT,
          "artifact %s has no file %s".formatted(version.digest(), version.primaryFile()));
    }
    return new ModelArtifact(version.digest(), version.format(), root, primary);
  }
}
