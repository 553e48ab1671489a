package dev.slipway.cli.audit;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.ExitCode;
import dev.slipway.core.audit.checkpoint.SignedCheckpoint;
import dev.slipway.core.audit.checkpoint.SignedNote;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.audit.receipt.Receipt;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.audit.KeyFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads keys, checkpoints and receipts; what is wrong with them becomes a {@link CliFailure}. */
public final class AuditFiles {
  private final Path folder;
  private final String what;
  private final String next;

  /**
   * @param folder against which the names of files are resolved
   * @param what the action, to be read after "could not"
   * @param next the command that helps
   */
  public AuditFiles(Path folder, String what, String next) {
    this.folder = folder;
    this.what = what;
    this.next = next;
  }

  /** The only public key of a file. */
  public VerifierKey publicKey(String file) {
    List<VerifierKey> keys = publicKeys(file);
    if (keys.size() != 1) {
      throw new CliFailure(
          ExitCode.USAGE, what, "%s: %d keys (expected: one)".formatted(file, keys.size()), next);
    }
    return keys.getFirst();
  }

  public List<VerifierKey> publicKeys(String file) {
    return attempt(() -> KeyFiles.readPublic(folder.resolve(file)));
  }

  public SigningKey privateKey(String file) {
    return attempt(() -> KeyFiles.readPrivate(folder.resolve(file)));
  }

  public SignedCheckpoint checkpoint(String file) {
    return read(file, SignedNote.BYTES_MAX, SignedCheckpoint::parse);
  }

  public Receipt receipt(String file) {
    return read(file, Receipt.BYTES_MAX, Receipt::parse);
  }

  private <T> T read(String file, int bytesMax, Function<byte[], T> parse) {
    try (InputStream in = Files.newInputStream(folder.resolve(file))) {
      return parse.apply(in.readNBytes(bytesMax + 1));
    } catch (NoSuchFileException e) {
      throw new CliFailure(ExitCode.NOT_FOUND, what, file + ": no such file", next);
    } catch (IOException e) {
      throw new CliFailure(ExitCode.ERROR, what, "%s: %s".formatted(file, e), next);
    } catch (IllegalArgumentException e) {
      throw new CliFailure(ExitCode.USAGE, what, "%s: %s".formatted(file, e.getMessage()), next);
    }
  }

  /** Does something with files, and tells its failure as this command's. */
  public <T> T attempt(Supplier<T> work) {
    try {
      return work.get();
    } catch (SlipwayException e) {
      ExitCode exit =
          switch (e.code()) {
            case NOT_FOUND -> ExitCode.NOT_FOUND;
            case CONFIGURATION_INVALID, ALREADY_EXISTS -> ExitCode.USAGE;
            case STORE_CORRUPT -> ExitCode.INTEGRITY;
            default -> ExitCode.ERROR;
          };
      throw new CliFailure(exit, what, e.getMessage(), next);
    }
  }
}
