package dev.slipway.store.blob;

import dev.slipway.core.model.ArtifactDigest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The digest of a tree of files: SHA-256 over a text that anybody can make again with {@code
 * sha256sum} and {@code sort}.
 *
 * <p>The text is UTF-8. Its first line is {@code slipway-tree-v1}; then comes one line per file,
 * {@code <sha256 of its bytes, hex> <size in bytes, decimal> <path>}, in the order of the paths'
 * UTF-8 bytes, unsigned. Paths are relative, with {@code /} between names and no control
 * characters. Every line ends in a line feed. Permissions, times and empty folders do not count.
 *
 * <p>Not thread-safe.
 */
final class TreeDigest {
  private final Map<byte[], TreeManifest.Entry> files = new TreeMap<>(Arrays::compareUnsigned);
  private long sizeBytes;

  /**
   * @param path relative, with {@code /} between names
   */
  void add(String path, long bytes, byte[] sha256) {
    files.put(
        path.getBytes(StandardCharsets.UTF_8),
        new TreeManifest.Entry(path, bytes, HexFormat.of().formatHex(sha256)));
    sizeBytes += bytes;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  int files() {
    return files.size();
  }

  /** Its files, in the order that the text has. */
  TreeManifest manifest() {
    return new TreeManifest(List.copyOf(files.values()));
  }

  ArtifactDigest digest() {
    return manifest().digest();
  }
}
