package dev.slipway.bench.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The ahead-of-time caches that the launcher records in the background when it runs a program
 * without one.
 *
 * @param root the project's folder
 */
record AotCaches(Path root) {
  /** An environment in which the launcher neither uses nor records them. */
  static final Map<String, String> OFF = Map.of("SLIPWAY_AOT", "off");

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long PAUSE_MILLIS = 200;

  /**
   * Waits until the launcher has recorded what it has begun to record.
   *
   * @param programs {@code cli} or {@code server}, which the launcher has run before
   * @throws IOException if a recording fails or does not end
   */
  void await(String... programs) throws IOException, InterruptedException {
    Path folder = root.resolve("target/launcher");
    long start = System.nanoTime();
    while (!areComplete(folder, programs)) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IOException("no AOT caches in %s within %s".formatted(folder, PATIENCE));
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  private static boolean areComplete(Path folder, String... programs) throws IOException {
    List<String> names;
    try (Stream<Path> files = Files.list(folder)) {
      names = files.map(file -> String.valueOf(file.getFileName())).toList();
    }
    for (String program : programs) {
      if (has(names, program, ".aot.failed")) {
        throw new IOException(
            "the AOT cache of %s could not be recorded; the .log in %s says why"
                .formatted(program, folder));
      }
      if (has(names, program, ".aot.lock") || !has(names, program, ".aot")) {
        return false;
      }
    }
    return true;
  }

  private static boolean has(List<String> names, String program, String ending) {
    return names.stream().anyMatch(name -> name.startsWith(program + "-") && name.endsWith(ending));
  }
}
