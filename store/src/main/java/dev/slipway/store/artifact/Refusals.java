package dev.slipway.store.artifact;

import dev.slipway.core.artifact.ArtifactPath;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import org.jspecify.annotations.Nullable;

/** What every store answers in the same words. */
final class Refusals {
  private Refusals() {}

  /** The root is neither written nor deleted. */
  static void requireName(ArtifactPath path) {
    if (path.names().isEmpty()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "path: '' (expected: a file or a folder of a run)");
    }
  }

  static SlipwayException notFound(ArtifactPath path) {
    return new SlipwayException(ErrorCode.NOT_FOUND, "no artifact at '%s'".formatted(path));
  }

  static SlipwayException blocked(ArtifactPath path, @Nullable Throwable cause) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "path: '%s' (expected: no folder there, and no file where it needs a folder)"
            .formatted(path),
        cause);
  }
}
