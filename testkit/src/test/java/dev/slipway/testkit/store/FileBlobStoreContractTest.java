package dev.slipway.testkit.store;

import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.store.blob.BlobStore;
import dev.slipway.store.blob.FileBlobStore;
import dev.slipway.store.blob.TreeLimits;
import java.nio.file.Files;
import java.nio.file.Path;

class FileBlobStoreContractTest extends BlobStoreKit {
  @Override
  protected BlobStore open(Path root, TreeLimits limits) {
    return new FileBlobStore(root, limits);
  }

  @Override
  protected void damage(Path root, ArtifactDigest digest, String path) throws Exception {
    Path file =
        root.resolve("sha256")
            .resolve(digest.hex().substring(0, 2))
            .resolve(digest.hex())
            .resolve(path);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    // A file that is only readable is replaced, as somebody who means harm would.
    Files.delete(file);
    Files.write(file, bytes);
  }
}
