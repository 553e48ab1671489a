package dev.slipway.testkit.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.store.blob.BlobStore;
import dev.slipway.store.blob.FrozenTree;
import dev.slipway.store.blob.StagedTree;
import dev.slipway.store.blob.TreeLimits;
import dev.slipway.store.blob.TreeSource.TreeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link BlobStore} must do. A subclass says how one is opened. */
public abstract class BlobStoreKit {
  private static final TreeLimits LIMITS = new TreeLimits(1_000_000, 5, 100);

  @TempDir Path folder;
  private BlobStore store;

  /** Opens the store that lives in {@code root}; called again, it opens the same one anew. */
  protected abstract BlobStore open(Path root, TreeLimits limits);

  /** Changes a kept byte behind the store's back. */
  protected abstract void damage(Path root, ArtifactDigest digest, String path) throws Exception;

  @BeforeEach
  void openStore() throws IOException {
    Files.createDirectories(folder.resolve("store"));
    store = reopen();
  }

  @Test
  void keepsTheBytesOfAFolderUnderItsDigest() throws IOException {
    Path source = sample("model");

    FrozenTree frozen = freeze(source);

    assertThat(contents(store.open(frozen.digest()).root()))
        .isEqualTo(Set.of("model.onnx=the model", "weights/layer 1.bin=weights"));
    assertThat(frozen.sizeBytes()).isEqualTo(16);
    assertThat(frozen.files()).isEqualTo(2);
    assertThat(store.digests()).containsExactly(frozen.digest());
  }

  @Test
  void digestIsWhatTheDocumentedFormSays() throws Exception {
    FrozenTree frozen = freeze(sample("model"));

    String text =
        "slipway-tree-v1\n"
            + sha256("the model")
            + " 9 model.onnx\n"
            + sha256("weights")
            + " 7 weights/layer 1.bin\n";
    assertThat(frozen.digest().hex()).isEqualTo(sha256(text));
  }

  @Test
  void aFileIsATreeOfOneFile() throws IOException {
    Path file = write(folder.resolve("a.onnx"), "alone");

    FrozenTree frozen = freeze(file);

    assertThat(contents(frozen.root())).isEqualTo(Set.of("a.onnx=alone"));
  }

  @Test
  void severalSourcesAreOneTree() throws IOException {
    Path file = write(folder.resolve("slipway-model.yaml"), "description: it");

    try (StagedTree staged = store.stage(List.of(sample("model"), file))) {
      assertThat(contents(staged.root()))
          .isEqualTo(
              Set.of(
                  "model.onnx=the model",
                  "weights/layer 1.bin=weights",
                  "slipway-model.yaml=description: it"));
    }
    assertRefused(
        ErrorCode.BAD_REQUEST,
        "'slipway-model.yaml' comes twice",
        () -> store.stage(List.of(file, file)));
  }

  @Test
  void filesFromElsewhereAreTheSameTreeAsFilesOfThisDisk() throws IOException {
    ArtifactDigest digest = stagedDigest(sample("model"));

    try (StagedTree staged =
        store.stage(
            files -> {
              files.accept(file("weights/layer 1.bin", "weights"));
              files.accept(file("model.onnx", "the model"));
            })) {
      assertThat(staged.digest()).isEqualTo(digest);
      assertThat(staged.sizeBytes()).isEqualTo(16);
      staged.freeze();
    }

    assertThat(contents(store.open(digest).root()))
        .isEqualTo(Set.of("model.onnx=the model", "weights/layer 1.bin=weights"));
  }

  @Test
  void filesFromElsewhereAreHeldToTheSameLimits() {
    assertRefused(ErrorCode.BAD_REQUEST, "no file", () -> store.stage(files -> {}));
    assertRefused(
        ErrorCode.BAD_REQUEST,
        "comes twice",
        () ->
            store.stage(
                files -> {
                  files.accept(file("a", "1"));
                  files.accept(file("a", "2"));
                }));
    assertRefused(
        ErrorCode.PAYLOAD_TOO_LARGE,
        "5 files",
        () ->
            store.stage(
                files -> {
                  for (int i = 0; i < 6; i++) {
                    files.accept(file("f" + i, "x"));
                  }
                }));
    assertRefused(
        ErrorCode.PAYLOAD_TOO_LARGE,
        "1000000 bytes",
        () -> store.stage(files -> files.accept(new TreeFile("a", 1_000_001, out -> {}))));
    assertRefused(
        ErrorCode.PAYLOAD_TOO_LARGE,
        "1000000 bytes",
        () ->
            store.stage(
                files ->
                    files.accept(new TreeFile("grew", 1, out -> out.write(new byte[1_000_001])))));
    assertRefused(
        ErrorCode.STORE_CORRUPT,
        "leads out",
        () -> store.stage(files -> files.accept(file("../evil", "x"))));
    assertThat(folder.resolve("store").resolve("tmp")).isEmptyDirectory();
    assertThat(store.digests()).isEmpty();
  }

  private static TreeFile file(String path, String text) {
    return new TreeFile(path, text.length(), out -> out.write(text.getBytes(UTF_8)));
  }

  @Test
  void namesAndBytesDecideTheDigestButTimesAndEmptyFoldersDoNot() throws IOException {
    ArtifactDigest digest = stagedDigest(sample("one"));
    Path same = sample("two");
    Files.createDirectories(same.resolve("empty"));
    Path renamed = sample("three");
    Files.move(renamed.resolve("model.onnx"), renamed.resolve("other.onnx"));
    Path changed = sample("four");
    write(changed.resolve("model.onnx"), "the modem");

    assertThat(stagedDigest(same)).isEqualTo(digest);
    assertThat(stagedDigest(renamed)).isNotEqualTo(digest);
    assertThat(stagedDigest(changed)).isNotEqualTo(digest);
  }

  @Test
  void keptBytesOutliveTheirSourceAndTheProcess() throws IOException {
    Path source = sample("model");
    ArtifactDigest digest = freeze(source).digest();
    write(source.resolve("model.onnx"), "overwritten");

    store = reopen();

    assertThat(contents(store.open(digest).root())).contains("model.onnx=the model");
  }

  @Test
  void whatIsStagedAndNotFrozenIsForgotten() throws IOException {
    ArtifactDigest digest;
    Path root;
    try (StagedTree staged = store.stage(List.of(sample("model")))) {
      digest = staged.digest();
      root = staged.root();
      assertThat(contents(root)).contains("model.onnx=the model");
    }

    assertThat(root).doesNotExist();
    assertThat(store.digests()).isEmpty();
    assertRefused(ErrorCode.STORE_CORRUPT, "missing", () -> store.open(digest));
  }

  @Test
  void whatACrashLeftStagedIsGoneAfterTheNextStart() throws IOException {
    Path root = store.stage(List.of(sample("model"))).root();
    assertThat(root).exists();

    store = reopen();

    assertThat(root).doesNotExist();
    assertThat(store.digests()).isEmpty();
  }

  @Test
  void freezingTheSameBytesAgainIsHarmless() throws IOException {
    FrozenTree first = freeze(sample("one"));
    FrozenTree second = freeze(sample("two"));

    assertThat(second).isEqualTo(first);
    assertThat(store.digests()).hasSize(1);
  }

  @Test
  void aChangedByteIsFoundWhenItIsOpenedTheFirstTime() throws Exception {
    ArtifactDigest digest = freeze(sample("model")).digest();
    damage(folder.resolve("store"), digest, "model.onnx");

    store = reopen();

    assertRefused(ErrorCode.STORE_CORRUPT, digest.value(), () -> store.open(digest));
  }

  @Test
  void verifyLooksAgainAtWhatWasOpenedBefore() throws Exception {
    ArtifactDigest digest = freeze(sample("model")).digest();
    store.open(digest);
    damage(folder.resolve("store"), digest, "model.onnx");

    assertRefused(ErrorCode.STORE_CORRUPT, digest.value(), () -> store.verify(digest));
    assertRefused(ErrorCode.STORE_CORRUPT, digest.value(), () -> store.open(digest));
  }

  @Test
  void freezingTheRightBytesMendsADamagedArtifact() throws Exception {
    ArtifactDigest digest = freeze(sample("model")).digest();
    damage(folder.resolve("store"), digest, "model.onnx");
    store = reopen();

    freeze(sample("again"));

    assertThat(contents(store.verify(digest).root())).contains("model.onnx=the model");
  }

  @Test
  void whatIsDiscardedIsGoneForGoodAndMayComeAgain() throws IOException {
    ArtifactDigest digest = freeze(sample("model")).digest();
    ArtifactDigest other = freeze(write(folder.resolve("other"), "another")).digest();

    assertThat(store.discard(digest)).isEqualTo(16);

    assertThat(store.digests()).containsExactly(other);
    assertRefused(ErrorCode.STORE_CORRUPT, "missing", () -> store.open(digest));
    assertThat(store.discard(digest)).isZero();
    store = reopen();
    assertThat(store.digests()).containsExactly(other);
    assertThat(contents(freeze(sample("again")).root())).contains("model.onnx=the model");
  }

  @Test
  void linksAreRefusedAndNothingIsLeft() throws IOException {
    Path outside = write(folder.resolve("secret"), "secret");
    Path source = sample("model");
    Files.createSymbolicLink(source.resolve("weights/link"), outside);

    assertRefused(
        ErrorCode.BAD_REQUEST,
        "'weights/link' is a symbolic link",
        () -> store.stage(List.of(source)));
    Path link = Files.createSymbolicLink(folder.resolve("model-link"), sample("target"));
    assertRefused(ErrorCode.BAD_REQUEST, "symbolic link", () -> store.stage(List.of(link)));
  }

  @Test
  void nothingAndAnEmptyFolderAreRefused() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty/er"));

    assertRefused(
        ErrorCode.NOT_FOUND, "absent", () -> store.stage(List.of(folder.resolve("absent"))));
    assertRefused(ErrorCode.BAD_REQUEST, "no file", () -> store.stage(List.of(empty)));
  }

  @Test
  void everyLimitHoldsAtItAndRefusesOnePast() throws IOException {
    Path files = Files.createDirectories(folder.resolve("files"));
    for (int i = 0; i < LIMITS.filesMax(); i++) {
      write(files.resolve("f" + i), "x");
    }
    stagedDigest(files);
    write(files.resolve("one more"), "x");
    assertRefused(ErrorCode.PAYLOAD_TOO_LARGE, "5 files", () -> store.stage(List.of(files)));

    Path large = folder.resolve("large.bin");
    Files.write(large, new byte[(int) LIMITS.bytesMax()]);
    stagedDigest(large);
    Files.write(large, new byte[(int) LIMITS.bytesMax() + 1]);
    assertRefused(ErrorCode.PAYLOAD_TOO_LARGE, "1000000 bytes", () -> store.stage(List.of(large)));

    stagedDigest(write(folder.resolve("n".repeat(LIMITS.pathBytesMax())), "x"));
    Path longName = write(folder.resolve("n".repeat(LIMITS.pathBytesMax() + 1)), "x");
    assertRefused(ErrorCode.PAYLOAD_TOO_LARGE, "101 bytes", () -> store.stage(List.of(longName)));
  }

  @Test
  void controlCharactersInNamesAreRefused() throws IOException {
    Path file = write(folder.resolve("a\nb"), "x");

    assertRefused(ErrorCode.BAD_REQUEST, "control characters", () -> store.stage(List.of(file)));
  }

  @Test
  void manyFreezeTheSameAndDifferentBytesAtTheSameTime() throws Exception {
    List<Path> sources = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      sources.add(write(Files.createDirectory(folder.resolve("s" + i)).resolve("m"), "v" + i % 4));
    }
    List<Callable<FrozenTree>> tasks =
        sources.stream().<Callable<FrozenTree>>map(source -> () -> freeze(source)).toList();

    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<FrozenTree> frozen : threads.invokeAll(tasks)) {
        store.verify(frozen.get().digest());
      }
    }

    assertThat(store.digests())
        .hasSize(4)
        .isSortedAccordingTo((a, b) -> a.hex().compareTo(b.hex()));
  }

  private BlobStore reopen() {
    return open(folder.resolve("store"), LIMITS);
  }

  private FrozenTree freeze(Path source) {
    try (StagedTree staged = store.stage(List.of(source))) {
      return staged.freeze();
    }
  }

  private ArtifactDigest stagedDigest(Path source) {
    try (StagedTree staged = store.stage(List.of(source))) {
      return staged.digest();
    }
  }

  /** A folder of two files, 9 and 7 bytes. */
  private Path sample(String name) throws IOException {
    Path root = folder.resolve(name);
    Files.createDirectories(root.resolve("weights"));
    write(root.resolve("model.onnx"), "the model");
    write(root.resolve("weights/layer 1.bin"), "weights");
    return root;
  }

  private static Path write(Path file, String text) throws IOException {
    return Files.writeString(file, text);
  }

  private static Set<String> contents(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file) + "=" + read(file))
          .collect(Collectors.toSet());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
  }

  private static void assertRefused(ErrorCode code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SlipwayException.class, failure -> assertThat(failure.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }
}
