package dev.slipway.cli.config;

import dev.slipway.cli.Durations;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every setting of the command line, under the name it has in the files. */
public enum SettingKey {
  CONTEXT("context", "", "the named server of the user configuration to talk to"),
  URL("url", "http://localhost:8080", "address of the server"),
  OUTPUT("output", "table", "how data is printed: table, wide, json, yaml, jsonl or name"),
  TIMEOUT("timeout", "30s", "longest wait for one answer of the server"),
  UP_HOST("up.host", "127.0.0.1", "address that 'up' listens on"),
  UP_PORT("up.port", "8080", "port that 'up' listens on"),
  UP_DATA("up.data", "./.slipway", "folder in which 'up' keeps its state"),
  UP_DEMO("up.demo", "", "example that 'up' registers and deploys: fraud");

  private final String key;
  private final String defaultValue;
  private final String description;

  SettingKey(String key, String defaultValue, String description) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.description = description;
  }

  /** The name in files and in {@code config get}, such as {@code up.port}. */
  public String key() {
    return key;
  }

  /** Empty where there is none. */
  public String defaultValue() {
    return defaultValue;
  }

  public String description() {
    return description;
  }

  /**
   * The environment variable, such as {@code SLIPWAY_PORT}: that of {@code up.port} is the server's
   * own, so that it means the same with and without the command line.
   */
  public String variable() {
    return "SLIPWAY_" + flag().toUpperCase(Locale.ROOT);
  }

  /** The name of the flag without its dashes, such as {@code port}. */
  String flag() {
    return key.startsWith("up.") ? key.substring(3) : key;
  }

  public static Optional<SettingKey> named(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }

  /** What is wrong with the value, for people; null if nothing is. */
  @Nullable String problemWith(String value) {
    return switch (this) {
      case CONTEXT, UP_HOST, UP_DATA, UP_DEMO -> null;
      case URL -> isServerAddress(value) ? null : "(expected: such as http://localhost:8080)";
      case OUTPUT ->
          value.toLowerCase(Locale.ROOT).matches("table|wide|json|yaml|jsonl|name")
              ? null
              : "(expected: table, wide, json, yaml, jsonl or name)";
      case TIMEOUT -> {
        try {
          yield Durations.parse(value).isZero() ? "(expected: more than 0)" : null;
        } catch (IllegalArgumentException e) {
          yield "(expected: a whole number and ms, s, m or h, such as 30s)";
        }
      }
      case UP_PORT ->
          value.matches("\\d{1,5}") && Integer.parseInt(value) <= 65_535
              ? null
              : "(expected: 0 to 65535)";
    };
  }

  private static boolean isServerAddress(String value) {
    try {
      URI uri = new URI(value);
      return uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
