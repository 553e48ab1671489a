package dev.slipway.store.artifact;

import dev.slipway.core.artifact.ArtifactPath;
import dev.slipway.core.artifact.ListedFile;
import dev.slipway.core.artifact.StoredFile;
import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.blob.TreeSource.TreeFile;
import dev.slipway.store.s3.ObjectStream;
import dev.slipway.store.s3.ObjectUpload;
import dev.slipway.store.s3.OwnedBucket;
import dev.slipway.store.s3.S3Bucket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Artifacts as objects {@code artifacts/PATH} of a bucket. Nothing of them lies on this disk but
 * the piece of an upload that is on its way.
 *
 * <p>Invariants: no object's path is a folder of another object's, which {@link ArrivedFile#keep}
 * looks at before the object appears; and only one server writes, as {@link OwnedBucket} has it. An
 * object whose key no path names, which only somebody else can have put there, is not seen.
 */
public final class S3ArtifactStore implements ArtifactStore {
  private static final Logger LOG = LoggerFactory.getLogger(S3ArtifactStore.class);

  private static final String ARTIFACTS = "artifacts/";
  private static final int CHUNK_BYTES = 1 << 18;

  private final OwnedBucket owned;
  private final S3Bucket bucket;
  private final Path temporary;
  private final PlacesInUse places = new PlacesInUse();
  private final ReentrantLock clearing = new ReentrantLock();
  private boolean cleared;

  /**
   * Asks nothing of the bucket yet.
   *
   * @param owned not closed by this
   * @param temporary where pieces of uploads lie
   */
  public S3ArtifactStore(OwnedBucket owned, Path temporary) {
    this.owned = owned;
    this.bucket = owned.bucket();
    this.temporary = temporary;
  }

  @Override
  public ArrivedFile receive(ArtifactPath path, InputStream body) {
    Refusals.requireName(path);
    if (isTooLong(path)) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "path: '%s...' of %d bytes (expected: at most %d in %s)"
              .formatted(
                  path.names().getFirst(),
                  bytes(path),
                  bucket.keyBytesMax() - ARTIFACTS.length() - 1,
                  bucket.place()));
    }
    ObjectUpload upload = begin(path);
    boolean whole = false;
    try {
      MessageDigest digest = Sha256.create();
      byte[] chunk = new byte[CHUNK_BYTES];
      long bytes = 0;
      for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
        digest.update(chunk, 0, count);
        upload.write(chunk, 0, count);
        bytes += count;
      }
      whole = true;
      return new Arrived(path, upload, bytes, HexFormat.of().formatHex(digest.digest()));
    } catch (IOException e) {
      throw unavailable("cannot receive the artifact " + path, e);
    } finally {
      if (!whole) {
        upload.close();
      }
    }
  }

  private ObjectUpload begin(ArtifactPath path) {
    try {
      return toWrite().begin(key(path), temporary.resolve("artifact-" + UUID.randomUUID()));
    } catch (IOException e) {
      throw unavailable("cannot receive the artifact " + path, e);
    }
  }

  /**
   * Before this server's first upload, whatever is unfinished is what a crash left: nobody else
   * writes here.
   */
  private S3Bucket toWrite() {
    S3Bucket claimed = owned.claimed();
    clearing.lock();
    try {
      if (!cleared) {
        cleared = true;
        claimed.abortUploads(ARTIFACTS);
      }
    } catch (SlipwayException e) {
      LOG.warn("{}; a rule of the bucket may end unfinished uploads", e.getMessage());
    } finally {
      clearing.unlock();
    }
    return claimed;
  }

  private final class Arrived implements ArrivedFile {
    private final ArtifactPath path;
    private final ObjectUpload upload;
    private final long sizeBytes;
    private final String sha256;

    private Arrived(ArtifactPath path, ObjectUpload upload, long sizeBytes, String sha256) {
      this.path = path;
      this.upload = upload;
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
      places.take(path);
      try {
        requirePlace(path);
        upload.complete();
      } catch (IOException e) {
        throw unavailable("cannot keep the artifact " + path, e);
      } finally {
        places.release(path);
      }
    }

    @Override
    public void close() {
      upload.close();
    }
  }

  /** Below a folder that holds something, no folder on the way is a file. */
  private void requirePlace(ArtifactPath path) {
    if (bucket.hasBelow(folderKey(path))) {
      throw Refusals.blocked(path, null);
    }
    List<String> names = path.names();
    for (int depth = names.size() - 1; depth > 0; depth--) {
      ArtifactPath above = new ArtifactPath(names.subList(0, depth));
      if (bucket.hasBelow(folderKey(above))) {
        return;
      }
      if (bucket.has(key(above))) {
        throw Refusals.blocked(path, null);
      }
    }
  }

  @Override
  public ArtifactKind kind(ArtifactPath path) {
    if (isTooLong(path)) {
      return ArtifactKind.NOTHING;
    }
    if (!path.names().isEmpty() && bucket.has(key(path))) {
      return ArtifactKind.FILE;
    }
    return bucket.hasBelow(folderKey(path)) ? ArtifactKind.FOLDER : ArtifactKind.NOTHING;
  }

  @Override
  public StoredFile.Streamed open(ArtifactPath path) {
    if (path.names().isEmpty() || isTooLong(path)) {
      throw Refusals.notFound(path);
    }
    ObjectStream stream = bucket.stream(key(path)).orElseThrow(() -> Refusals.notFound(path));
    return new StoredFile.Streamed(stream.sizeBytes(), stream);
  }

  @Override
  public List<ListedFile> list(ArtifactPath path) {
    List<ListedFile> listed = new ArrayList<>();
    if (isTooLong(path)) {
      return listed;
    }
    String folder = folderKey(path);
    bucket.folder(
        folder,
        object -> add(listed, object.key().substring(folder.length()), false, object.bytes()),
        key -> add(listed, key.substring(folder.length(), key.length() - 1), true, 0));
    listed.sort(Comparator.comparing(ListedFile::name));
    return listed;
  }

  private static void add(List<ListedFile> to, String name, boolean isFolder, long bytes) {
    if (isPath(name)) {
      to.add(new ListedFile(name, isFolder, bytes));
    }
  }

  @Override
  public void each(ArtifactPath path, Consumer<TreeFile> files) {
    if (isTooLong(path)) {
      return;
    }
    if (!path.names().isEmpty()) {
      OptionalLong bytes = bucket.size(key(path));
      if (bytes.isPresent()) {
        files.accept(file(path.names().getLast(), key(path), bytes.getAsLong()));
        return;
      }
    }
    String folder = folderKey(path);
    bucket.objects(
        folder,
        object -> {
          String below = object.key().substring(folder.length());
          if (isPath(below)) {
            files.accept(file(below, object.key(), object.bytes()));
          }
        });
  }

  private TreeFile file(String path, String key, long bytes) {
    return new TreeFile(
        path,
        bytes,
        out -> {
          try (ObjectStream stream = bucket.stream(key).orElseThrow(() -> gone(path))) {
            stream.transferTo(out);
          }
        });
  }

  private static SlipwayException gone(String path) {
    return new SlipwayException(
        ErrorCode.NOT_FOUND, "artifact '%s' was deleted while it was read".formatted(path));
  }

  @Override
  public void delete(ArtifactPath path) {
    Refusals.requireName(path);
    if (kind(path) == ArtifactKind.NOTHING) {
      throw Refusals.notFound(path);
    }
    S3Bucket to = toWrite();
    to.objects(folderKey(path), object -> to.delete(object.key()));
    to.delete(key(path));
  }

  private static boolean isPath(String text) {
    try {
      return !text.isEmpty() && !ArtifactPath.parse(text).names().isEmpty();
    } catch (SlipwayException e) {
      return false;
    }
  }

  private boolean isTooLong(ArtifactPath path) {
    return ARTIFACTS.length() + bytes(path) + 1 > bucket.keyBytesMax();
  }

  private static int bytes(ArtifactPath path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static String key(ArtifactPath path) {
    return ARTIFACTS + path;
  }

  private static String folderKey(ArtifactPath path) {
    return path.names().isEmpty() ? ARTIFACTS : ARTIFACTS + path + "/";
  }

  private static SlipwayException unavailable(String what, IOException cause) {
    return new SlipwayException(ErrorCode.STORE_UNAVAILABLE, what + ": " + cause, cause);
  }
}
