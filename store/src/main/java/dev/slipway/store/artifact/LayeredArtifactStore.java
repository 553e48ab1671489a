package dev.slipway.store.artifact;

import dev.slipway.core.artifact.ArtifactPath;
import dev.slipway.core.artifact.ListedFile;
import dev.slipway.core.artifact.StoredFile;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.blob.TreeSource.TreeFile;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A store that took the place of another one, whose files are still there. What is written goes to
 * the new one, and what the earlier one had there goes then; so of a path that both have, which a
 * crash in between leaves, the new one's file is the newer.
 *
 * <p>The new one is asked first. While it does not answer nobody is told what the earlier one has:
 * it may be out of date.
 */
public final class LayeredArtifactStore implements ArtifactStore {
  private final ArtifactStore now;
  private final ArtifactStore earlier;

  /**
   * @param earlier quick to ask: it is asked for each folder on the way to a file
   */
  public LayeredArtifactStore(ArtifactStore now, ArtifactStore earlier) {
    this.now = now;
    this.earlier = earlier;
  }

  @Override
  public ArrivedFile receive(ArtifactPath path, InputStream body) {
    return new Arrived(path, now.receive(path, body));
  }

  private final class Arrived implements ArrivedFile {
    private final ArtifactPath path;
    private final ArrivedFile file;

    private Arrived(ArtifactPath path, ArrivedFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public long sizeBytes() {
      return file.sizeBytes();
    }

    @Override
    public String sha256() {
      return file.sha256();
    }

    @Override
    public void keep() {
      boolean isEarlier = requirePlace(path);
      file.keep();
      if (isEarlier) {
        deleteEarlier(path);
      }
    }

    @Override
    public void close() {
      file.close();
    }
  }

  /** Another upload of the same path may have deleted it meanwhile. */
  private void deleteEarlier(ArtifactPath path) {
    try {
      earlier.delete(path);
    } catch (SlipwayException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
    }
  }

  /** Whether the earlier store has a file there. */
  private boolean requirePlace(ArtifactPath path) {
    List<String> names = path.names();
    for (int depth = 1; depth < names.size(); depth++) {
      switch (earlier.kind(new ArtifactPath(names.subList(0, depth)))) {
        case NOTHING -> {
          return false;
        }
        case FILE -> throw Refusals.blocked(path, null);
        case FOLDER -> {}
      }
    }
    return switch (earlier.kind(path)) {
      case NOTHING -> false;
      case FILE -> true;
      case FOLDER -> {
        if (!earlier.list(path).isEmpty()) {
          throw Refusals.blocked(path, null);
        }
        yield true;
      }
    };
  }

  /** The earlier store is asked first: files go from it to the other one, never back. */
  @Override
  public ArtifactKind kind(ArtifactPath path) {
    ArtifactKind before = earlier.kind(path);
    ArtifactKind kind = now.kind(path);
    return kind == ArtifactKind.NOTHING ? before : kind;
  }

  @Override
  public StoredFile open(ArtifactPath path) {
    if (earlier.kind(path) == ArtifactKind.FILE && now.kind(path) == ArtifactKind.NOTHING) {
      try {
        return earlier.open(path);
      } catch (SlipwayException e) {
        if (e.code() != ErrorCode.NOT_FOUND) {
          throw e;
        }
        // It went over to the other store between the two questions.
      }
    }
    return now.open(path);
  }

  @Override
  public List<ListedFile> list(ArtifactPath path) {
    Map<String, ListedFile> files = new TreeMap<>();
    earlier.list(path).forEach(file -> files.put(file.name(), file));
    now.list(path).forEach(file -> files.put(file.name(), file));
    return List.copyOf(files.values());
  }

  /** What the earlier store has is listed first, so that a file which goes over is not missed. */
  @Override
  public void each(ArtifactPath path, Consumer<TreeFile> files) {
    List<TreeFile> before = new ArrayList<>();
    earlier.each(path, before::add);
    Set<String> given = new HashSet<>();
    now.each(
        path,
        file -> {
          given.add(file.path());
          files.accept(file);
        });
    before.stream().filter(file -> !given.contains(file.path())).forEach(files);
  }

  /** The earlier file goes first: after a crash in between, an old one must not come back. */
  @Override
  public void delete(ArtifactPath path) {
    Refusals.requireName(path);
    boolean isNow = now.kind(path) != ArtifactKind.NOTHING;
    boolean isEarlier = earlier.kind(path) != ArtifactKind.NOTHING;
    if (isEarlier) {
      earlier.delete(path);
    }
    if (isNow) {
      now.delete(path);
    } else if (!isEarlier) {
      throw Refusals.notFound(path);
    }
  }
}
