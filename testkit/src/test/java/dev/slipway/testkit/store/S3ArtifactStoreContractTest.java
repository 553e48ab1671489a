package dev.slipway.testkit.store;

import dev.slipway.store.artifact.ArtifactStore;
import dev.slipway.store.artifact.S3ArtifactStore;
import dev.slipway.store.s3.OwnedBucket;
import dev.slipway.store.s3.S3Bucket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** On a real S3 server. */
class S3ArtifactStoreContractTest extends ArtifactStoreKit {
  private final RealS3 s3 = RealS3.shared();
  private final List<OwnedBucket> opened = new ArrayList<>();

  /** The prefix is one for each test: the name of its temporary folder. */
  @Override
  protected ArtifactStore open(Path root, Path temporary) {
    Path credentials = RealS3.credentials(root.resolveSibling("credentials"));
    String prefix = "kit/" + root.getName(root.getNameCount() - 2);
    OwnedBucket bucket =
        new OwnedBucket(
            S3Bucket.open(s3.settings(prefix, s3.port(), credentials, Duration.ofSeconds(30))),
            "the kit");
    opened.add(bucket);
    return new S3ArtifactStore(bucket, temporary);
  }

  @AfterEach
  void close() {
    opened.forEach(OwnedBucket::close);
  }
}
