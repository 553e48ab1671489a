package dev.slipway.testkit.store;

import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.store.blob.BlobStore;
import dev.slipway.store.blob.S3BlobStore;
import dev.slipway.store.blob.TreeLimits;
import dev.slipway.store.files.FileTree;
import dev.slipway.store.s3.OwnedBucket;
import dev.slipway.store.s3.S3Bucket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** On a real S3 server. What is kept is kept in the bucket, so damage is done there. */
class S3BlobStoreContractTest extends BlobStoreKit {
  private final RealS3 s3 = RealS3.shared();
  private final List<S3BlobStore> opened = new ArrayList<>();

  @Override
  protected BlobStore open(Path root, TreeLimits limits) {
    Path credentials = RealS3.credentials(root.resolveSibling("credentials"));
    S3BlobStore store =
        new S3BlobStore(
            root,
            limits,
            new OwnedBucket(
                S3Bucket.open(
                    s3.settings(prefix(root), s3.port(), credentials, Duration.ofSeconds(30))),
                "the kit"));
    opened.add(store);
    return store;
  }

  @AfterEach
  void close() {
    opened.forEach(S3BlobStore::close);
  }

  /** One for each test: the name of its temporary folder. */
  private static String prefix(Path root) {
    return "kit/" + root.getName(root.getNameCount() - 2);
  }

  @Override
  protected void damage(Path root, ArtifactDigest digest, String path) throws Exception {
    String manifest =
        new String(s3.read(prefix(root) + "/manifests/" + digest.hex()), StandardCharsets.UTF_8);
    String line = manifest.lines().filter(it -> it.endsWith(" " + path)).findFirst().orElseThrow();
    String key = prefix(root) + "/files/" + digest.hex() + "/" + line.substring(0, 64);
    byte[] bytes = s3.read(key);
    bytes[bytes.length / 2] ^= 1;
    s3.write(key, bytes);
    // A good local copy would go on serving.
    FileTree.delete(root.resolve("sha256").resolve(digest.hex().substring(0, 2)));
  }
}
