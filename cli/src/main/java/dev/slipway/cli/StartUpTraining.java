package dev.slipway.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs what every command runs, silently, so that the launcher can record an ahead-of-time cache of
 * the classes: {@code java -XX:AOTCacheOutput=FILE -cp JAR dev.slipway.cli.StartUpTraining}. No
 * server is needed; a port where nothing listens loads the HTTP client just as well.
 */
public final class StartUpTraining {
  private StartUpTraining() {}

  public static void main(String[] arguments) {
    for (List<String> command :
        List.of(
            List.of("--help"),
            List.of("up", "--help"),
            List.of("no-such-command"),
            List.of("config", "list", "-o", "json"),
            List.of("config", "list", "-o", "yaml"),
            List.of("config", "list", "-o", "wide"),
            List.of("doctor"),
            List.of("predict", "fraud", "--row", "1,2"),
            List.of("deployment", "get", "fraud"))) {
      PrintStream nowhere =
          new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
      Environment silent =
          new Environment(
              Map.of("SLIPWAY_URL", "http://127.0.0.1:9"),
              Path.of(""),
              Path.of(""),
              InputStream.nullInputStream(),
              nowhere,
              nowhere,
              Set.of());
      SlipwayCli.run(silent, command.toArray(String[]::new));
    }
  }
}
