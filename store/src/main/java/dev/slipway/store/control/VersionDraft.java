package dev.slipway.store.control;

import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import java.time.Instant;

/**
 * A version before it has a number.
 *
 * @param registeredAt whole microseconds; what is finer is cut off
 */
public record VersionDraft(
    String model,
    ArtifactDigest digest,
    ArtifactFormat format,
    String primaryFile,
    ModelSignature signature,
    ModelSettings settings,
    String description,
    String exampleRequest,
    long sizeBytes,
    Instant registeredAt) {
  public VersionDraft {
    registeredAt = StoredTime.truncate(registeredAt);
  }

  /** This version under a number. */
  public ModelVersion numbered(int version) {
    return new ModelVersion(
        new ModelRef(model, version),
        digest,
        format,
        primaryFile,
        signature,
        settings,
        description,
        exampleRequest,
        sizeBytes,
        registeredAt);
  }
}
