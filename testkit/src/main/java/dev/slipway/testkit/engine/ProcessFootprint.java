package dev.slipway.testkit.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process holds of the operating system, which sees native memory that the heap's own
 * figures do not.
 *
 * @param residentBytes physical memory
 * @param openFiles file descriptors
 * @param threads Java's and native ones
 */
record ProcessFootprint(long residentBytes, long openFiles, long threads) {
  private static final long NOISE_BYTES = 4 << 20;

  private static final Path PROC = Path.of("/proc/self");

  /** Whether this system tells, which Linux does. */
  static boolean isKnown() {
    return Files.isReadable(PROC.resolve("status")) && Files.isDirectory(PROC.resolve("fd"));
  }

  /** Measures now, after a garbage collection, so that buffers nobody holds are returned. */
  static ProcessFootprint now() {
    System.gc();
    return new ProcessFootprint(
        status("VmRSS:") * 1024, entries(PROC.resolve("fd")), entries(PROC.resolve("task")));
  }

  /** Whether this is at most the other, but for what any program gains and loses by the way. */
  boolean isHardlyMoreThan(ProcessFootprint other) {
    return residentBytes <= other.residentBytes + NOISE_BYTES
        && openFiles <= other.openFiles + 2
        && threads <= other.threads + 3;
  }

  private static long status(String key) {
    try (Stream<String> lines = Files.lines(PROC.resolve("status"))) {
      return lines
          .filter(line -> line.startsWith(key))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long entries(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
