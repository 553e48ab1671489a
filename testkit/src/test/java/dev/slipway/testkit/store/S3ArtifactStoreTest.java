package dev.slipway.testkit.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.artifact.ArtifactPath;
import dev.slipway.core.artifact.StoredFile;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.artifact.ArrivedFile;
import dev.slipway.store.artifact.ArtifactKind;
import dev.slipway.store.artifact.S3ArtifactStore;
import dev.slipway.store.s3.OwnedBucket;
import dev.slipway.store.s3.S3Bucket;
import dev.slipway.testkit.store.FaultyLink.Cut;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store in a bucket must do beyond the contract, on a real S3 server. */
class S3ArtifactStoreTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final ArtifactPath FILE = ArtifactPath.parse("0/run/artifacts/large.bin");

  @TempDir Path folder;
  private final RealS3 s3 = RealS3.shared();
  private final String prefix = "logged/" + UUID.randomUUID();
  private final List<OwnedBucket> opened = new ArrayList<>();
  private Path credentials;
  private Path temporary;

  @BeforeEach
  void prepare() throws IOException {
    credentials = RealS3.credentials(folder.resolve("credentials"));
    temporary = Files.createDirectory(folder.resolve("tmp"));
  }

  @AfterEach
  void close() {
    opened.forEach(OwnedBucket::close);
  }

  @ParameterizedTest
  @EnumSource(Cut.class)
  @Timeout(300)
  void anUploadThatIsCutAfterAnyRequestLeavesTheOldFileOrTheNewOne(Cut cut) throws IOException {
    byte[] old = "old".getBytes(UTF_8);
    byte[] large = large();
    try (FaultyLink link = new FaultyLink(s3.port())) {
      int news = 0;
      int requests = 0;
      for (boolean cutShort = true; cutShort; requests++) {
        String place = prefix + "/" + requests;
        put(open(place, s3.port()), old);
        link.cutAfter(requests, cut);
        S3ArtifactStore store = open(place, link.port());
        try {
          put(store, large);
          cutShort = false;
        } catch (SlipwayException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        }

        S3ArtifactStore restarted = open(place, s3.port());
        byte[] found = ArtifactStoreKit.bytes(restarted.open(FILE));
        assertThat(found.length == old.length ? old : large).isEqualTo(found);
        news += found.length == large.length ? 1 : 0;
        put(restarted, old);
        assertThat(s3.uploads(place + "/")).as("unfinished uploads").isEmpty();
        assertThat(temporary).isEmptyDirectory();
      }
      assertThat(requests).as("requests of an upload").isGreaterThan(5);
      assertThat(news).as("runs after which the new file was there").isBetween(1, 2);
    }
  }

  @Test
  void aDownloadGoesOnWhereItsConnectionBroke() throws IOException {
    byte[] large = large();
    put(open(), large);
    try (FaultyLink link = new FaultyLink(s3.port())) {
      S3ArtifactStore store = open(prefix, link.port());
      link.breakAnswers(2, 3 << 20);

      assertThat(ArtifactStoreKit.bytes(store.open(FILE))).isEqualTo(large);

      assertThat(link.seen()).as("ranges, of which two broke off").isEqualTo(3);
    }
  }

  @Test
  void aDownloadThatGetsNowhereEndsWithItsReason() throws IOException {
    put(open(), large());
    try (FaultyLink link = new FaultyLink(s3.port())) {
      S3ArtifactStore store = open(prefix, link.port());
      try (InputStream content = store.open(FILE).content()) {
        content.readNBytes(1);
        link.cutAfter(0, Cut.REQUEST);
        assertRefused(ErrorCode.STORE_UNAVAILABLE, "cannot read", content::readAllBytes);
      }
    }
  }

  @Test
  void aFileThatIsReplacedOrDeletedWhileItIsReadIsNeverHalfOfEach() throws IOException {
    S3ArtifactStore store = open();
    put(store, large());
    try (InputStream content = store.open(FILE).content()) {
      content.readNBytes(100);
      byte[] other = new byte[large().length];
      put(store, other);
      assertRefused(
          ErrorCode.STORE_UNAVAILABLE, "it was replaced meanwhile", content::readAllBytes);
    }
    try (InputStream content = store.open(FILE).content()) {
      content.readNBytes(S3Bucket.PIECE_BYTES);
      store.delete(FILE);
      assertRefused(ErrorCode.STORE_UNAVAILABLE, "it was deleted", content::readAllBytes);
    }
  }

  @Test
  void whatACrashLeftOfUploadsIsEndedBeforeTheFirstWrite() {
    s3.beginUpload(prefix + "/artifacts/0/left");
    s3.beginUpload(prefix + "/files/of-a-version");
    S3ArtifactStore store = open();
    assertThat(store.list(ArtifactPath.ROOT)).isEmpty();
    assertThat(s3.uploads(prefix + "/")).hasSize(2);

    put(store, new byte[1]);

    assertThat(s3.uploads(prefix + "/")).containsExactly(prefix + "/files/of-a-version");
  }

  @Test
  void anotherServerMayReadAndNeitherWriteNorDelete() {
    put(open(), "mine".getBytes(UTF_8));
    S3ArtifactStore other = open(prefix, s3.port(), "another server", TIMEOUT);

    assertThat(ArtifactStoreKit.bytes(other.open(FILE))).isEqualTo("mine".getBytes(UTF_8));
    assertRefused(
        ErrorCode.STORE_UNAVAILABLE, "belongs to another server", () -> put(other, new byte[1]));
    assertRefused(
        ErrorCode.STORE_UNAVAILABLE, "belongs to another server", () -> other.delete(FILE));
    assertThat(open().kind(FILE)).isEqualTo(ArtifactKind.FILE);
  }

  @Test
  void foldersAreListedPastAPageAndWhatNoPathNamesIsNotSeen() {
    for (int i = 0; i < 1_003; i++) {
      s3.write(prefix + "/artifacts/0/f/%04d".formatted(i), new byte[0]);
    }
    s3.write(prefix + "/artifacts/0/f/a#b", new byte[0]);
    s3.write(prefix + "/artifacts/0/f/a\\b", new byte[0]);
    S3ArtifactStore store = open();
    List<String> names = new ArrayList<>();
    store.each(ArtifactPath.parse("0"), file -> names.add(file.path()));

    assertThat(store.list(ArtifactPath.parse("0/f"))).hasSize(1_003);
    assertThat(names).hasSize(1_003).doesNotHaveDuplicates().contains("f/0000", "f/1002");

    store.delete(ArtifactPath.parse("0/f"));
    assertThat(s3.keys(prefix + "/artifacts/")).isEmpty();
  }

  @Test
  void aPathTooLongForAKeyIsRefusedAndNotFound() {
    S3ArtifactStore store = open();
    String name = "n".repeat(200);
    int left = 1_024 - (prefix + "/artifacts/").length() - 4 * (name.length() + 1) - 1;
    String longest = (name + "/").repeat(4) + "x".repeat(left);
    ArtifactPath fits = ArtifactPath.parse(longest);
    ArtifactPath tooLong = ArtifactPath.parse(longest + "x");

    assertThat(store.kind(fits)).isEqualTo(ArtifactKind.NOTHING);
    assertRefused(
        ErrorCode.BAD_REQUEST,
        "of %d bytes (expected: at most %d".formatted(longest.length() + 1, longest.length()),
        () -> store.receive(tooLong, new ByteArrayInputStream(new byte[1])));
    assertRefused(ErrorCode.NOT_FOUND, "", () -> store.open(tooLong));
    assertRefused(ErrorCode.NOT_FOUND, "", () -> store.delete(tooLong));
    assertThat(store.list(tooLong)).isEmpty();
  }

  @Test
  @Timeout(60)
  void whileTheServiceIsAwayEverythingSaysSo() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    S3ArtifactStore store = open(prefix, closed, "this server", Duration.ofSeconds(1));

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> put(store, new byte[1]),
            () -> store.open(FILE),
            () -> store.kind(FILE),
            () -> store.list(ArtifactPath.ROOT),
            () -> store.each(FILE, file -> {}),
            () -> store.delete(FILE))) {
      assertRefused(ErrorCode.STORE_UNAVAILABLE, "s3://" + RealS3.BUCKET, call);
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void anEmptyFileIsAStreamOfNothing() {
    S3ArtifactStore store = open();
    put(store, new byte[0]);

    StoredFile.Streamed file = store.open(FILE);

    assertThat(file.sizeBytes()).isZero();
    assertThat(ArtifactStoreKit.bytes(file)).isEmpty();
  }

  private static void put(S3ArtifactStore store, byte[] bytes) {
    try (ArrivedFile arrived = store.receive(FILE, new ByteArrayInputStream(bytes))) {
      arrived.keep();
    }
  }

  private S3ArtifactStore open() {
    return open(prefix, s3.port());
  }

  private S3ArtifactStore open(String place, int port) {
    return open(place, port, "this server", TIMEOUT);
  }

  private S3ArtifactStore open(String place, int port, String owner, Duration timeout) {
    OwnedBucket bucket =
        new OwnedBucket(S3Bucket.open(s3.settings(place, port, credentials, timeout)), owner);
    opened.add(bucket);
    return new S3ArtifactStore(bucket, temporary);
  }

  /** Of two pieces. */
  private static byte[] large() {
    byte[] bytes = new byte[S3Bucket.PIECE_BYTES + (4 << 20)];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static void assertRefused(ErrorCode code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SlipwayException.class, failure -> assertThat(failure.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }
}
