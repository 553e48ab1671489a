package dev.slipway.store.audit;

import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.SignedNote;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.files.DurableFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** One file, best on another disk than the database and outside its backups. */
public final class LastCheckpointFile implements LastCheckpoint {
  private final Path file;

  /**
   * @param file need not be there yet; its folder is created
   */
  public LastCheckpointFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  @Override
  public Optional<SignedCheckpoint> read() {
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(SignedCheckpoint.parse(in.readNBytes(SignedNote.BYTES_MAX + 1)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "cannot read %s: %s".formatted(file, e), e);
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT, "%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  @Override
  public void write(SignedCheckpoint checkpoint) {
    try {
      Files.createDirectories(file.getParent());
      DurableFile.replace(file, checkpoint.toBytes());
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "cannot write %s: %s".formatted(file, e), e);
    }
  }
}
