package dev.slipway.cli.command;

import dev.slipway.cli.config.SettingKey;
import dev.slipway.cli.config.Settings;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * What {@code up} can be told, and the one form in which the server's main class receives it:
 * {@code --host=H --port=P --data=DIR [--demo=NAME]}, values checked, then the further settings,
 * which the server checks.
 */
final class UpOptions {
  /** The examples that the server can register and deploy by itself. */
  enum Demo {
    FRAUD;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--demo",
      paramLabel = "NAME",
      description = "register and deploy an example: ${COMPLETION-CANDIDATES}")
  private @Nullable Demo demo;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "folder in which the state is kept; ./.slipway unless set otherwise")
  private @Nullable String data;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "port to listen on, 0 for any free one; 8080 unless set otherwise")
  private @Nullable String port;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description =
          "address to listen on; the loopback unless set otherwise, 0.0.0.0 for every interface,"
              + " which takes TLS or --insecure")
  private @Nullable String host;

  @Option(
      names = "--insecure",
      description =
          "listen elsewhere than on the loopback without TLS, so that tokens go there in the clear")
  private boolean insecure;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "another setting of the server, such as limits.body-bytes-max=1000000; again for further"
              + " ones. docs/reference/configuration.md lists them")
  private Map<String, String> further = new LinkedHashMap<>();

  /** What was given, by setting. */
  Map<SettingKey, String> flags() {
    Map<SettingKey, String> flags = new EnumMap<>(SettingKey.class);
    put(flags, SettingKey.UP_HOST, host);
    put(flags, SettingKey.UP_PORT, port);
    put(flags, SettingKey.UP_DATA, data);
    put(flags, SettingKey.UP_DEMO, demo == null ? null : demo.toString());
    return flags;
  }

  /** The arguments of the server's main class. */
  List<String> serverArguments(Settings settings) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--host=" + settings.value(SettingKey.UP_HOST));
    arguments.add("--port=" + settings.value(SettingKey.UP_PORT));
    arguments.add("--data=" + settings.value(SettingKey.UP_DATA));
    if (!settings.value(SettingKey.UP_DEMO).isEmpty()) {
      arguments.add("--demo=" + settings.value(SettingKey.UP_DEMO));
    }
    if (insecure) {
      arguments.add("--insecure=true");
    }
    further.forEach((key, value) -> arguments.add("--%s=%s".formatted(key, value)));
    return arguments;
  }

  private static void put(Map<SettingKey, String> flags, SettingKey key, @Nullable String value) {
    if (value != null) {
      flags.put(key, value);
    }
  }
}
