package dev.slipway.store.blob;

import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.store.files.FileTree;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Artifacts as folders below {@code sha256/}, each named by its digest.
 *
 * <p>Invariants: a folder below {@code sha256/} appears by one atomic rename, after its files and
 * its folders were synced; it is never written again; and everything in {@code tmp/} is garbage
 * when no process holds the store. The owner of the folder sees to it that only one process does.
 */
public final class FileBlobStore implements BlobStore {
  private static final Logger LOG = LoggerFactory.getLogger(FileBlobStore.class);

  private final Path kept;
  private final Path staging;
  private final TreeLimits limits;
  private final Map<ArtifactDigest, FrozenTree> verified = new ConcurrentHashMap<>();

  /**
   * Opens or creates a store, and removes what a crash left half-written.
   *
   * @throws SlipwayException STORE_UNAVAILABLE if the folder cannot be written
   */
  public FileBlobStore(Path root, TreeLimits limits) {
    this.kept = root.resolve("sha256");
    this.staging = root.resolve("tmp");
    this.limits = limits;
    try {
      Files.createDirectories(kept);
      FileTree.delete(staging);
      Files.createDirectories(staging);
      FileTree.syncFolder(root);
    } catch (IOException e) {
      throw unavailable("cannot open the artifact store at " + root, e);
    }
  }

  @Override
  public Staged stage(List<Path> sources) {
    return staged(
        (copy, digest) -> {
          TreeScan scan = new TreeScan(limits);
          for (Path source : sources) {
            if (!Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
              throw new SlipwayException(
                  ErrorCode.NOT_FOUND,
                  "artifact: %s (expected: a file or a folder)".formatted(source));
            }
            scan.add(source);
          }
          requireSome(scan.entries());
          for (TreeScan.Entry entry : scan.entries()) {
            Path to = copy.resolve(entry.path());
            Files.createDirectories(to.getParent());
            FileTree.Hashed hashed = FileTree.copy(entry.file(), to, Sha256.create());
            digest.add(entry.path(), hashed.bytes(), hashed.digest());
          }
        });
  }

  @Override
  public Staged stage(TreeSource source) {
    return staged(
        (copy, digest) -> {
          TreeScan scan = new TreeScan(limits);
          List<TreeSource.TreeFile> files = new ArrayList<>();
          source.each(
              file -> {
                scan.count(file.path(), file.bytes());
                files.add(file);
              });
          requireSome(files);
          for (TreeSource.TreeFile file : files) {
            write(copy, digest, file.path(), file.content());
            // It may be another file by now than the one that was counted.
            TreeScan.requireWithin(limits, digest.sizeBytes(), digest.files());
          }
        });
  }

  private static void requireSome(Collection<?> files) {
    if (files.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "artifact: no file (expected: at least a model file)");
    }
  }

  /** Gives the bytes of a file of a tree. */
  interface FileSource {
    void copyTo(TreeManifest.Entry file, OutputStream to) throws IOException;
  }

  /**
   * Puts a tree together from elsewhere. Its digest is that of the bytes that came.
   *
   * @throws SlipwayException STORE_UNAVAILABLE if it cannot be written; what the source throws
   */
  StagedTree assemble(TreeManifest manifest, FileSource source) {
    return staged(
        (copy, digest) -> {
          for (TreeManifest.Entry entry : manifest.entries()) {
            write(copy, digest, entry.path(), out -> source.copyTo(entry, out));
          }
        });
  }

  private static void write(Path copy, TreeDigest digest, String path, FileTree.Content content)
      throws IOException {
    Path to = copy.resolve(path).normalize();
    if (!to.startsWith(copy) || to.equals(copy)) {
      throw new SlipwayException(ErrorCode.STORE_CORRUPT, "artifact: a path that leads out of it");
    }
    Files.createDirectories(to.getParent());
    FileTree.Hashed hashed = FileTree.write(to, Sha256.create(), content);
    digest.add(path, hashed.bytes(), hashed.digest());
  }

  private interface Filling {
    void fill(Path copy, TreeDigest digest) throws IOException;
  }

  /** What does not become whole leaves nothing. */
  private Staged staged(Filling filling) {
    Path copy = staging.resolve(UUID.randomUUID().toString());
    boolean whole = false;
    try {
      TreeDigest digest = new TreeDigest();
      filling.fill(copy, digest);
      FileTree.syncFolders(copy);
      whole = true;
      return new Staged(copy, digest);
    } catch (IOException e) {
      throw unavailable("cannot copy the artifact: " + e, e);
    } finally {
      if (!whole) {
        deleteQuietly(copy);
      }
    }
  }

  @Override
  public FrozenTree open(ArtifactDigest digest) {
    FrozenTree known = verified.get(digest);
    return known == null ? verify(digest) : known;
  }

  @Override
  public FrozenTree verify(ArtifactDigest digest) {
    verified.remove(digest);
    Path root = folderOf(digest);
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT, "artifact %s is missing from the store".formatted(digest));
    }
    try {
      TreeDigest actual = new TreeDigest();
      TreeScan scan = new TreeScan(limits);
      scan.add(root);
      for (TreeScan.Entry entry : scan.entries()) {
        FileTree.Hashed hashed = FileTree.hash(entry.file(), Sha256.create());
        actual.add(entry.path(), hashed.bytes(), hashed.digest());
      }
      if (!actual.digest().equals(digest)) {
        throw new SlipwayException(
            ErrorCode.STORE_CORRUPT,
            "artifact %s: the kept bytes have digest %s".formatted(digest, actual.digest()));
      }
      FrozenTree tree = new FrozenTree(digest, root, actual.sizeBytes(), actual.files());
      verified.put(digest, tree);
      return tree;
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT,
          "artifact %s cannot be read: %s".formatted(digest, e.getClass().getSimpleName()),
          e);
    }
  }

  @Override
  public synchronized long discard(ArtifactDigest digest) {
    verified.remove(digest);
    Path root = folderOf(digest);
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return 0;
    }
    // It leaves by one rename, as it came; a crash after that leaves it to the next start.
    Path discarded = staging.resolve("discarded-" + UUID.randomUUID());
    try {
      Files.move(root, discarded, StandardCopyOption.ATOMIC_MOVE);
      FileTree.syncFolder(groupOf(digest));
      long bytes = FileTree.sizeBytes(discarded);
      FileTree.delete(discarded);
      return bytes;
    } catch (IOException e) {
      throw unavailable("cannot remove artifact " + digest, e);
    }
  }

  @Override
  public List<ArtifactDigest> digests() {
    try (Stream<Path> groups = Files.list(kept)) {
      return groups
          .flatMap(FileBlobStore::list)
          .map(folder -> new ArtifactDigest("sha256:" + folder.getFileName()))
          .sorted((a, b) -> a.value().compareTo(b.value()))
          .toList();
    } catch (IOException e) {
      throw unavailable("cannot list the artifact store", e);
    }
  }

  @Override
  public List<ArtifactDigest> discardable() {
    return digests();
  }

  @Override
  public String probe() {
    return kept.toString();
  }

  private static Stream<Path> list(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList().stream();
    } catch (IOException e) {
      throw unavailable("cannot list " + folder, e);
    }
  }

  /** Two levels, so that no folder grows beyond what file systems list quickly. */
  private Path folderOf(ArtifactDigest digest) {
    return groupOf(digest).resolve(digest.hex());
  }

  private Path groupOf(ArtifactDigest digest) {
    return kept.resolve(digest.hex().substring(0, 2));
  }

  private static SlipwayException unavailable(String what, IOException cause) {
    return new SlipwayException(ErrorCode.STORE_UNAVAILABLE, what, cause);
  }

  private static void deleteQuietly(Path folder) {
    try {
      FileTree.delete(folder);
    } catch (IOException e) {
      // It lies in tmp/, which the next start empties.
      LOG.warn("cannot delete {}: {}", folder, e.toString());
    }
  }

  final class Staged implements StagedTree {
    private final Path copy;
    private final TreeManifest manifest;
    private final ArtifactDigest digest;
    private final long sizeBytes;
    private final int files;

    Staged(Path copy, TreeDigest digest) {
      this.copy = copy;
      this.manifest = digest.manifest();
      this.digest = digest.digest();
      this.sizeBytes = digest.sizeBytes();
      this.files = digest.files();
    }

    /** What it holds. */
    TreeManifest manifest() {
      return manifest;
    }

    @Override
    public ArtifactDigest digest() {
      return digest;
    }

    @Override
    public Path root() {
      return copy;
    }

    @Override
    public long sizeBytes() {
      return sizeBytes;
    }

    @Override
    public FrozenTree freeze() {
      synchronized (FileBlobStore.this) {
        Path target = folderOf(digest);
        try {
          if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            try {
              return verify(digest);
            } catch (SlipwayException damaged) {
              // The copy at hand has the right bytes: it mends the store.
              LOG.warn("replacing a damaged artifact: {}", damaged.getMessage());
              Files.move(target, staging.resolve("damaged-" + UUID.randomUUID()));
            }
          }
          Files.createDirectories(groupOf(digest));
          Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
          FileTree.syncFolder(groupOf(digest));
          FileTree.syncFolder(kept);
        } catch (AtomicMoveNotSupportedException e) {
          throw unavailable("the artifact store must lie on one file system: " + target, e);
        } catch (IOException e) {
          throw unavailable("cannot keep artifact " + digest, e);
        }
        FrozenTree tree = new FrozenTree(digest, target, sizeBytes, files);
        verified.put(digest, tree);
        return tree;
      }
    }

    @Override
    public void close() {
      deleteQuietly(copy);
    }
  }
}
