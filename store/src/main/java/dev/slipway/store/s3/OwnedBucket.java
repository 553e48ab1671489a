package dev.slipway.store.s3;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A prefix that one server writes below, for one control database. The object {@code owner} names
 * it before it writes anything else; another one may read and is refused when it writes.
 * Thread-safe.
 */
public final class OwnedBucket implements AutoCloseable {

  private static final String OWNER = "owner";
  private static final int OWNER_BYTES_MAX = 4_096;

  private final S3Bucket bucket;
  private final byte[] owner;
  private final ReentrantLock claiming = new ReentrantLock();
  private volatile boolean claimed;

  /**
   * Asks nothing of the bucket yet.
   *
   * @param bucket closed with this
   * @param owner names the one server that may write here, the same at each start
   */
  public OwnedBucket(S3Bucket bucket, String owner) {
    this.bucket = bucket;
    this.owner = (owner + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** To read from. */
  public S3Bucket bucket() {
    return bucket;
  }

  /**
   * The bucket to write to.
   *
   * @throws SlipwayException STORE_UNAVAILABLE if it is another server's
   */
  public S3Bucket claimed() {
    if (!claimed) {
      claim();
    }
    return bucket;
  }

  /** As {@link #claimed}, asking the bucket again. */
  public S3Bucket claimedAnew() {
    claimed = false;
    return claimed();
  }

  private void claim() {
    claiming.lock();
    try {
      if (claimed) {
        return;
      }
      Optional<byte[]> found = bucket.read(OWNER, OWNER_BYTES_MAX);
      if (found.isEmpty()) {
        bucket.writeIfAbsent(OWNER, owner);
        found = bucket.read(OWNER, OWNER_BYTES_MAX);
      }
      if (!Arrays.equals(owner, found.orElse(new byte[0]))) {
        throw new SlipwayException(
            ErrorCode.STORE_UNAVAILABLE,
            "%s belongs to another server, as its object 'owner' says (expected: a prefix for each control database)"
                .formatted(bucket.place()));
      }
      claimed = true;
    } finally {
      claiming.unlock();
    }
  }

  @Override
  public void close() {
    bucket.close();
  }
}
