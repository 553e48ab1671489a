package dev.slipway.platform.upload;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Takes uploads in, each into a folder of its own. Thread-safe; blocks until the body's end. */
public final class Uploads {
  private final Path temporary;
  private final UploadLimits limits;

  /**
   * @param temporary where the folders are made
   */
  public Uploads(Path temporary, UploadLimits limits) {
    this.temporary = temporary;
    this.limits = limits;
  }

  /**
   * Unpacks a zip while it arrives.
   *
   * @throws SlipwayException BAD_REQUEST if it is no sound zip or a path in it leads outside,
   *     PAYLOAD_TOO_LARGE past a limit, STORE_UNAVAILABLE if it cannot be written
   */
  public UploadedArtifact zip(InputStream body) {
    return receive(folder -> new SafeUnzip(limits).unpack(body, folder));
  }

  /**
   * Takes one file.
   *
   * @param name the file's own name, without a path
   * @throws SlipwayException BAD_REQUEST if it is no plain name, else as {@link #zip}
   */
  public UploadedArtifact file(String name, InputStream body) {
    requirePlain(name);
    return receive(
        folder ->
            Files.copy(new BoundedStream(body, limits.tree().bytesMax()), folder.resolve(name)));
  }

  private interface Receiver {
    void receive(Path folder) throws IOException;
  }

  private UploadedArtifact receive(Receiver receiver) {
    Path folder;
    try {
      folder = Files.createTempDirectory(temporary, "upload-");
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.STORE_UNAVAILABLE, "cannot keep the upload", e);
    }
    UploadedArtifact upload = new UploadedArtifact(folder);
    boolean received = false;
    try {
      receiver.receive(folder);
      received = true;
      return upload;
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.STORE_UNAVAILABLE, "cannot keep the upload: " + e, e);
    } finally {
      if (!received) {
        upload.close();
      }
    }
  }

  private static void requirePlain(String name) {
    boolean plain =
        !name.isEmpty()
            && name.length() <= 255
            && !name.equals(".")
            && !name.equals("..")
            && name.indexOf('/') < 0
            && name.indexOf('\\') < 0
            && name.indexOf(':') < 0
            && name.chars().noneMatch(Character::isISOControl);
    try {
      if (plain && Path.of(name).getNameCount() == 1) {
        return;
      }
    } catch (InvalidPathException e) {
      // Falls through to the one message.
    }
    throw new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "filename: '%s' (expected: the file's own name, or a zip with Content-Type: application/zip)"
            .formatted(name.replaceAll("\\p{Cntrl}", "?")));
  }
}
