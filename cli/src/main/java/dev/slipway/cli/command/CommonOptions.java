package dev.slipway.cli.command;

import dev.slipway.cli.config.SettingKey;
import dev.slipway.cli.output.OutputFormat;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that talks to a server or prints data. */
final class CommonOptions {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}; table unless set otherwise")
  private @Nullable OutputFormat output;

  @Option(
      names = {"-q", "--quiet"},
      description = "no progress and no remarks on stderr")
  private boolean quiet;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "the server; http://localhost:8080 unless set otherwise")
  private @Nullable String url;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "a server named in the user configuration")
  private @Nullable String context;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "longest wait, such as 500ms, 30s or 5m")
  private @Nullable String timeout;

  boolean quiet() {
    return quiet;
  }

  /** What was given, by setting. */
  Map<SettingKey, String> flags() {
    Map<SettingKey, String> flags = new EnumMap<>(SettingKey.class);
    put(flags, SettingKey.OUTPUT, output == null ? null : output.toString());
    put(flags, SettingKey.URL, url);
    put(flags, SettingKey.CONTEXT, context);
    put(flags, SettingKey.TIMEOUT, timeout);
    return flags;
  }

  private static void put(Map<SettingKey, String> flags, SettingKey key, @Nullable String value) {
    if (value != null) {
      flags.put(key, value);
    }
  }
}
