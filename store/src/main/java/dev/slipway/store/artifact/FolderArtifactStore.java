package dev.slipway.store.artifact;

import dev.slipway.core.artifact.ArtifactPath;
import dev.slipway.core.artifact.ListedFile;
import dev.slipway.core.artifact.StoredFile;
import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.blob.TreeSource.TreeFile;
import dev.slipway.store.files.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Artifacts as files below one folder. Links are never followed. */
public final class FolderArtifactStore implements ArtifactStore {
  private static final int CHUNK_BYTES = 1 << 18;

  private final Path root;
  private final Path temporary;

  /**
   * @param temporary where files are put together; on the same file system
   * @throws SlipwayException STORE_UNAVAILABLE if the folder cannot be made
   */
  public FolderArtifactStore(Path root, Path temporary) {
    this.temporary = temporary;
    try {
      Files.createDirectories(root);
      this.root = root.toRealPath();
    } catch (IOException e) {
      throw unavailable("cannot open the artifacts at " + root, e);
    }
  }

  private final class Arrived implements ArrivedFile {
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

    @Override
    public long sizeBytes() {
      return sizeBytes;
    }

    @Override
    public String sha256() {
      return sha256;
    }

    @Override
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
            ? Refusals.blocked(path, e)
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

  @Override
  public ArrivedFile receive(ArtifactPath path, InputStream body) {
    Refusals.requireName(path);
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

  @Override
  public ArtifactKind kind(ArtifactPath path) {
    return kind(root, path);
  }

  /** As {@link #kind(ArtifactPath)}, below another folder that nobody writes to. */
  public static ArtifactKind kind(Path below, ArtifactPath path) {
    Path file = locate(below, path);
    boolean isFile = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    try {
      if ((isFile || Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
          && file.toRealPath().startsWith(below.toRealPath())) {
        return isFile ? ArtifactKind.FILE : ArtifactKind.FOLDER;
      }
      return ArtifactKind.NOTHING;
    } catch (IOException e) {
      return ArtifactKind.NOTHING;
    }
  }

  @Override
  public StoredFile.OnDisk open(ArtifactPath path) {
    return open(root, path);
  }

  /** As {@link #open(ArtifactPath)}, below another folder that nobody writes to. */
  public static StoredFile.OnDisk open(Path below, ArtifactPath path) {
    if (kind(below, path) != ArtifactKind.FILE) {
      throw Refusals.notFound(path);
    }
    return new StoredFile.OnDisk(locate(below, path));
  }

  /**
   * The place of a file or folder below a folder that nobody writes to.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public static Path find(Path below, ArtifactPath path) {
    if (kind(below, path) == ArtifactKind.NOTHING) {
      throw Refusals.notFound(path);
    }
    return locate(below, path);
  }

  @Override
  public List<ListedFile> list(ArtifactPath path) {
    return list(root, path);
  }

  /** As {@link #list(ArtifactPath)}, below another folder that nobody writes to. */
  public static List<ListedFile> list(Path below, ArtifactPath path) {
    if (kind(below, path) != ArtifactKind.FOLDER) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(locate(below, path))) {
      return files
          .filter(file -> !Files.isSymbolicLink(file))
          .map(FolderArtifactStore::listed)
          .sorted(Comparator.comparing(ListedFile::name))
          .toList();
    } catch (NotDirectoryException | NoSuchFileException e) {
      return List.of(); // It went meanwhile.
    } catch (IOException e) {
      throw unavailable("cannot list the artifacts at " + path, e);
    }
  }

  /**
   * @throws SlipwayException BAD_REQUEST for a link or a special file, which no version may hold
   */
  @Override
  public void each(ArtifactPath path, Consumer<TreeFile> files) {
    if (kind(path) == ArtifactKind.NOTHING) {
      return;
    }
    Path source = locate(path);
    try {
      Files.walkFileTree(
          source,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              String name =
                  file.equals(source)
                      ? path.names().getLast()
                      : source.relativize(file).toString().replace('\\', '/');
              if (!attributes.isRegularFile()) {
                throw new SlipwayException(
                    ErrorCode.BAD_REQUEST,
                    "artifact: '%s' is a link or a special file (expected: regular files and folders)"
                        .formatted(name));
              }
              files.accept(new TreeFile(name, attributes.size(), out -> FileTree.read(file, out)));
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw unavailable("cannot read the artifacts at " + path, e);
    }
  }

  private static ListedFile listed(Path file) {
    boolean isFolder = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
    return new ListedFile(
        String.valueOf(file.getFileName()), isFolder, isFolder ? 0 : file.toFile().length());
  }

  @Override
  public void delete(ArtifactPath path) {
    Refusals.requireName(path);
    if (kind(path) == ArtifactKind.NOTHING) {
      throw Refusals.notFound(path);
    }
    try {
      FileTree.delete(locate(path));
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
      throw Refusals.notFound(path);
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

  private static SlipwayException unavailable(String what, IOException cause) {
    return new SlipwayException(ErrorCode.STORE_UNAVAILABLE, what, cause);
  }
}
