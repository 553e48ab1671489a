package dev.slipway.store.audit;

import dev.slipway.core.audit.checkpoint.Checkpoint;
import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.SignedNote;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.witness.AddCheckpoint;
import dev.slipway.core.audit.witness.Witness;
import dev.slipway.core.audit.witness.WitnessAnswer;
import dev.slipway.core.audit.witness.WitnessAnswer.Cosigned;
import dev.slipway.core.audit.witness.WitnessAnswer.Refusal;
import dev.slipway.core.audit.witness.WitnessAnswer.Refused;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.files.DurableFile;
import dev.slipway.store.files.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A witness that remembers: {@code <sha256 of the origin>/checkpoint} in its folder is what it
 * cosigned last, made durable before anybody is told. One process at a time. Thread-safe.
 */
public final class DurableWitness implements AutoCloseable {
  private static final Pattern ORIGIN_HASH = Pattern.compile("[0-9a-f]{64}");

  private final Witness witness;
  private final Path folder;
  private final InstantSource clock;
  private final FileChannel lockFile;

  /**
   * Opens or creates the folder, and locks it until closed.
   *
   * @throws SlipwayException CONFIGURATION_INVALID if another process holds it, STORE_UNAVAILABLE
   *     if it cannot be written
   */
  public DurableWitness(Witness witness, Path folder, InstantSource clock) {
    this.witness = witness;
    this.folder = folder;
    this.clock = clock;
    try {
      Files.createDirectories(folder);
      this.lockFile =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
      if (!lock(lockFile)) {
        lockFile.close();
        throw new SlipwayException(
            ErrorCode.CONFIGURATION_INVALID,
            "witness folder %s is in use by another witness".formatted(folder));
      }
    } catch (IOException e) {
      throw unavailable("open " + folder, e);
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /**
   * Answers a request to cosign.
   *
   * @param body as it arrived
   * @throws SlipwayException STORE_UNAVAILABLE or STORE_CORRUPT if the folder fails; then nothing
   *     was cosigned
   */
  public synchronized WitnessAnswer addCheckpoint(byte[] body) {
    AddCheckpoint request;
    try {
      request = AddCheckpoint.parse(body);
    } catch (IllegalArgumentException e) {
      return new Refused(Refusal.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
    String originHash = hash(request.checkpoint().checkpoint().origin());
    Checkpoint latest = read(originHash).map(SignedCheckpoint::checkpoint).orElse(null);
    WitnessAnswer answer = witness.answer(request, latest, clock.instant());
    if (answer instanceof Cosigned cosigned) {
      write(originHash, cosigned.latest());
    }
    return answer;
  }

  /**
   * The checkpoint of a log that was cosigned last.
   *
   * @param originHash SHA-256 of the log's origin in hexadecimal
   * @return with the log's and the witness's signatures; empty if there is none
   */
  public Optional<SignedCheckpoint> latest(String originHash) {
    return ORIGIN_HASH.matcher(originHash).matches() ? read(originHash) : Optional.empty();
  }

  /** The name under which a log's checkpoint is kept and asked for. */
  public static String hash(String origin) {
    return ContentDigest.of(origin.getBytes(StandardCharsets.UTF_8))
        .value()
        .substring("sha256:".length());
  }

  /** Lets another process have the folder. */
  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw unavailable("close " + folder, e);
    }
  }

  private Optional<SignedCheckpoint> read(String originHash) {
    Path file = file(originHash);
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(SignedCheckpoint.parse(in.readNBytes(SignedNote.BYTES_MAX + 1)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unavailable("read " + file, e);
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT, "%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private void write(String originHash, SignedCheckpoint checkpoint) {
    Path file = file(originHash);
    try {
      Files.createDirectories(file.getParent());
      DurableFile.replace(file, checkpoint.toBytes());
      FileTree.syncFolder(folder);
    } catch (IOException e) {
      throw unavailable("write " + file, e);
    }
  }

  private Path file(String originHash) {
    return folder.resolve(originHash).resolve("checkpoint");
  }

  private static SlipwayException unavailable(String what, IOException cause) {
    return new SlipwayException(
        ErrorCode.STORE_UNAVAILABLE, "cannot %s: %s".formatted(what, cause), cause);
  }
}
