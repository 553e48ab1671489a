package dev.slipway.store.audit;

import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * Keys in files: a private key is one line that only its owner may read, public keys are a line
 * each. Empty lines and lines that start with {@code #} are passed over.
 */
public final class KeyFiles {
  /** Longest file of keys that is read. */
  private static final int BYTES_MAX = 1_000_000;

  private KeyFiles() {}

  /**
   * Reads a private key.
   *
   * @throws SlipwayException NOT_FOUND if there is no such file, CONFIGURATION_INVALID if it does
   *     not hold exactly one private key; no message shows any of it
   */
  public static SigningKey readPrivate(Path file) {
    List<String> lines = lines(file);
    if (lines.size() != 1) {
      throw invalid(file, "%d keys (expected: one private key)".formatted(lines.size()));
    }
    try {
      return SigningKey.parse(lines.getFirst());
    } catch (IllegalArgumentException e) {
      throw invalid(file, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Reads public keys.
   *
   * @return at least one
   * @throws SlipwayException NOT_FOUND if there is no such file, CONFIGURATION_INVALID if a line is
   *     not a public key or there is none
   */
  public static List<VerifierKey> readPublic(Path file) {
    List<String> lines = lines(file);
    if (lines.isEmpty()) {
      throw invalid(file, "no key (expected: NAME+ID+BASE64)");
    }
    try {
      return lines.stream().map(VerifierKey::parse).toList();
    } catch (IllegalArgumentException e) {
      throw invalid(file, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Writes a private key into a new file that only its owner may read.
   *
   * @throws SlipwayException ALREADY_EXISTS if there is a file, STORE_UNAVAILABLE if it cannot be
   *     written
   */
  public static void createPrivate(Path file, SigningKey key) {
    FileAttribute<?>[] onlyOwner =
        file.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), onlyOwner)) {
      ByteBuffer rest = ByteBuffer.wrap((key.text() + "\n").getBytes(StandardCharsets.US_ASCII));
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    } catch (FileAlreadyExistsException e) {
      throw new SlipwayException(
          ErrorCode.ALREADY_EXISTS,
          "key file: %s is there (expected: a new file)".formatted(file),
          e);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "cannot write %s: %s".formatted(file, e), e);
    }
  }

  private static List<String> lines(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw invalid(file, "more than %d bytes (expected: keys)".formatted(BYTES_MAX));
      }
      return new String(bytes, StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (NoSuchFileException e) {
      throw new SlipwayException(
          ErrorCode.NOT_FOUND, "key file: %s (expected: a file)".formatted(file), e);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "cannot read %s: %s".formatted(file, e), e);
    }
  }

  private static SlipwayException invalid(Path file, String what) {
    return new SlipwayException(
        ErrorCode.CONFIGURATION_INVALID, "key file %s: %s".formatted(file, what));
  }
}
