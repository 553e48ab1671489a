package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.audit.entry.ContentDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The digests of an artifact's files. */
final class ArtifactFiles {
  private ArtifactFiles() {}

  /** SHA-256 of each regular file by its path below the root, with {@code /} between names. */
  static SortedMap<String, ContentDigest> digests(Path root) throws IOException {
    SortedMap<String, ContentDigest> digests = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path file : walk.toList()) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          digests.put(root.relativize(file).toString(), digest(file));
        }
      }
    }
    return digests;
  }

  private static ContentDigest digest(Path file) throws IOException {
    MessageDigest sha256 = Sha256.create();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return ContentDigest.of(sha256);
  }
}
