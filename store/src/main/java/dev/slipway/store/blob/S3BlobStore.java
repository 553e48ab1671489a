package dev.slipway.store.blob;

import dev.slipway.core.audit.encoding.Sha256;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.store.s3.OwnedBucket;
import dev.slipway.store.s3.S3Bucket;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Artifacts in a bucket, each with a verified copy in a local folder from which it is served.
 *
 * <pre>
 * owner                      which server writes below this prefix
 * manifests/DIGEST           the text that the digest covers: sizes and digests of the files, paths
 * files/DIGEST/SHA256        a file of that artifact, named by its bytes
 * </pre>
 *
 * <p>Invariants: a manifest is written after all of its files, and deleted before any of them, so
 * an artifact is there as a whole or not at all; no object's key holds a path; and what comes from
 * the bucket is in the local folder only after its digest was checked. Files without a manifest are
 * what a crash left: the next {@link StagedTree#freeze} or {@link #discard} of the digest takes
 * them up.
 *
 * <p>One server writes below a prefix, as {@link OwnedBucket} has it. It discards what was frozen
 * through this folder alone, so that a copy of a server that was restored elsewhere never takes
 * artifacts away from the original.
 */
public final class S3BlobStore implements BlobStore, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(S3BlobStore.class);

  private static final String MANIFESTS = "manifests/";
  private static final String FILES = "files/";

  private final FileBlobStore cache;
  private final FrozenHere frozenHere;
  private final OwnedBucket owned;
  private final S3Bucket bucket;
  private final TreeLimits limits;
  private final Map<ArtifactDigest, ReentrantLock> fetching = new ConcurrentHashMap<>();

  /**
   * Opens a store; asks nothing of the bucket yet.
   *
   * @param folder of the local copies; as for {@link FileBlobStore}
   * @param owned closed with this
   * @throws SlipwayException STORE_UNAVAILABLE if the folder cannot be written
   */
  public S3BlobStore(Path folder, TreeLimits limits, OwnedBucket owned) {
    this.cache = new FileBlobStore(folder, limits);
    this.frozenHere = new FrozenHere(folder.resolve("frozen-here"));
    this.owned = owned;
    this.bucket = owned.bucket();
    this.limits = limits;
  }

  @Override
  public StagedTree stage(List<Path> sources) {
    return new Staged(cache.stage(sources));
  }

  @Override
  public StagedTree stage(TreeSource source) {
    return new Staged(cache.stage(source));
  }

  /** Gives the local copy, which is fetched where it is missing or damaged. */
  @Override
  public FrozenTree open(ArtifactDigest digest) {
    ReentrantLock lock = fetching.computeIfAbsent(digest, any -> new ReentrantLock());
    lock.lock();
    try {
      return cache.open(digest);
    } catch (SlipwayException e) {
      if (e.code() != ErrorCode.STORE_CORRUPT) {
        throw e;
      }
      return fetch(digest);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads and checks every byte, in the bucket and on this disk. A local copy that is missing or
   * damaged is fetched again; {@link #open} goes on giving a good one where the bucket's is
   * damaged.
   */
  @Override
  public FrozenTree verify(ArtifactDigest digest) {
    FrozenTree local;
    try {
      local = cache.verify(digest);
    } catch (SlipwayException e) {
      if (e.code() != ErrorCode.STORE_CORRUPT) {
        throw e;
      }
      return fetch(digest);
    }
    TreeManifest manifest = requireManifest(digest);
    try {
      for (TreeManifest.Entry file : manifest.entries()) {
        MessageDigest sha256 = Sha256.create();
        copy(digest, file, new DigestOutputStream(OutputStream.nullOutputStream(), sha256));
        requireSame(digest, file.sha256(), HexFormat.of().formatHex(sha256.digest()));
      }
    } catch (IOException e) {
      throw new IllegalStateException("a digest writes nothing", e);
    }
    return local;
  }

  private FrozenTree fetch(ArtifactDigest digest) {
    TreeManifest manifest = requireManifest(digest);
    LOG.info("fetching artifact {}, {} bytes", digest, manifest.sizeBytes());
    try (StagedTree fetched = cache.assemble(manifest, (file, to) -> copy(digest, file, to))) {
      requireSame(digest, digest.value(), fetched.digest().value());
      return fetched.freeze();
    }
  }

  private void copy(ArtifactDigest digest, TreeManifest.Entry file, OutputStream to)
      throws IOException {
    try {
      bucket.download(key(digest, file), file.bytes(), to);
    } catch (SlipwayException e) {
      throw e.code() == ErrorCode.STORE_CORRUPT ? corrupt(digest, e.getMessage()) : e;
    }
  }

  private void requireSame(ArtifactDigest digest, String expected, String found) {
    if (!expected.equals(found)) {
      throw corrupt(digest, "the bytes in %s have digest %s".formatted(bucket.place(), found));
    }
  }

  private TreeManifest requireManifest(ArtifactDigest digest) {
    return manifest(digest)
        .orElseThrow(() -> corrupt(digest, "it is missing from " + bucket.place()));
  }

  private Optional<TreeManifest> manifest(ArtifactDigest digest) {
    Optional<byte[]> text = bucket.read(MANIFESTS + digest.hex(), TreeManifest.bytesMax(limits));
    try {
      return text.map(bytes -> TreeManifest.parse(bytes, digest, limits));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw corrupt(digest, "in %s %s".formatted(bucket.place(), e.getMessage()));
    }
  }

  /**
   * As {@link BlobStore#discard}: the manifest goes first, so that nobody finds half an artifact.
   */
  @Override
  public long discard(ArtifactDigest digest) {
    owned.claimed();
    long bytes = keptBytes(digest);
    bucket.delete(MANIFESTS + digest.hex());
    String files = FILES + digest.hex() + "/";
    List<String> keys = new ArrayList<>();
    bucket.list(files, keys::add);
    keys.forEach(bucket::delete);
    bucket.abortUploads(files);
    long local = cache.discard(digest);
    frozenHere.forget(digest);
    return Math.max(bytes, local);
  }

  private long keptBytes(ArtifactDigest digest) {
    try {
      return manifest(digest).map(TreeManifest::sizeBytes).orElse(0L);
    } catch (SlipwayException e) {
      if (e.code() == ErrorCode.STORE_UNAVAILABLE) {
        throw e;
      }
      return 0; // A damaged manifest names nothing, and goes as well.
    }
  }

  @Override
  public List<ArtifactDigest> digests() {
    List<ArtifactDigest> digests = new ArrayList<>();
    bucket.list(
        MANIFESTS,
        key -> FrozenHere.digest(key.substring(MANIFESTS.length())).ifPresent(digests::add));
    return digests;
  }

  @Override
  public List<ArtifactDigest> discardable() {
    return frozenHere.digests();
  }

  /**
   * Which of those artifacts lie on this disk and not in the bucket, in the order of the digests:
   * what was frozen before there was a bucket. Asks nothing of the bucket if none lies here.
   */
  public List<ArtifactDigest> onThisDiskOnly(Set<ArtifactDigest> of) {
    List<ArtifactDigest> here = cache.digests().stream().filter(of::contains).toList();
    Set<ArtifactDigest> kept = new HashSet<>(here.isEmpty() ? here : digests());
    return here.stream().filter(digest -> !kept.contains(digest)).toList();
  }

  /**
   * Freezes the local copy of an artifact into the bucket.
   *
   * @throws SlipwayException STORE_CORRUPT if the copy is missing or damaged; STORE_UNAVAILABLE
   */
  public void bring(ArtifactDigest digest) {
    try (StagedTree staged = stage(List.of(cache.open(digest).root()))) {
      requireSame(digest, digest.value(), staged.digest().value());
      staged.freeze();
    }
  }

  @Override
  public String probe() {
    return owned.claimedAnew().place();
  }

  @Override
  public void close() {
    owned.close();
  }

  private static String key(ArtifactDigest digest, TreeManifest.Entry file) {
    return FILES + digest.hex() + "/" + file.sha256();
  }

  private static SlipwayException corrupt(ArtifactDigest digest, String what) {
    return new SlipwayException(ErrorCode.STORE_CORRUPT, "artifact %s: %s".formatted(digest, what));
  }

  private final class Staged implements StagedTree {
    private final FileBlobStore.Staged local;

    Staged(FileBlobStore.Staged local) {
      this.local = local;
    }

    @Override
    public ArtifactDigest digest() {
      return local.digest();
    }

    @Override
    public Path root() {
      return local.root();
    }

    @Override
    public long sizeBytes() {
      return local.sizeBytes();
    }

    /** Writes every file again, also where they are there: that mends what was damaged. */
    @Override
    public FrozenTree freeze() {
      owned.claimed();
      String manifestKey = MANIFESTS + digest().hex();
      if (!bucket.has(manifestKey)) {
        frozenHere.note(digest());
      }
      Set<String> written = new HashSet<>();
      try {
        for (TreeManifest.Entry file : local.manifest().entries()) {
          String key = key(digest(), file);
          if (written.add(key)) {
            bucket.upload(key, local.root().resolve(file.path()));
          }
        }
      } catch (IOException e) {
        throw new SlipwayException(
            ErrorCode.STORE_UNAVAILABLE, "the copied artifact cannot be read: " + e, e);
      }
      bucket.write(manifestKey, local.manifest().text());
      return local.freeze();
    }

    @Override
    public void close() {
      local.close();
    }
  }
}
