package dev.slipway.server;

import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.server.config.ServerConfig;
import dev.slipway.store.artifact.ArtifactStore;
import dev.slipway.store.artifact.FolderArtifactStore;
import dev.slipway.store.artifact.LayeredArtifactStore;
import dev.slipway.store.artifact.S3ArtifactStore;
import dev.slipway.store.blob.BlobStore;
import dev.slipway.store.blob.FileBlobStore;
import dev.slipway.store.blob.S3BlobStore;
import dev.slipway.store.blob.TreeLimits;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.data.DataFolder;
import dev.slipway.store.s3.OwnedBucket;
import dev.slipway.store.s3.S3Bucket;
import dev.slipway.store.s3.S3Settings;

/**
 * Where artifacts lie: in the data folder, or in a bucket. The client of S3 is loaded where it is
 * needed, and not otherwise.
 *
 * @param registered those of registered versions, frozen
 * @param logged those of runs and logged models
 */
record ArtifactPlaces(BlobStore registered, ArtifactStore logged) {
  /** Begins to bring what was registered before there was a bucket, if there is one now. */
  void bringEarlier(ControlStore store, CloseStack parts) {
    if (registered instanceof S3BlobStore bucket) {
      parts.push(BringArtifacts.start(bucket, store.read(ControlView::artifacts)));
    }
  }

  /**
   * @param owner names this server where others may look
   * @param parts closes what has to be closed
   */
  static ArtifactPlaces open(
      ServerConfig config, DataFolder data, VerifierKey owner, CloseStack parts) {
    TreeLimits limits = config.control().uploads().tree();
    ArtifactStore inFolder = new FolderArtifactStore(data.artifacts(), data.temporary());
    S3Settings s3 = config.artifacts();
    if (s3 == null) {
      return new ArtifactPlaces(new FileBlobStore(data.blobs(), limits), inFolder);
    }
    OwnedBucket bucket = parts.push(new OwnedBucket(S3Bucket.open(s3), owner.text()));
    return new ArtifactPlaces(
        new S3BlobStore(data.blobs(), limits, bucket),
        new LayeredArtifactStore(new S3ArtifactStore(bucket, data.temporary()), inFolder));
  }
}
