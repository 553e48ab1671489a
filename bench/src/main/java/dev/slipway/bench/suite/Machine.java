package dev.slipway.bench.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Names the machine that a figure comes from. */
final class Machine {
  private Machine() {}

  /** One line: date, processor, cores, memory, kernel and JDK. */
  static String describe() throws IOException {
    return "%s, %s, %d cores, %s, %s %s, JDK %s"
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            value("/proc/cpuinfo", "model name"),
            Runtime.getRuntime().availableProcessors(),
            value("/proc/meminfo", "MemTotal"),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            Runtime.version());
  }

  private static String value(String file, String key) throws IOException {
    Path path = Path.of(file);
    if (!Files.exists(path)) {
      return "unknown " + key;
    }
    return Files.readAllLines(path).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown " + key);
  }
}
