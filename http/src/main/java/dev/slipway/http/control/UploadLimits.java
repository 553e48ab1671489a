package dev.slipway.http.control;

import dev.slipway.store.blob.TreeLimits;

/**
 * What a request to the control API may bring.
 *
 * @param tree files of an artifact, unpacked
 * @param zipRatioMax unpacked bytes per packed byte of a zip larger than {@link #RATIO_FREE_BYTES}
 *     unpacked; deflate itself reaches 1032
 * @param jsonBytesMax a JSON body
 */
public record UploadLimits(TreeLimits tree, int zipRatioMax, int jsonBytesMax) {
  public static final UploadLimits DEFAULT = new UploadLimits(TreeLimits.DEFAULT, 200, 1 << 16);

  /** Up to so many unpacked bytes the ratio does not matter. */
  public static final long RATIO_FREE_BYTES = 64 << 20;

  public UploadLimits {
    if (zipRatioMax < 1 || jsonBytesMax < 1) {
      throw new IllegalArgumentException(
          "upload limits: ratio %d, JSON %d bytes (expected: each >= 1)"
              .formatted(zipRatioMax, jsonBytesMax));
    }
  }
}
