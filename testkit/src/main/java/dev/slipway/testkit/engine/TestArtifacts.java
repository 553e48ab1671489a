package dev.slipway.testkit.engine;

import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.serving.engine.ModelArtifact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/** Model files as the artifacts that engines load. */
public final class TestArtifacts {
  private TestArtifacts() {}

  /**
   * The artifact whose root is the file's folder. Its digest is that of the file alone, which is
   * enough to tell models apart.
   */
  public static ModelArtifact of(Path file, ArtifactFormat format) {
    Path absolute = file.toAbsolutePath();
    Path root = Objects.requireNonNull(absolute.getParent(), "a file lies in a folder");
    return new ModelArtifact(digest(read(absolute)), format, root, absolute);
  }

  /** As {@link #of}, with other bytes in a folder of its own. */
  public static ModelArtifact withBytes(ModelArtifact original, byte[] bytes, Path folder) {
    try {
      Files.createDirectories(folder);
      Path file = folder.resolve(original.primaryFile().getFileName());
      Files.write(file, bytes);
      return of(file, original.format());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ArtifactDigest digest(byte[] bytes) {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes);
      return new ArtifactDigest("sha256:" + HexFormat.of().formatHex(sum));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
