package dev.slipway.server;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.store.blob.S3BlobStore;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings artifacts of registered versions into the bucket that were frozen before there was one,
 * beside everything else. It looks at what is missing and remembers nothing, so a start goes on
 * where the one before was stopped.
 */
final class BringArtifacts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BringArtifacts.class);

  private final Thread thread;
  private volatile boolean closed;

  private BringArtifacts(S3BlobStore blobs, Set<ArtifactDigest> registered) {
    this.thread =
        Thread.ofVirtual().name("bring-artifacts").unstarted(() -> run(blobs, registered));
  }

  static BringArtifacts start(S3BlobStore blobs, Set<ArtifactDigest> registered) {
    BringArtifacts started = new BringArtifacts(blobs, registered);
    started.thread.start();
    return started;
  }

  private void run(S3BlobStore blobs, Set<ArtifactDigest> registered) {
    try {
      List<ArtifactDigest> missing = blobs.onThisDiskOnly(registered);
      int brought = 0;
      for (ArtifactDigest digest : missing) {
        if (closed) {
          return;
        }
        brought += isBrought(blobs, digest) ? 1 : 0;
      }
      if (!missing.isEmpty()) {
        LOG.info(
            "brought {} of {} artifacts into the bucket that lay on this disk only",
            brought,
            missing.size());
      }
    } catch (SlipwayException e) {
      // A bucket that does not answer would not answer for the next artifact either.
      LOG.warn("artifacts that lie on this disk only: {}; the next start goes on", e.getMessage());
    }
  }

  /** One that is damaged is left to the doctor, who names it. */
  private static boolean isBrought(S3BlobStore blobs, ArtifactDigest digest) {
    try {
      blobs.bring(digest);
      return true;
    } catch (SlipwayException e) {
      if (e.code() != ErrorCode.STORE_CORRUPT) {
        throw e;
      }
      LOG.warn("cannot be brought into the bucket: {}", e.getMessage());
      return false;
    }
  }

  /** What is on its way is broken off, and left to the next start. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
