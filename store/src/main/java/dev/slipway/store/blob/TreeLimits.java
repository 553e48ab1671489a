package dev.slipway.store.blob;

/**
 * What an artifact may be at most.
 *
 * @param bytesMax sum of its files' sizes, bytes
 * @param filesMax number of its files
 * @param pathBytesMax length of a file's relative path in UTF-8, bytes
 */
public record TreeLimits(long bytesMax, int filesMax, int pathBytesMax) {
  public static final TreeLimits DEFAULT = new TreeLimits(8L << 30, 10_000, 1_024);

  public TreeLimits {
    if (bytesMax < 1 || filesMax < 1 || pathBytesMax < 1) {
      throw new IllegalArgumentException(
          "artifact limits: %d bytes, %d files, paths of %d bytes (expected: each >= 1)"
              .formatted(bytesMax, filesMax, pathBytesMax));
    }
  }
}
