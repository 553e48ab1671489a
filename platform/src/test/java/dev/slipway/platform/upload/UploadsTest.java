package dev.slipway.platform.upload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.blob.TreeLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadsTest {
  private static final UploadLimits LIMITS =
      new UploadLimits(new TreeLimits(200 << 20, 4, 40), 200);

  @TempDir Path folder;
  private Path temporary;
  private Uploads uploads;

  @BeforeEach
  void makeFolder() throws IOException {
    temporary = Files.createDirectory(folder.resolve("tmp"));
    uploads = new Uploads(temporary, LIMITS);
  }

  @Test
  void aZipIsUnpackedAndGoneWhenClosed() throws IOException {
    try (UploadedArtifact upload = uploads.zip(zip("model.onnx", "m", "data/w.bin", "w"))) {
      assertThat(upload.root().resolve("model.onnx")).hasContent("m");
      assertThat(upload.root().resolve("data/w.bin")).hasContent("w");
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void aZipOfOneFolderIsThatFolder() throws IOException {
    try (UploadedArtifact upload =
        uploads.zip(zip("fraud/", "", "fraud/model.onnx", "m", "fraud/a.txt", "a"))) {
      assertThat(upload.root().resolve("model.onnx")).hasContent("m");
    }
  }

  @Test
  void aFileKeepsItsName() {
    try (UploadedArtifact upload = uploads.file("my model.onnx", bytes("m".getBytes(UTF_8)))) {
      assertThat(upload.root().resolve("my model.onnx")).hasContent("m");
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil",
        "a/../../evil",
        "/etc/evil",
        "a//b",
        "./a",
        "a/.",
        "..",
        "a\\..\\evil",
        "C:evil",
        "a\nb",
        "\0",
        "a/\u0007/b",
      })
  void pathsThatLeadElsewhereAreRefused(String path) throws IOException {
    assertRefused(ErrorCode.BAD_REQUEST, "zip: ", () -> uploads.zip(zip(path, "x")));
    assertRefused(
        ErrorCode.BAD_REQUEST, "filename: ", () -> uploads.file(path, bytes(new byte[1])));
    try (var left = Files.walk(folder)) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void aMissingFileNameIsRefused() {
    assertRefused(
        ErrorCode.BAD_REQUEST,
        "filename: '' (expected: the file's own name, or a zip",
        () -> uploads.file("", bytes(new byte[1])));
  }

  @Test
  void theSamePathTwiceIsRefused() throws IOException {
    byte[] zip = zip("ab", "1", "ac", "2").readAllBytes();
    for (int i = 0; i < zip.length - 1; i++) {
      if (zip[i] == 'a' && zip[i + 1] == 'c') {
        zip[i + 1] = 'b';
      }
    }

    assertRefused(ErrorCode.BAD_REQUEST, "'ab' comes twice", () -> uploads.zip(bytes(zip)));
  }

  @Test
  void aFileWhereAFolderIsNeededIsRefused() {
    assertRefused(
        ErrorCode.BAD_REQUEST, "zip: 'a/b'", () -> uploads.zip(zip("a", "1", "a/b", "2")));
  }

  @Test
  void aZipThatBreaksOffIsRefusedWhereverItDoes() throws IOException {
    byte[] whole = zip("model.onnx", "m".repeat(100), "b.bin", "w", "c/", "").readAllBytes();
    uploads.zip(bytes(whole)).close();

    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertRefused(ErrorCode.BAD_REQUEST, "zip: ", () -> uploads.zip(bytes(part)));
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void filesAndPathsAreLimited() throws IOException {
    uploads.zip(zip("a", "", "b", "", "c", "", "d", "")).close();
    assertRefused(
        ErrorCode.PAYLOAD_TOO_LARGE,
        "more than 4 files",
        () -> uploads.zip(zip("a", "", "b", "", "c", "", "d", "", "e", "")));
    uploads.zip(zip("n".repeat(40), "")).close();
    assertRefused(
        ErrorCode.PAYLOAD_TOO_LARGE, "40 bytes", () -> uploads.zip(zip("n".repeat(41), "")));
    assertRefused(
        ErrorCode.PAYLOAD_TOO_LARGE,
        "more than 8 entries",
        () ->
            uploads.zip(
                zip(
                    "1/", "", "2/", "", "3/", "", "4/", "", "5/", "", "6/", "", "7/", "", "8/", "",
                    "9/", "")));
  }

  @Test
  void aBombIsRefusedBeforeItFillsTheDisk() throws IOException {
    byte[] bomb = zeros(150 << 20);
    assertThat(bomb.length).isLessThan(200_000);

    assertRefused(ErrorCode.PAYLOAD_TOO_LARGE, "at most 200 times", () -> uploads.zip(bytes(bomb)));
    assertThat(temporary).isEmptyDirectory();
    uploads.zip(bytes(zeros((int) UploadLimits.RATIO_FREE_BYTES))).close();
  }

  @Test
  void bytesAreLimitedAtTheLimitAndOnePast() throws IOException {
    Uploads small = new Uploads(temporary, new UploadLimits(new TreeLimits(10, 4, 40), 200));

    small.file("a", bytes(new byte[10])).close();
    assertRefused(
        ErrorCode.PAYLOAD_TOO_LARGE, "10 bytes", () -> small.file("a", bytes(new byte[11])));
    small.zip(zip("a", "12345", "b", "12345")).close();
    assertRefused(
        ErrorCode.PAYLOAD_TOO_LARGE,
        "10 bytes unpacked",
        () -> small.zip(zip("a", "12345", "b", "123456")));
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void aBodyThatFailsLeavesNothing() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() {
            throw new SlipwayException(ErrorCode.CANCELLED, "the caller went away");
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            return read();
          }
        };

    assertRefused(ErrorCode.CANCELLED, "went away", () -> uploads.file("a", failing));
    assertRefused(ErrorCode.CANCELLED, "went away", () -> uploads.zip(failing));
    assertThat(temporary).isEmptyDirectory();
  }

  @Property(tries = 300)
  void anyBytesAreUnpackedOrRefused(@ForAll byte[] noise, @ForAll int at) throws IOException {
    Path own = Files.createTempDirectory("slipway-zip");
    byte[] zip = zip("model.onnx", "the model", "w.bin", "weights").readAllBytes();
    int start = Math.floorMod(at, zip.length);
    System.arraycopy(noise, 0, zip, start, Math.min(noise.length, zip.length - start));
    try (UploadedArtifact upload = new Uploads(own, LIMITS).zip(bytes(zip))) {
      assertThat(upload.root()).isDirectory();
    } catch (SlipwayException e) {
      assertThat(e.code()).isIn(ErrorCode.BAD_REQUEST, ErrorCode.PAYLOAD_TOO_LARGE);
    }
    assertThat(own).isEmptyDirectory();
    Files.delete(own);
  }

  private static InputStream zip(String... namesAndContents) throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    for (int i = 0; i < namesAndContents.length; i += 2) {
      entries.put(namesAndContents[i], namesAndContents[i + 1]);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(UTF_8));
        zip.closeEntry();
      }
    }
    return bytes(bytes.toByteArray());
  }

  private static byte[] zeros(int size) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("zeros.bin"));
      byte[] chunk = new byte[1 << 20];
      for (int left = size; left > 0; left -= chunk.length) {
        zip.write(chunk, 0, Math.min(left, chunk.length));
      }
    }
    return bytes.toByteArray();
  }

  private static InputStream bytes(byte[] content) {
    return new ByteArrayInputStream(content);
  }

  private static void assertRefused(ErrorCode code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SlipwayException.class, failure -> assertThat(failure.code()).isEqualTo(code))
        .hasMessageContaining(words);
  }
}
