package dev.slipway.testkit.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.artifact.ArtifactPath;
import dev.slipway.core.artifact.ListedFile;
import dev.slipway.core.artifact.StoredFile;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.artifact.ArrivedFile;
import dev.slipway.store.artifact.ArtifactKind;
import dev.slipway.store.artifact.ArtifactStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link ArtifactStore} must do. A subclass says how one is opened. */
public abstract class ArtifactStoreKit {
  /** More than two pieces of an upload to a bucket. */
  private static final int LARGE_BYTES = (16 << 20) + 1;

  @TempDir protected Path folder;
  private Path temporary;
  protected ArtifactStore store;

  /**
   * Opens the store that lives in {@code root}; called again, it opens the same one anew.
   *
   * @param temporary for what is not whole yet
   */
  protected abstract ArtifactStore open(Path root, Path temporary);

  @BeforeEach
  void openStore() throws IOException {
    temporary = Files.createDirectories(folder.resolve("tmp"));
    Files.createDirectories(folder.resolve("store"));
    store = reopen();
  }

  private ArtifactStore reopen() {
    return open(folder.resolve("store"), temporary);
  }

  @Test
  void aFileComesIsReplacedAndGoes() {
    put("0/run/a.txt", "first");
    assertThat(text("0/run/a.txt")).isEqualTo("first");

    put("0/run/a.txt", "second, longer");
    assertThat(text("0/run/a.txt")).isEqualTo("second, longer");
    assertThat(store.kind(path("0/run/a.txt"))).isEqualTo(ArtifactKind.FILE);
    assertThat(store.list(path("0/run"))).containsExactly(new ListedFile("a.txt", false, 14));

    store.delete(path("0/run/a.txt"));
    assertThat(store.kind(path("0/run/a.txt"))).isEqualTo(ArtifactKind.NOTHING);
    assertRefused(ErrorCode.NOT_FOUND, "0/run/a.txt", () -> store.open(path("0/run/a.txt")));
    assertThat(store.list(path("0/run"))).isEmpty();
  }

  @Test
  void whatIsKeptOutlivesTheProcess() {
    put("0/run/a.txt", "kept");

    store = reopen();

    assertThat(text("0/run/a.txt")).isEqualTo("kept");
  }

  @Test
  void aFileIsNotThereBeforeItIsKept() throws Exception {
    put("0/old", "old");
    try (ArrivedFile arrived = store.receive(path("0/old"), stream("the new one"));
        ArrivedFile other = store.receive(path("0/new"), stream(""))) {
      assertThat(arrived.sizeBytes()).isEqualTo(11);
      assertThat(arrived.sha256()).isEqualTo(sha256("the new one".getBytes(UTF_8)));
      assertThat(other.sizeBytes()).isZero();
      assertThat(text("0/old")).isEqualTo("old");
      assertThat(store.kind(path("0/new"))).isEqualTo(ArtifactKind.NOTHING);
    }

    assertThat(text("0/old")).as("it was forgotten").isEqualTo("old");
    assertThat(store.list(path("0"))).containsExactly(new ListedFile("old", false, 3));
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void aBodyThatBreaksOffLeavesWhatWasThere() {
    put("0/large", "old");
    InputStream broken =
        new FilterInputStream(new ByteArrayInputStream(large(1))) {
          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, length);
            if (count < 0) {
              throw new SlipwayException(ErrorCode.CANCELLED, "the caller went away");
            }
            return count;
          }
        };

    assertRefused(ErrorCode.CANCELLED, "went away", () -> store.receive(path("0/large"), broken));

    assertThat(text("0/large")).isEqualTo("old");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void emptyAndLargeFilesComeBackByteForByte() throws Exception {
    put("0/empty", new byte[0]);
    byte[] large = large(2);
    try (ArrivedFile arrived = store.receive(path("0/large"), new ByteArrayInputStream(large))) {
      assertThat(arrived.sha256()).isEqualTo(sha256(large));
      arrived.keep();
    }

    assertThat(bytes("0/empty")).isEmpty();
    assertThat(bytes("0/large")).isEqualTo(large);
    assertThat(store.list(path("0")))
        .containsExactly(
            new ListedFile("empty", false, 0), new ListedFile("large", false, LARGE_BYTES));
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void aFolderListsItsFilesAndFoldersByName() {
    put("0/run/b.txt", "b");
    put("0/run/a/deep/file", "1");
    put("0/run/a/other", "2");
    put("0/run/c", "333");
    put("0/run2/x", "x");

    assertThat(store.list(path("0/run")))
        .containsExactly(
            new ListedFile("a", true, 0),
            new ListedFile("b.txt", false, 1),
            new ListedFile("c", false, 3));
    assertThat(store.list(path("0/run/a")))
        .containsExactly(new ListedFile("deep", true, 0), new ListedFile("other", false, 1));
    assertThat(store.list(ArtifactPath.ROOT)).containsExactly(new ListedFile("0", true, 0));
    assertThat(store.list(path("0/run/c"))).as("of a file").isEmpty();
    assertThat(store.list(path("0/ru"))).as("of nothing").isEmpty();
    assertThat(store.kind(path("0/run"))).isEqualTo(ArtifactKind.FOLDER);
    assertThat(store.kind(path("0/ru"))).isEqualTo(ArtifactKind.NOTHING);
    assertThat(store.kind(ArtifactPath.ROOT)).isEqualTo(ArtifactKind.FOLDER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with blank",
        " at its ends ",
        "ü",
        "u\u0308",
        "模型",
        "\uD83D\uDE80",
        "100%",
        "%2F",
        "%2e%2e",
        "..b",
        ".hidden",
        "a+b",
        "a&b=c",
        "a=b",
        "'\"<>",
        "x~!$()*,:;@[]^`{|}"
      })
  void oddNamesAreNamesLikeAnyOther(String name) {
    put("0/" + name + "/" + name, name);
    put("0/plain", "plain");

    assertThat(text("0/" + name + "/" + name)).isEqualTo(name);
    assertThat(store.list(path("0/" + name)))
        .containsExactly(new ListedFile(name, false, name.getBytes(UTF_8).length));
    assertThat(store.list(path("0"))).contains(new ListedFile(name, true, 0));
    assertThat(files("0/" + name)).isEqualTo(Map.of(name, name));
    store.delete(path("0/" + name));
    assertThat(text("0/plain")).isEqualTo("plain");
    assertThat(store.kind(path("0/" + name + "/" + name))).isEqualTo(ArtifactKind.NOTHING);
  }

  @Test
  void noFileTakesTheWayOfAnother() {
    put("0/a/b/c", "c");
    put("0/file", "file");

    assertBlocked("0/a/b", "x");
    assertBlocked("0/a", "x");
    assertBlocked("0", "x");
    assertBlocked("0/file/x", "x");
    assertBlocked("0/file/x/y", "x");

    assertThat(text("0/a/b/c")).isEqualTo("c");
    assertThat(text("0/file")).isEqualTo("file");
    assertThat(files("0")).isEqualTo(Map.of("a/b/c", "c", "file", "file"));
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void theRootIsNeitherWrittenNorDeleted() {
    put("0/a", "a");

    assertRefused(
        ErrorCode.BAD_REQUEST, "path: ''", () -> store.receive(ArtifactPath.ROOT, stream("x")));
    assertRefused(ErrorCode.BAD_REQUEST, "path: ''", () -> store.delete(ArtifactPath.ROOT));
    assertRefused(ErrorCode.NOT_FOUND, "", () -> store.open(ArtifactPath.ROOT));

    assertThat(text("0/a")).isEqualTo("a");
  }

  @Test
  void whatIsNotThereIsNotFound() {
    put("0/a/b", "b");

    assertRefused(ErrorCode.NOT_FOUND, "'0/none'", () -> store.open(path("0/none")));
    assertRefused(ErrorCode.NOT_FOUND, "'0/a'", () -> store.open(path("0/a")));
    assertRefused(ErrorCode.NOT_FOUND, "'0/a/b/c'", () -> store.open(path("0/a/b/c")));
    assertRefused(ErrorCode.NOT_FOUND, "'0/none'", () -> store.delete(path("0/none")));
    assertRefused(ErrorCode.NOT_FOUND, "'0/ab'", () -> store.delete(path("0/ab")));
    assertThat(files("0/none")).isEmpty();
  }

  @Test
  void aFolderGoesWithAllThatItHoldsAndNothingElse() {
    put("0/a/b/c", "1");
    put("0/a/d", "2");
    put("0/a2/e", "3");
    put("0/a.txt", "4");

    store.delete(path("0/a"));

    assertThat(files("0")).isEqualTo(Map.of("a2/e", "3", "a.txt", "4"));
    put("0/a", "a file now");
    assertThat(text("0/a")).isEqualTo("a file now");
  }

  @Test
  void everyFileOfAFolderIsGivenOnce() {
    put("0/m/MLmodel", "flavors");
    put("0/m/data/model.bin", "bytes");
    put("0/m/data/more/x", "x");
    put("0/m2", "not in it");

    assertThat(files("0/m"))
        .isEqualTo(Map.of("MLmodel", "flavors", "data/model.bin", "bytes", "data/more/x", "x"));
    assertThat(files("0/m2")).isEqualTo(Map.of("m2", "not in it"));
    assertThat(files("0/m/data")).isEqualTo(Map.of("model.bin", "bytes", "more/x", "x"));
  }

  @Test
  void ofManyWritersOfAFileOneWinsAsAWhole() throws Exception {
    List<Callable<String>> writers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String text = ("writer " + i + " ").repeat(1_000);
      writers.add(
          () -> {
            put("0/same", text);
            return text;
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<String> texts = new ArrayList<>();
      for (Future<String> text : threads.invokeAll(writers)) {
        texts.add(text.get());
      }
      assertThat(texts).contains(text("0/same"));
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void aFileAndAFolderOfOneNameNeverComeTogether() throws Exception {
    for (int round = 0; round < 10; round++) {
      String name = "0/" + round;
      try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
        List<Future<Boolean>> puts =
            threads.invokeAll(List.of(() -> isPut(name), () -> isPut(name + "/below")));
        boolean isFile = puts.getFirst().get();
        boolean isFolder = puts.getLast().get();
        assertThat(isFile && isFolder).as("both in round %d", round).isFalse();
        assertThat(store.kind(path(name)))
            .isEqualTo(
                isFile ? ArtifactKind.FILE : isFolder ? ArtifactKind.FOLDER : ArtifactKind.NOTHING);
      }
    }
  }

  private boolean isPut(String path) {
    try {
      put(path, "x");
      return true;
    } catch (SlipwayException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST);
      return false;
    }
  }

  protected final void put(String path, String text) {
    put(path, text.getBytes(UTF_8));
  }

  private void put(String path, byte[] bytes) {
    put(store, path, bytes);
  }

  protected static void put(ArtifactStore store, String path, byte[] bytes) {
    try (ArrivedFile arrived = store.receive(path(path), new ByteArrayInputStream(bytes))) {
      arrived.keep();
    }
  }

  protected final String text(String path) {
    return new String(bytes(path), UTF_8);
  }

  private byte[] bytes(String path) {
    return bytes(store.open(path(path)));
  }

  /** All bytes of a file. */
  public static byte[] bytes(StoredFile file) {
    try {
      return switch (file) {
        case StoredFile.OnDisk disk -> Files.readAllBytes(disk.file());
        case StoredFile.Streamed stream -> {
          try (InputStream content = stream.content()) {
            byte[] bytes = content.readAllBytes();
            assertThat(bytes).hasSize((int) stream.sizeBytes());
            yield bytes;
          }
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Path and text of every file of a folder. */
  protected final Map<String, String> files(String path) {
    Map<String, String> files = new TreeMap<>();
    store.each(
        path(path),
        file -> {
          ByteArrayOutputStream content = new ByteArrayOutputStream();
          try {
            file.content().writeTo(content);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          assertThat(file.bytes()).isEqualTo(content.size());
          assertThat(files.put(file.path(), content.toString(UTF_8))).as("twice").isNull();
        });
    return files;
  }

  private void assertBlocked(String path, String text) {
    assertRefused(ErrorCode.BAD_REQUEST, "'" + path + "' (expected: no", () -> put(path, text));
  }

  protected static ArtifactPath path(String text) {
    return ArtifactPath.parse(text);
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static byte[] large(int seed) {
    byte[] bytes = new byte[LARGE_BYTES];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  protected static void assertRefused(ErrorCode code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SlipwayException.class, failure -> assertThat(failure.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }
}
