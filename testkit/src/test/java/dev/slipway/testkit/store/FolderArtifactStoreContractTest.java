package dev.slipway.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.store.artifact.ArtifactStore;
import dev.slipway.store.artifact.FolderArtifactStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FolderArtifactStoreContractTest extends ArtifactStoreKit {
  @Override
  protected ArtifactStore open(Path root, Path temporary) {
    return new FolderArtifactStore(root, temporary);
  }

  @Test
  void linksAreNeitherFollowedNorListedNorFrozen() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    put("0/file", "x");
    Files.createSymbolicLink(folder.resolve("store/0/link"), secret);
    Files.createSymbolicLink(folder.resolve("store/0/folder"), folder);

    assertThat(store.list(path("0"))).hasSize(1);
    assertRefused(ErrorCode.NOT_FOUND, "", () -> store.open(path("0/link")));
    assertRefused(ErrorCode.NOT_FOUND, "", () -> store.open(path("0/folder/secret")));
    assertRefused(ErrorCode.BAD_REQUEST, "is a link", () -> files("0"));
    assertRefused(ErrorCode.BAD_REQUEST, "no link", () -> put("0/folder/new/x", "x"));
    assertThat(folder.resolve("new")).doesNotExist();
  }
}
