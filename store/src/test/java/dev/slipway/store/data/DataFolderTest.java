package dev.slipway.store.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir Path folder;

  @Test
  void onlyItsOwnerMayEnterANewFolder() throws IOException {
    Path made = folder.resolve("made").resolve("data");
    try (DataFolder data = DataFolder.open(made)) {
      assertThat(Files.getPosixFilePermissions(data.root()))
          .containsExactlyInAnyOrder(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE);
    }
  }

  @Test
  void createsTheFolderWithItsVersion() throws IOException {
    Path root = folder.resolve("a/b");
    try (DataFolder data = DataFolder.open(root)) {
      assertThat(data.root()).isEqualTo(root);
      assertThat(root.resolve("VERSION")).hasContent("1\n");
    }
    DataFolder.open(root).close();
  }

  @Test
  void aSecondServerIsToldWhichProcessHoldsIt() {
    DataFolder data = DataFolder.open(folder);

    assertRefused(
        "in use by another server (process " + ProcessHandle.current().pid() + ")",
        () -> DataFolder.open(folder));

    data.close();
    DataFolder.open(folder).close();
  }

  @Test
  void aSecondProcessIsToldToo() throws Exception {
    try (DataFolder data = DataFolder.open(folder)) {
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  OpenAndFail.class.getName(),
                  data.root().toString())
              .redirectErrorStream(true)
              .start();
      String output = new String(other.getInputStream().readAllBytes(), UTF_8);

      assertThat(other.waitFor()).isEqualTo(3);
      assertThat(output)
          .contains("in use by another server (process " + ProcessHandle.current().pid() + ")");
    }
  }

  /** What a second server would do. */
  static final class OpenAndFail {
    private OpenAndFail() {}

    public static void main(String[] arguments) {
      try {
        DataFolder.open(Path.of(arguments[0]));
      } catch (SlipwayException e) {
        System.out.println(e.getMessage());
        System.exit(3);
      }
    }
  }

  @Test
  void aFolderOfANewerVersionIsLeftAlone() throws IOException {
    Files.writeString(folder.resolve("VERSION"), "2\n");

    assertRefused(
        "has version 2, written by a newer Slipway (expected: at most 1)",
        () -> DataFolder.open(folder));
    assertThat(names()).containsExactly("VERSION");
    assertThat(folder.resolve("VERSION")).hasContent("2\n");
  }

  @Test
  void aVersionThatIsNoNumberIsLeftAlone() throws IOException {
    Files.writeString(folder.resolve("VERSION"), "one");

    assertRefused("says 'one' (expected: a number up to 1)", () -> DataFolder.open(folder));
    assertThat(names()).containsExactly("VERSION");
  }

  @Test
  void aFileInItsPlaceIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "mine");

    assertRefused("is a file", () -> DataFolder.open(file));
    assertRefused("cannot be created", () -> DataFolder.open(file.resolve("below")));
    assertThat(file).hasContent("mine");
  }

  @Test
  void aFolderThatCannotBeWrittenIsRefused() {
    Path unwritable = Path.of("/proc/self/fdinfo");
    assumeTrue(Files.isDirectory(unwritable), "needs /proc, which nobody can write, not even root");

    assertRefused("cannot be written", () -> DataFolder.open(unwritable));
  }

  @Test
  void uploadsThatACrashLeftAreGoneAtTheNextStart() throws IOException {
    Path left;
    try (DataFolder data = DataFolder.open(folder)) {
      left = Files.writeString(data.temporary().resolve("upload"), "half");
    }

    DataFolder.open(folder).close();

    assertThat(left).doesNotExist();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static void assertRefused(String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID))
        .hasMessageContaining(words);
  }
}
