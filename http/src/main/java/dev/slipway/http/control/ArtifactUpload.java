package dev.slipway.http.control;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.files.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of a registration, on disk until this is closed. */
final class ArtifactUpload implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ArtifactUpload.class);

  private final Path folder;

  private ArtifactUpload(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads the body to its end.
   *
   * @param temporary where a folder of its own is made
   * @throws SlipwayException BAD_REQUEST, PAYLOAD_TOO_LARGE, STORE_UNAVAILABLE
   */
  static ArtifactUpload receive(ControlRequest request, Path temporary, UploadLimits limits) {
    Path folder;
    try {
      folder = Files.createTempDirectory(temporary, "upload-");
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.STORE_UNAVAILABLE, "cannot keep the upload", e);
    }
    ArtifactUpload upload = new ArtifactUpload(folder);
    boolean received = false;
    try {
      if (isZip(request)) {
        new SafeUnzip(limits).unpack(request.body(), folder);
      } else {
        receiveFile(request, folder, limits);
      }
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

  /** The artifact: a zip of one folder and nothing else is that folder. */
  Path root() {
    List<Path> entries;
    try (Stream<Path> list = Files.list(folder)) {
      entries = list.toList();
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.STORE_UNAVAILABLE, "cannot read the upload", e);
    }
    return entries.size() == 1 && Files.isDirectory(entries.getFirst())
        ? entries.getFirst()
        : folder;
  }

  @Override
  public void close() {
    try {
      FileTree.delete(folder);
    } catch (IOException e) {
      // It lies in the temporary folder, which the next start empties.
      LOG.warn("cannot delete {}: {}", folder, e.toString());
    }
  }

  private static boolean isZip(ControlRequest request) {
    String type = request.headers().getOrDefault("content-type", "");
    int parameters = type.indexOf(';');
    String media = parameters < 0 ? type : type.substring(0, parameters);
    return media.strip().toLowerCase(Locale.ROOT).equals("application/zip");
  }

  private static void receiveFile(ControlRequest request, Path folder, UploadLimits limits)
      throws IOException {
    Path file = folder.resolve(fileName(request));
    try (InputStream body = new BoundedStream(request.body(), limits.tree().bytesMax())) {
      Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String fileName(ControlRequest request) {
    String name = request.query().getOrDefault("filename", "");
    boolean plain =
        !name.isEmpty()
            && name.length() <= 255
            && !name.equals(".")
            && !name.equals("..")
            && name.indexOf('/') < 0
            && name.indexOf('\\') < 0
            && name.chars().noneMatch(Character::isISOControl);
    try {
      if (plain && Path.of(name).getNameCount() == 1) {
        return name;
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
