package dev.slipway.platform.upload;

import dev.slipway.store.blob.TreeLimits;

/**
 * What an upload may be.
 *
 * @param tree files of an artifact, unpacked
 * @param zipRatioMax unpacked bytes per packed byte of a zip larger than {@link #RATIO_FREE_BYTES}
 *     unpacked; deflate itself reaches 1032
 */
public record UploadLimits(TreeLimits tree, int zipRatioMax) {
  public static final UploadLimits DEFAULT = new UploadLimits(TreeLimits.DEFAULT, 200);

  /** Up to so many unpacked bytes the ratio does not matter. */
  public static final long RATIO_FREE_BYTES = 64 << 20;

  public UploadLimits {
    if (zipRatioMax < 1) {
      throw new IllegalArgumentException("zip ratio: %d (expected: >= 1)".formatted(zipRatioMax));
    }
  }
}
