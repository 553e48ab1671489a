package dev.slipway.store.blob;

import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.model.ArtifactDigest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
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
  private static final String HEADER = "slipway-tree-v1\n";

  private final Map<byte[], String> lines = new TreeMap<>(Arrays::compareUnsigned);
  private long sizeBytes;

  /**
   * @param path relative, with {@code /} between names
   */
  void add(String path, long bytes, byte[] sha256) {
    lines.put(
        path.getBytes(StandardCharsets.UTF_8),
        HexFormat.of().formatHex(sha256) + " " + bytes + " " + path + "\n");
    sizeBytes += bytes;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  int files() {
    return lines.size();
  }

  ArtifactDigest digest() {
    MessageDigest sha256 = Sha256.create();
    sha256.update(HEADER.getBytes(StandardCharsets.UTF_8));
    for (String line : lines.values()) {
      sha256.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return new ArtifactDigest("sha256:" + HexFormat.of().formatHex(sha256.digest()));
  }
}
