package dev.slipway.store.artifact;

import dev.slipway.core.artifact.ArtifactPath;
import dev.slipway.core.artifact.ListedFile;
import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.files.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Artifacts as files below one folder. A file appears whole or not at all, and is durable when it
 * does. Links are never followed. Thread-safe; every method blocks.
 */
public final class ArtifactFolder {
  private static final int CHUNK_BYTES = 1 << 18;

  private final Path root;
  private final Path temporary;

  /**
   * @param temporary where files are put together; on the same file system
   * @throws SlipwayException STORE_UNAVAILABLE if the folder cannot be made
   */
  public ArtifactFolder(Path root, Path temporary) {
    this.temporary = temporary;
    try {
      Files.createDirectories(root);
      this.root = root.toRealPath();
    } catch (IOException e) {
      throw unavailable("cannot open the artifacts at " + root, e);
    }
  }

  /** A file that has arrived and is not in its place yet. Closing it forgets it. */
  public final class Arrived implements AutoCloseable {
    private final Path file;
    private final ArtifactPath path;
    private final long sizeBytes;
    private final String sha256;

    private Arrived(Path file, ArtifactPath path, long sizeBytes, String sha256) {
      this.file = file;
      this.path = path;
      this.sizeBytes = sizeBytes;
      this.sha256 = sha256;
    }

    public long sizeBytes() {
      return sizeBytes;
    }

    /** Digest of its bytes, 64 hexadecimal digits. */
    public String sha256() {
      return sha256;
    }

    /**
     * Puts the file in its place; what was there is replaced.
     *
     * @throws SlipwayException BAD_REQUEST if a folder is there, or a file where a folder is needed
     */
    public void keep() {
      Path target = locate(path);
      try {
        Path folder = Objects.requireNonNull(target.getParent());
        makeFolders(folder);
        requireWithin(folder);
        Files.move(
            file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        FileTree.syncFolder(folder);
      } catch (FileSystemException e) {
        throw Files.isDirectory(target) || blockedByFile(target)
            ? new SlipwayException(
                ErrorCode.BAD_REQUEST,
                "path: '%s' (expected: no folder there, and no file where it needs a folder)"
                    .formatted(path),
                e)
            : unavailable("cannot keep the artifact " + path, e);
      } catch (IOException e) {
        throw unavailable("cannot keep the artifact " + path, e);
      }
    }

    @Override
    public void close() {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // It lies in the temporary folder, which the next start empties.
      }
    }
  }

  /**
   * Reads a file's bytes as they come, and makes them durable aside.
   *
   * @throws SlipwayException BAD_REQUEST for the root; STORE_UNAVAILABLE if they cannot be written;
   *     what reading {@code body} throws
   */
  public Arrived receive(ArtifactPath path, InputStream body) {
    if (path.names().isEmpty()) {
      throw new SlipwayException(ErrorCode.BAD_REQUEST, "path: '' (expected: a file's)");
    }
    Path file = temporary.resolve("artifact-" + UUID.randomUUID());
    Arrived arrived = null;
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      MessageDigest digest = Sha256.create();
      byte[] chunk = new byte[CHUNK_BYTES];
      long bytes = 0;
      for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
        digest.update(chunk, 0, count);
        ByteBuffer rest = ByteBuffer.wrap(chunk, 0, count);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        bytes += count;
      }
      out.force(true);
      arrived = new Arrived(file, path, bytes, HexFormat.of().formatHex(digest.digest()));
      return arrived;
    } catch (IOException e) {
      throw unavailable("cannot receive the artifact " + path, e);
    } finally {
      if (arrived == null) {
        new Arrived(file, path, 0, "").close();
      }
    }
  }

  /**
   * A file on this disk, or a folder.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public Path find(ArtifactPath path) {
    return find(root, path);
  }

  /** As {@link #find(ArtifactPath)}, below another folder that nobody writes to. */
  public static Path find(Path below, ArtifactPath path) {
    Path file = locate(below, path);
    boolean there =
        Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            || Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
    try {
      if (there && file.toRealPath().startsWith(below.toRealPath())) {
        return file;
      }
    } catch (IOException e) {
      throw notFound(path, e);
    }
    throw notFound(path, null);
  }

  /** Files and folders of a folder in the order of their names; of a file or of nothing: none. */
  public List<ListedFile> list(ArtifactPath path) {
    return list(root, path);
  }

  /** As {@link #list(ArtifactPath)}, below another folder that nobody writes to. */
  public static List<ListedFile> list(Path below, ArtifactPath path) {
    Path folder;
    try {
      folder = find(below, path);
    } catch (SlipwayException e) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !Files.isSymbolicLink(file))
          .map(ArtifactFolder::listed)
          .sorted(Comparator.comparing(ListedFile::name))
          .toList();
    } catch (NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw unavailable("cannot list the artifacts at " + path, e);
    }
  }

  private static ListedFile listed(Path file) {
    boolean isFolder = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
    return new ListedFile(
        String.valueOf(file.getFileName()), isFolder, isFolder ? 0 : file.toFile().length());
  }

  /**
   * Deletes a file, or a folder with what it holds.
   *
   * @throws SlipwayException NOT_FOUND; BAD_REQUEST for the root
   */
  public void delete(ArtifactPath path) {
    if (path.names().isEmpty()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "path: '' (expected: a file or a folder of a run)");
    }
    try {
      FileTree.delete(find(path));
    } catch (IOException e) {
      throw unavailable("cannot delete the artifact " + path, e);
    }
  }

  private Path locate(ArtifactPath path) {
    return locate(root, path);
  }

  private static Path locate(Path below, ArtifactPath path) {
    Path file = below;
    for (String name : path.names()) {
      file = file.resolve(name);
    }
    if (!file.normalize().startsWith(below.normalize())) {
      throw notFound(path, null);
    }
    return file;
  }

  private void makeFolders(Path folder) throws IOException {
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Path parent = Objects.requireNonNull(folder.getParent());
    makeFolders(parent);
    requireWithin(parent);
    Files.createDirectories(folder);
    FileTree.syncFolder(parent);
  }

  /** Somebody with access to the disk may have put a link there. */
  private void requireWithin(Path folder) throws IOException {
    if (!folder.toRealPath().startsWith(root)) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "path: '%s' leads out of the artifacts (expected: no link)"
              .formatted(root.relativize(folder)));
    }
  }

  private boolean blockedByFile(Path target) {
    for (Path at = target.getParent(); at != null && at.startsWith(root); at = at.getParent()) {
      if (Files.isRegularFile(at, LinkOption.NOFOLLOW_LINKS)) {
        return true;
      }
    }
    return false;
  }

  private static SlipwayException notFound(ArtifactPath path, @Nullable Throwable cause) {
    return new SlipwayException(ErrorCode.NOT_FOUND, "no artifact at '%s'".formatted(path), cause);
  }

  private static SlipwayException unavailable(String what, IOException cause) {
    return new SlipwayException(ErrorCode.STORE_UNAVAILABLE, what, cause);
  }
}
