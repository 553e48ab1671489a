package dev.slipway.platform.artifact;

import dev.slipway.core.artifact.ArtifactPath;
import dev.slipway.core.artifact.ListedFile;
import dev.slipway.core.artifact.StoredFile;
import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.store.artifact.ArrivedFile;
import dev.slipway.store.artifact.ArtifactKind;
import dev.slipway.store.artifact.ArtifactStore;
import dev.slipway.store.artifact.FolderArtifactStore;
import dev.slipway.store.blob.BlobStore;
import dev.slipway.store.blob.StagedTree;
import dev.slipway.store.control.ControlStore;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps and gives files by path. Paths below {@code frozen/DIGEST} are the files of registered
 * versions: anybody may read them and nobody change them. Thread-safe; every method blocks.
 *
 * <p>A change is in the audit log before it happens, so that nothing changes unseen; a crash in
 * between leaves an entry about a file that nobody was told is there.
 */
public final class Artifacts {
  /** First name of the paths of frozen files. */
  public static final String FROZEN = "frozen";

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final String KIND = "artifact";

  private final ArtifactStore logged;
  private final BlobStore blobs;
  private final ControlStore store;
  private final InstantSource clock;

  /**
   * @param logged where the files lie that runs and logged models log
   */
  public Artifacts(ArtifactStore logged, BlobStore blobs, ControlStore store, InstantSource clock) {
    this.logged = logged;
    this.blobs = blobs;
    this.store = store;
    this.clock = clock;
  }

  /**
   * Keeps a file; what was there is replaced. The body is read as it comes, with constant memory.
   *
   * @throws SlipwayException PERMISSION_DENIED below {@code frozen/}; BAD_REQUEST for a path that
   *     cannot be a file's; what reading the body throws
   */
  public void put(Actor actor, ArtifactPath path, InputStream body) {
    requireOpen(path);
    try (ArrivedFile file = logged.receive(path, body)) {
      ContentDigest digest = new ContentDigest("sha256:" + file.sha256());
      store.commit(work -> work.append(entry(actor, "artifact.written", path, List.of(digest))));
      file.keep();
    }
  }

  /**
   * The bytes of a file.
   *
   * @throws SlipwayException NOT_FOUND, also for a folder
   */
  public StoredFile open(ArtifactPath path) {
    Frozen frozen = frozen(path);
    return frozen == null
        ? logged.open(path)
        : FolderArtifactStore.open(rootOf(frozen), frozen.below());
  }

  /** What a folder holds, in the order of the names; of a file or of nothing: none. */
  public List<ListedFile> list(ArtifactPath path) {
    Frozen frozen = frozen(path);
    return frozen == null
        ? logged.list(path)
        : FolderArtifactStore.list(rootOf(frozen), frozen.below());
  }

  /**
   * Copies a file, or the files of a folder, aside to be frozen.
   *
   * @return empty if there is no file
   * @throws SlipwayException as {@link BlobStore#stage(dev.slipway.store.blob.TreeSource)}
   */
  public Optional<StagedTree> stage(ArtifactPath path) {
    Frozen frozen = frozen(path);
    if (frozen == null) {
      return holdsFiles(logged.kind(path), path)
          ? Optional.of(blobs.stage(files -> logged.each(path, files)))
          : Optional.empty();
    }
    Path root = rootOf(frozen);
    return holdsFiles(FolderArtifactStore.kind(root, frozen.below()), path)
        ? Optional.of(blobs.stage(List.of(FolderArtifactStore.find(root, frozen.below()))))
        : Optional.empty();
  }

  private boolean holdsFiles(ArtifactKind kind, ArtifactPath path) {
    return switch (kind) {
      case NOTHING -> false;
      case FILE -> true;
      case FOLDER -> !list(path).isEmpty();
    };
  }

  private Path rootOf(Frozen frozen) {
    return blobs.open(frozen.digest()).root();
  }

  /**
   * Deletes a file, or a folder with what it holds.
   *
   * @throws SlipwayException NOT_FOUND; PERMISSION_DENIED below {@code frozen/}
   */
  public void delete(Actor actor, ArtifactPath path) {
    requireOpen(path);
    if (logged.kind(path) == ArtifactKind.NOTHING) {
      throw new SlipwayException(ErrorCode.NOT_FOUND, "no artifact at '%s'".formatted(path));
    }
    store.commit(work -> work.append(entry(actor, "artifact.deleted", path, List.of())));
    logged.delete(path);
  }

  private AuditEntry entry(
      Actor actor, String action, ArtifactPath path, List<ContentDigest> evidence) {
    String name = path.toString();
    // A longer path is named by its digest: a name in the log has a limit.
    String subject =
        name.isEmpty() || name.length() > AuditEntry.NAME_CHARACTERS_MAX
            ? ContentDigest.of(name.getBytes(StandardCharsets.UTF_8)).value()
            : name;
    return AuditEntry.of(actor, action, new Subject(KIND, subject), clock.instant())
        .withEvidence(evidence);
  }

  private record Frozen(ArtifactDigest digest, ArtifactPath below) {}

  private static @Nullable Frozen frozen(ArtifactPath path) {
    List<String> names = path.names();
    if (names.isEmpty() || !names.getFirst().equals(FROZEN)) {
      return null;
    }
    if (names.size() == 1 || !DIGEST.matcher(names.get(1)).matches()) {
      throw new SlipwayException(
          ErrorCode.NOT_FOUND, "no artifact at '%s' (expected: frozen/DIGEST)".formatted(path));
    }
    return new Frozen(
        new ArtifactDigest("sha256:" + names.get(1)),
        new ArtifactPath(names.subList(2, names.size())));
  }

  private static void requireOpen(ArtifactPath path) {
    if (!path.names().isEmpty() && path.names().getFirst().equals(FROZEN)) {
      throw new SlipwayException(
          ErrorCode.PERMISSION_DENIED,
          "artifact '%s' belongs to a registered version, whose files never change"
              .formatted(path));
    }
  }
}
