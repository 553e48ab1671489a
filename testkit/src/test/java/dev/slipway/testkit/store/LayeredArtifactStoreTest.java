package dev.slipway.testkit.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.artifact.ListedFile;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.store.artifact.ArtifactKind;
import dev.slipway.store.artifact.ArtifactStore;
import dev.slipway.store.artifact.FolderArtifactStore;
import dev.slipway.store.artifact.LayeredArtifactStore;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two stores as one, which fulfils the contract of one, and what an earlier one still has. */
class LayeredArtifactStoreTest extends ArtifactStoreKit {
  @Override
  protected ArtifactStore open(Path root, Path temporary) {
    return new LayeredArtifactStore(
        new FolderArtifactStore(root.resolve("now"), temporary),
        new FolderArtifactStore(root.resolve("earlier"), temporary));
  }

  /** One of the two by itself. */
  private ArtifactStore only(String which) {
    return new FolderArtifactStore(folder.resolve("store").resolve(which), folder.resolve("tmp"));
  }

  private void logInBoth() {
    earlier("e/run/old", "earlier old");
    earlier("e/run/both", "earlier both");
    earlier("e/run/folder/x", "earlier x");
    put(only("now"), "e/run/both", "now both".getBytes(UTF_8));
    put(only("now"), "e/run/new", "now new".getBytes(UTF_8));
  }

  private void earlier(String path, String text) {
    put(only("earlier"), path, text.getBytes(UTF_8));
  }

  @Test
  void whatLiesInEitherIsReadAndTheNewerFirst() {
    logInBoth();
    assertThat(text("e/run/old")).isEqualTo("earlier old");
    assertThat(text("e/run/new")).isEqualTo("now new");
    assertThat(text("e/run/both")).isEqualTo("now both");
    assertThat(store.kind(path("e/run/folder"))).isEqualTo(ArtifactKind.FOLDER);
    assertThat(store.list(path("e/run")))
        .containsExactly(
            new ListedFile("both", false, 8),
            new ListedFile("folder", true, 0),
            new ListedFile("new", false, 7),
            new ListedFile("old", false, 11));
    assertThat(files("e/run"))
        .isEqualTo(
            Map.of(
                "both", "now both",
                "folder/x", "earlier x",
                "new", "now new",
                "old", "earlier old"));
  }

  @Test
  void whatIsWrittenGoesToTheNewOneAndTheEarlierFileGoes() {
    logInBoth();
    put("e/run/old", "replaced");

    assertThat(text("e/run/old")).isEqualTo("replaced");
    assertThat(bytes(only("now").open(path("e/run/old")))).isEqualTo("replaced".getBytes(UTF_8));
    assertThat(only("earlier").kind(path("e/run/old"))).isEqualTo(ArtifactKind.NOTHING);
  }

  @Test
  void whatIsDeletedIsGoneFromBoth() {
    logInBoth();
    store.delete(path("e/run/both"));
    store.delete(path("e/run/folder"));
    store.delete(path("e/run/old"));

    assertThat(files("e")).isEqualTo(Map.of("run/new", "now new"));
    assertRefused(ErrorCode.NOT_FOUND, "'e/run/old'", () -> store.delete(path("e/run/old")));
    store.delete(path("e"));
    assertThat(files("e")).isEmpty();
    assertThat(only("now").kind(path("e"))).isEqualTo(ArtifactKind.NOTHING);
    assertThat(only("earlier").kind(path("e"))).isEqualTo(ArtifactKind.NOTHING);
  }

  @Test
  void anEarlierFileIsInTheWayAsANewOneIs() {
    logInBoth();
    assertRefused(ErrorCode.BAD_REQUEST, "(expected: no", () -> put("e/run/old/x", "x"));
    assertRefused(ErrorCode.BAD_REQUEST, "(expected: no", () -> put("e/run/folder", "x"));
    assertThat(text("e/run/old")).isEqualTo("earlier old");
    assertThat(text("e/run/folder/x")).isEqualTo("earlier x");
  }
}
