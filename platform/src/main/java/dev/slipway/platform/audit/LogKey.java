package dev.slipway.platform.audit;

import dev.slipway.core.audit.checkpoint.SignatureType;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.audit.KeyFiles;
import dev.slipway.store.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;

/** The key that the log's checkpoints are signed with, in a file that only its owner may read. */
public final class LogKey {
  private static final int NAME_BYTES = 8;

  private LogKey() {}

  /**
   * Reads the key; makes it if there is no file. A lost key is not noticed here, but by the log,
   * which then has checkpoints that this one did not sign.
   *
   * @throws SlipwayException CONFIGURATION_INVALID if the file does not hold a private key,
   *     STORE_UNAVAILABLE if it cannot be read or written
   */
  public static SigningKey readOrCreate(Path file, SecureRandom random) {
    if (!Files.exists(file)) {
      create(file, random);
    }
    return KeyFiles.readPrivate(file);
  }

  private static void create(Path file, SecureRandom random) {
    byte[] name = new byte[NAME_BYTES];
    random.nextBytes(name);
    byte[] seed = new byte[SigningKey.SEED_BYTES];
    random.nextBytes(seed);
    SigningKey key =
        SigningKey.of("slipway/" + HexFormat.of().formatHex(name), SignatureType.ED25519, seed);
    Path written = file.resolveSibling(file.getFileName() + ".new");
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    try {
      Files.createDirectories(folder);
      // What a crash left: nothing was ever signed with it.
      Files.deleteIfExists(written);
      KeyFiles.createPrivate(written, key);
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
      FileTree.syncFolder(folder);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "cannot write %s: %s".formatted(file, e), e);
    }
  }
}
