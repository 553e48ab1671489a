package dev.slipway.store.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Flyway's classes take long to load, and most starts have nothing to migrate. */
class StartWithoutFlywayTest {
  @TempDir Path folder;

  @Test
  @Timeout(60)
  void noClassOfFlywayIsLoadedForADatabaseThatIsUpToDate() throws Exception {
    assertThat(flywayClassesOfAStart()).as("the first start migrates").isNotEmpty();
    assertThat(flywayClassesOfAStart()).isEmpty();
  }

  private List<String> flywayClassesOfAStart() throws Exception {
    Path loaded = folder.resolve("loaded");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Xlog:class+load:file=" + loaded,
                "-XX:TieredStopAtLevel=1",
                "-Dslf4j.internal.verbosity=ERROR",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Opener.class.getName(),
                folder.resolve("control.db").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    try (Stream<String> lines = Files.lines(loaded)) {
      List<String> all = lines.toList();
      assertThat(all).anyMatch(line -> line.contains(SqliteControlStore.class.getName()));
      return all.stream().filter(line -> line.contains("org.flywaydb")).toList();
    }
  }

  static final class Opener {
    private Opener() {}

    /**
     * @param arguments file of the database
     */
    public static void main(String[] arguments) {
      new SqliteControlStore(Path.of(arguments[0]), InstantSource.system()).close();
    }
  }
}
