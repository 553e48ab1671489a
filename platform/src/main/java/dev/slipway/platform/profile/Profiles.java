package dev.slipway.platform.profile;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.platform.registry.Registry;
import dev.slipway.serving.engine.ArtifactSource;
import dev.slipway.serving.profile.ModelProfile;
import dev.slipway.serving.profile.ModelProfiler;
import dev.slipway.serving.profile.ProfileListener;
import java.util.concurrent.Semaphore;

/**
 * Measures registered versions on this machine, one at a time, since two measurements would measure
 * each other. Thread-safe; blocks for seconds.
 */
public final class Profiles {
  private final Registry registry;
  private final ArtifactSource artifacts;
  private final ModelProfiler profiler;
  private final Semaphore turn = new Semaphore(1);

  public Profiles(Registry registry, ArtifactSource artifacts, ModelProfiler profiler) {
    this.registry = registry;
    this.artifacts = artifacts;
    this.profiler = profiler;
  }

  /**
   * @throws SlipwayException NOT_FOUND if the version is not registered; TOO_MANY_REQUESTS while
   *     another is being measured; else why nothing here can run it
   */
  public ModelProfile profile(ModelRef ref) {
    ModelVersion version = registry.version(ref);
    if (!turn.tryAcquire()) {
      throw new SlipwayException(
          ErrorCode.TOO_MANY_REQUESTS,
          "another profile is being measured (expected: one at a time)");
    }
    try {
      return profiler.profile(
          artifacts.artifact(version), version.signature(), ProfileListener.NONE);
    } finally {
      turn.release();
    }
  }
}
