package dev.slipway.testkit.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.store.blob.FileBlobStore;
import dev.slipway.store.blob.FrozenTree;
import dev.slipway.store.blob.S3BlobStore;
import dev.slipway.store.blob.StagedTree;
import dev.slipway.store.blob.TreeLimits;
import dev.slipway.store.files.FileTree;
import dev.slipway.store.s3.OwnedBucket;
import dev.slipway.store.s3.S3Bucket;
import dev.slipway.store.s3.S3Settings;
import dev.slipway.testkit.store.FaultyLink.Cut;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store in a bucket must do beyond the contract, on a real S3 server. */
class S3BlobStoreTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final RealS3 s3 = RealS3.shared();
  private final String prefix = "test/" + UUID.randomUUID();
  private final List<S3BlobStore> opened = new ArrayList<>();
  private Path credentials;

  @BeforeEach
  void writeCredentials() {
    credentials = RealS3.credentials(folder.resolve("credentials"));
  }

  @AfterEach
  void close() {
    opened.forEach(S3BlobStore::close);
  }

  @ParameterizedTest
  @EnumSource(Cut.class)
  @Timeout(300)
  void aFreezeThatIsCutAfterAnyRequestLeavesTheWholeArtifactOrNone(Cut cut) throws IOException {
    Path source = sample();
    ArtifactDigest digest = freeze(open(), source).digest();
    try (FaultyLink link = new FaultyLink(s3.port())) {
      int wholes = 0;
      int requests = 0;
      for (boolean cutShort = true; cutShort; requests++) {
        String place = prefix + "/" + requests;
        link.cutAfter(requests, cut);
        Path data = folder.resolve("data" + requests);
        S3BlobStore store = open(place, link.port(), data, TIMEOUT);
        try {
          freeze(store, source);
          cutShort = false;
        } catch (SlipwayException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        }

        S3BlobStore elsewhere = open(place, s3.port(), folder.resolve("else" + requests), TIMEOUT);
        if (elsewhere.digests().isEmpty()) {
          assertRefused(ErrorCode.STORE_CORRUPT, "missing", () -> elsewhere.open(digest));
        } else {
          assertThat(elsewhere.digests()).containsExactly(digest);
          assertSample(elsewhere.open(digest));
          wholes++;
        }
        S3BlobStore restarted = open(place, s3.port(), data, TIMEOUT);
        if (keys(place).stream().anyMatch(key -> !key.equals("owner"))) {
          assertThat(restarted.discardable())
              .as("the next start knows what lies in the bucket")
              .containsExactly(digest);
        }
        freeze(restarted, source);
        assertSample(restarted.verify(digest));
        restarted.discard(digest);
        assertThat(keys(place)).containsExactly("owner");
      }
      assertThat(requests).as("requests of a freeze").isGreaterThan(8);
      assertThat(wholes).as("runs after which the artifact was there").isBetween(1, 3);
    }
  }

  @ParameterizedTest
  @EnumSource(Cut.class)
  @Timeout(300)
  void aDiscardThatIsCutAfterAnyRequestLeavesTheWholeArtifactOrNone(Cut cut) throws IOException {
    Path source = sample();
    try (FaultyLink link = new FaultyLink(s3.port())) {
      int wholes = 0;
      int requests = 0;
      for (boolean cutShort = true; cutShort; requests++) {
        String place = prefix + "/" + requests;
        Path data = folder.resolve("data" + requests);
        ArtifactDigest digest = freeze(open(place, s3.port(), data, TIMEOUT), source).digest();
        link.cutAfter(requests, cut);
        S3BlobStore store = open(place, link.port(), data, TIMEOUT);
        try {
          store.discard(digest);
          cutShort = false;
        } catch (SlipwayException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        }

        S3BlobStore elsewhere = open(place, s3.port(), folder.resolve("else" + requests), TIMEOUT);
        if (elsewhere.digests().isEmpty()) {
          assertRefused(ErrorCode.STORE_CORRUPT, "missing", () -> elsewhere.open(digest));
        } else {
          assertSample(elsewhere.open(digest));
          wholes++;
        }
        S3BlobStore restarted = open(place, s3.port(), data, TIMEOUT);
        restarted.discardable().forEach(restarted::discard);
        assertThat(keys(place)).containsExactly("owner");
        assertThat(restarted.discardable()).isEmpty();
      }
      assertThat(requests).as("requests of a discard").isGreaterThan(5);
      assertThat(wholes).as("runs after which the artifact was there").isGreaterThan(0);
      assertThat(wholes).as("runs after which it was there").isLessThan(requests - 2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../evil", "/evil", "a/../../evil", "a//evil", ".", "a/.", "a\u0000b", "a\rb"})
  void aManifestWhosePathsLeadOutOfTheArtifactIsRefused(String path) throws Exception {
    String text = "slipway-tree-v1\n" + sha256("x".getBytes(UTF_8)) + " 1 " + path + "\n";
    ArtifactDigest digest = new ArtifactDigest("sha256:" + sha256(text.getBytes(UTF_8)));
    s3.write(prefix + "/manifests/" + digest.hex(), text.getBytes(UTF_8));
    s3.write(
        prefix + "/files/" + digest.hex() + "/" + sha256("x".getBytes(UTF_8)), "x".getBytes(UTF_8));
    S3BlobStore store = open();

    assertRefused(ErrorCode.STORE_CORRUPT, "of its manifest", () -> store.open(digest));

    assertThat(files(folder)).noneMatch(file -> file.getFileName().toString().contains("evil"));
    assertThat(files(folder.resolve("data"))).isEmpty();
  }

  @Test
  void aManifestOfOtherFilesIsRefused() throws Exception {
    ArtifactDigest digest = freeze(open(), sample()).digest();
    byte[] other = "slipway-tree-v1\n".getBytes(UTF_8);
    s3.write(prefix + "/manifests/" + digest.hex(), other);

    assertRefused(
        ErrorCode.STORE_CORRUPT, "its manifest has digest", () -> elsewhere().open(digest));
    assertRefused(ErrorCode.STORE_CORRUPT, "its manifest", () -> open().verify(digest));
  }

  @Test
  void whatIsDamagedOrMissingInTheBucketIsFoundByVerifyWhileTheLocalCopyServes() throws Exception {
    S3BlobStore store = open();
    ArtifactDigest digest = freeze(store, sample()).digest();
    List<String> files = keys(prefix).stream().filter(key -> key.startsWith("files/")).toList();
    assertThat(files).hasSize(3);
    for (String key : files) {
      byte[] bytes = s3.read(prefix + "/" + key);
      byte[] wrong = bytes.length == 0 ? new byte[1] : bytes.clone();
      wrong[wrong.length / 2] ^= 1;
      s3.write(prefix + "/" + key, wrong);
      assertRefused(ErrorCode.STORE_CORRUPT, digest.value(), () -> store.verify(digest));
      assertRefused(ErrorCode.STORE_CORRUPT, digest.value(), () -> elsewhere().open(digest));
      s3.write(prefix + "/" + key, new byte[bytes.length + 1]);
      assertRefused(ErrorCode.STORE_CORRUPT, "another length", () -> store.verify(digest));
      s3.delete(prefix + "/" + key);
      assertRefused(ErrorCode.STORE_CORRUPT, "is missing", () -> store.verify(digest));
      assertSample(store.open(digest));
      s3.write(prefix + "/" + key, bytes);
    }
    store.verify(digest);
  }

  @Test
  void aDamagedLocalCopyIsFetchedAgain() throws Exception {
    S3BlobStore store = open();
    FrozenTree tree = freeze(store, sample());
    Path file = tree.root().resolve("small.txt");
    Files.delete(file);
    Files.writeString(file, "other");

    assertSample(store.verify(tree.digest()));
    FileTree.delete(tree.root());
    assertSample(open().open(tree.digest()));
  }

  @Test
  void anotherServerMayReadAndNeitherWriteNorDiscard() throws Exception {
    S3BlobStore store = open();
    ArtifactDigest digest = freeze(store, sample()).digest();
    S3BlobStore other =
        new S3BlobStore(
            folder.resolve("other"),
            TreeLimits.DEFAULT,
            new OwnedBucket(
                S3Bucket.open(s3.settings(prefix, s3.port(), credentials, TIMEOUT)),
                "another server"));
    opened.add(other);

    assertSample(other.open(digest));
    assertThat(other.discardable()).isEmpty();
    assertRefused(
        ErrorCode.STORE_UNAVAILABLE, "belongs to another server", () -> other.discard(digest));
    assertRefused(
        ErrorCode.STORE_UNAVAILABLE, "belongs to another server", () -> freeze(other, sample()));
    assertRefused(ErrorCode.STORE_UNAVAILABLE, "belongs to another server", other::probe);
    assertThat(store.probe()).isEqualTo("s3://" + RealS3.BUCKET + "/" + prefix);
    assertSample(store.verify(digest));
  }

  @Test
  void aRestoredCopyOfTheServerDiscardsNothingOfTheOriginal() throws Exception {
    S3BlobStore original = open();
    ArtifactDigest digest = freeze(original, sample()).digest();
    S3BlobStore restored = elsewhere();

    assertSample(freeze(restored, sample()));

    assertThat(original.discardable()).containsExactly(digest);
    assertThat(restored.discardable()).as("it was there before").isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Cut.class)
  @Timeout(300)
  void whatWasFrozenBeforeThereWasABucketIsBroughtWhereverItWasStopped(Cut cut) throws IOException {
    Path data = folder.resolve("data");
    ArtifactDigest digest;
    ArtifactDigest unnamed;
    FileBlobStore before = new FileBlobStore(data, TreeLimits.DEFAULT);
    try (StagedTree staged = before.stage(List.of(sample()));
        StagedTree other = before.stage(List.of(sample().resolve("small.txt")))) {
      digest = staged.freeze().digest();
      unnamed = other.freeze().digest();
    }
    Set<ArtifactDigest> named = Set.of(digest);
    try (FaultyLink link = new FaultyLink(s3.port())) {
      int requests = 0;
      for (; open().onThisDiskOnly(named).contains(digest); requests++) {
        link.cutAfter(requests, cut);
        S3BlobStore store = open(prefix, link.port(), data, TIMEOUT);
        try {
          store.bring(digest);
        } catch (SlipwayException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        }
      }
      assertThat(requests).as("requests of an artifact").isGreaterThan(5);
    }

    assertSample(elsewhere().open(digest));
    assertThat(open().digests()).containsExactly(digest).doesNotContain(unnamed);
  }

  @Test
  void aDamagedCopyIsNotBrought() throws IOException {
    Path data = folder.resolve("data");
    FrozenTree tree;
    try (StagedTree staged = new FileBlobStore(data, TreeLimits.DEFAULT).stage(List.of(sample()))) {
      tree = staged.freeze();
    }
    Path file = tree.root().resolve("small.txt");
    Files.delete(file);
    Files.writeString(file, "other");

    assertRefused(
        ErrorCode.STORE_CORRUPT, tree.digest().value(), () -> open().bring(tree.digest()));

    assertThat(open().digests()).isEmpty();
  }

  @Test
  void wrongCredentialsAreRefusedByNameAndANewFileIsReadWithoutARestart() throws Exception {
    S3BlobStore store = open();
    ArtifactDigest digest = freeze(store, sample()).digest();
    RealS3.credentials(credentials, "a-wrong-secret");
    assertThatThrownBy(() -> freeze(store, sample()))
        .hasMessageContaining("refused with 403")
        .hasMessageContaining("artifact-s3-credentials-file")
        .hasMessageNotContaining("a-wrong-secret");
    Files.writeString(credentials, "aws_access_key_id = somebody\n");
    assertRefused(
        ErrorCode.STORE_UNAVAILABLE, "has no aws_secret_access_key", () -> store.verify(digest));
    Files.delete(credentials);
    assertRefused(ErrorCode.STORE_UNAVAILABLE, "cannot be read", () -> store.verify(digest));
    assertSample(store.open(digest));

    RealS3.credentials(credentials);

    assertSample(store.verify(digest));
  }

  @Test
  @Timeout(60)
  void whileTheServiceIsAwayWhatIsHereServesAndTheRestSaysWhy() throws Exception {
    ArtifactDigest digest = freeze(open(), sample()).digest();
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      int closed;
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        closed = socket.getLocalPort();
      }
      for (int port : new int[] {closed, silent.getLocalPort()}) {
        Duration timeout = Duration.ofSeconds(1);
        S3BlobStore cached = open(prefix, port, folder.resolve("data"), timeout);
        S3BlobStore empty = open(prefix, port, folder.resolve("empty"), timeout);

        assertSample(cached.open(digest));
        long began = System.nanoTime();
        assertRefused(
            ErrorCode.STORE_UNAVAILABLE, "cannot read manifests/", () -> empty.open(digest));
        assertThat(Duration.ofNanos(System.nanoTime() - began))
            .as("three attempts of a second, with short pauses")
            .isLessThan(Duration.ofSeconds(10));
        assertRefused(ErrorCode.STORE_UNAVAILABLE, "", () -> freeze(cached, sample()));
        assertRefused(ErrorCode.STORE_UNAVAILABLE, "", cached::digests);
      }
    }
  }

  @Test
  void aBucketThatIsNotThereIsSaid() {
    S3Settings here = s3.settings(prefix, s3.port(), credentials, TIMEOUT);
    S3Settings gone =
        new S3Settings(
            "no-such-bucket",
            prefix,
            here.endpoint(),
            here.region(),
            here.pathStyle(),
            credentials,
            TIMEOUT);
    S3BlobStore store =
        new S3BlobStore(
            folder.resolve("data"),
            TreeLimits.DEFAULT,
            new OwnedBucket(S3Bucket.open(gone), "this server"));
    opened.add(store);

    assertRefused(ErrorCode.STORE_UNAVAILABLE, "a bucket named no-such-bucket", store::probe);
  }

  /** 64 MiB go up and come down again in a process whose heap is smaller. */
  @Test
  @Timeout(300)
  void aLargeFileTakesNoMoreMemoryThanASmallOne() throws Exception {
    Path file = folder.resolve("large.bin");
    byte[] block = new byte[1 << 20];
    Random random = new Random(7);
    try (var out = Files.newOutputStream(file)) {
      for (int i = 0; i < 64; i++) {
        random.nextBytes(block);
        out.write(block);
      }
      out.write(1);
    }
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                RoundTrip.class.getName(),
                String.valueOf(s3.port()),
                prefix,
                credentials.toString(),
                file.toString(),
                folder.resolve("round").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();

    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    assertThat(Files.mismatch(file, folder.resolve("round/result"))).isEqualTo(-1);
  }

  @Test
  void digestsAreListedPastAPage() {
    S3BlobStore store = open();
    for (int i = 0; i < 1_003; i++) {
      s3.write(prefix + "/manifests/" + "%064x".formatted(i), new byte[0]);
    }
    s3.write(prefix + "/manifests/readme.txt", new byte[0]);

    assertThat(store.digests())
        .hasSize(1_003)
        .isSortedAccordingTo((a, b) -> a.hex().compareTo(b.hex()));
  }

  /** The process of {@link #aLargeFileTakesNoMoreMemoryThanASmallOne}. */
  static final class RoundTrip {
    private RoundTrip() {}

    public static void main(String[] arguments) throws IOException {
      S3Settings settings =
          new S3Settings(
              RealS3.BUCKET,
              arguments[1],
              RealS3.endpoint(Integer.parseInt(arguments[0])),
              "us-east-1",
              true,
              Path.of(arguments[2]),
              TIMEOUT);
      Path round = Path.of(arguments[4]);
      ArtifactDigest digest;
      try (S3BlobStore up =
          new S3BlobStore(
              round.resolve("up"),
              TreeLimits.DEFAULT,
              new OwnedBucket(S3Bucket.open(settings), "it"))) {
        digest = freeze(up, Path.of(arguments[3])).digest();
        up.verify(digest);
      }
      try (S3BlobStore down =
          new S3BlobStore(
              round.resolve("down"),
              TreeLimits.DEFAULT,
              new OwnedBucket(S3Bucket.open(settings), "it"))) {
        Files.copy(down.open(digest).root().resolve("large.bin"), round.resolve("result"));
      }
    }
  }

  private S3BlobStore open() {
    return open(prefix, s3.port(), folder.resolve("data"), TIMEOUT);
  }

  /** The same server with another folder. */
  private S3BlobStore elsewhere() {
    return open(prefix, s3.port(), folder.resolve("else-" + UUID.randomUUID()), TIMEOUT);
  }

  private S3BlobStore open(String place, int port, Path data, Duration timeout) {
    S3BlobStore store =
        new S3BlobStore(
            data,
            TreeLimits.DEFAULT,
            new OwnedBucket(
                S3Bucket.open(s3.settings(place, port, credentials, timeout)), "this server"));
    opened.add(store);
    return store;
  }

  private static FrozenTree freeze(S3BlobStore store, Path source) {
    try (StagedTree staged = store.stage(List.of(source))) {
      return staged.freeze();
    }
  }

  /** Four files, of which two are equal, one is empty and one has several pieces. */
  private Path sample() throws IOException {
    Path root = folder.resolve("sample");
    if (!Files.exists(root)) {
      Files.createDirectories(root.resolve("a folder/ü"));
      Files.writeString(root.resolve("small.txt"), "small");
      Files.writeString(root.resolve("a folder/ü/the same"), "small");
      Files.write(root.resolve("empty"), new byte[0]);
      Files.write(root.resolve("large.bin"), large());
    }
    return root;
  }

  private static byte[] large() {
    byte[] bytes = new byte[S3Bucket.PIECE_BYTES + 1];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static void assertSample(FrozenTree tree) throws IOException {
    assertThat(tree.root().resolve("small.txt")).hasContent("small");
    assertThat(tree.root().resolve("a folder/ü/the same")).hasContent("small");
    assertThat(tree.root().resolve("empty")).isEmptyFile();
    assertThat(tree.root().resolve("large.bin")).hasBinaryContent(large());
    assertThat(files(tree.root())).hasSize(4);
  }

  private static List<Path> files(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  /** What lies below a prefix, relative to it. */
  private List<String> keys(String place) {
    return s3.keys(place + "/").stream().map(key -> key.substring(place.length() + 1)).toList();
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static void assertRefused(ErrorCode code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SlipwayException.class, failure -> assertThat(failure.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }
}
