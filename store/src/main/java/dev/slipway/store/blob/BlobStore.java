package dev.slipway.store.blob;

import dev.slipway.core.model.ArtifactDigest;
import java.nio.file.Path;
import java.util.List;

/**
 * Keeps artifacts by content: a digest always names the same bytes, and kept bytes never change.
 * Thread-safe. Every implementation passes {@code BlobStoreKit}.
 */
public interface BlobStore {
  /**
   * Copies files and folders aside, as one tree. Of a folder the content is taken, of a file the
   * file under its name. Folders without files do not count.
   *
   * @param sources at least one
   * @throws dev.slipway.core.error.SlipwayException NOT_FOUND if there is nothing at a source;
   *     BAD_REQUEST if they hold no file, a link, a special file, a name with control characters,
   *     or a name twice; PAYLOAD_TOO_LARGE past the store's limits; STORE_UNAVAILABLE if the copy
   *     cannot be written
   */
  StagedTree stage(List<Path> sources);

  /**
   * Copies files aside, as one tree, from wherever they lie.
   *
   * @throws dev.slipway.core.error.SlipwayException as {@link #stage(List)}, and what the source
   *     throws
   */
  StagedTree stage(TreeSource source);

  /**
   * The artifact of that digest. The first call for a digest in a process reads and checks every
   * byte.
   *
   * @throws dev.slipway.core.error.SlipwayException STORE_CORRUPT if it is missing or its bytes do
   *     not match
   */
  FrozenTree open(ArtifactDigest digest);

  /**
   * Reads and checks every byte, also of what was checked before.
   *
   * @throws dev.slipway.core.error.SlipwayException as {@link #open}
   */
  FrozenTree verify(ArtifactDigest digest);

  /**
   * Forgets an artifact that nobody uses and nobody is freezing. It goes as a whole, whatever
   * happens meanwhile.
   *
   * @return sum of its files' sizes, bytes; 0 if it is not kept
   * @throws dev.slipway.core.error.SlipwayException STORE_UNAVAILABLE if it cannot be removed
   */
  long discard(ArtifactDigest digest);

  /**
   * What is kept, in the order of the digests.
   *
   * @throws dev.slipway.core.error.SlipwayException STORE_UNAVAILABLE if it cannot be listed
   */
  List<ArtifactDigest> digests();

  /**
   * What a start may {@link #discard} where no version names it, in the order of the digests: what
   * was frozen through this data folder. It may hold digests that are not kept any more. Asks
   * nothing of another machine.
   */
  List<ArtifactDigest> discardable();

  /**
   * Asks whether artifacts can be kept and read now.
   *
   * @return where they are kept, for a person
   * @throws dev.slipway.core.error.SlipwayException STORE_UNAVAILABLE with the reason
   */
  String probe();
}
