package dev.slipway.serving.pool;

import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.ModelVersion;

/** What makes two versions the same model in memory. */
public record PoolKey(ArtifactDigest digest, String primaryFile, EngineSettings settings) {
  static PoolKey of(ModelVersion version) {
    return new PoolKey(version.digest(), version.primaryFile(), version.settings().engine());
  }
}
