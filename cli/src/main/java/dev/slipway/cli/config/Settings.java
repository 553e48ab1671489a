package dev.slipway.cli.config;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Durations;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings in force. The first place that has a value wins: a flag, {@code SLIPWAY_*}, the
 * project's {@code slipway.yaml}, the chosen context, the user's configuration, the default.
 */
public final class Settings {
  private final Map<SettingKey, Setting> settings;

  private Settings(Map<SettingKey, Setting> settings) {
    this.settings = settings;
  }

  /**
   * Reads the files and the environment.
   *
   * @param flags what was given on the command line, by key
   * @throws CliFailure USAGE if a value or a file is not valid, or the context is not known
   */
  public static Settings resolve(Environment environment, Map<SettingKey, String> flags) {
    List<Layer> layers = new ArrayList<>();
    layers.add(key -> found(key, flags.get(key), "--" + key.flag()));
    layers.add(key -> found(key, environment.variables().get(key.variable()), key.variable()));
    SettingsFile.ofProject(environment)
        .ifPresent(file -> layers.add(key -> found(key, file.values().get(key), file.path())));
    SettingsFile user = SettingsFile.ofUser(environment);
    Layer userLayer = key -> found(key, user.values().get(key), user.path());

    List<Layer> contextLayers = new ArrayList<>(layers);
    contextLayers.add(userLayer);
    Setting context = first(contextLayers, SettingKey.CONTEXT);
    if (!context.value().isEmpty()) {
      Map<SettingKey, String> values = user.contexts().get(context.value());
      if (values == null) {
        throw new CliFailure(
            ExitCode.USAGE,
            "choose the context",
            "context '%s' of %s is not in %s (expected: %s)"
                .formatted(
                    context.value(),
                    context.origin(),
                    user.path(),
                    user.contexts().isEmpty()
                        ? "none is defined there"
                        : "one of " + String.join(", ", user.contexts().keySet())),
            "slipway config list --show-origin");
      }
      layers.add(key -> found(key, values.get(key), "context " + context.value()));
    }
    layers.add(userLayer);

    Map<SettingKey, Setting> settings = new EnumMap<>(SettingKey.class);
    for (SettingKey key : SettingKey.values()) {
      settings.put(key, key == SettingKey.CONTEXT ? context : first(layers, key));
    }
    return new Settings(settings);
  }

  public Setting setting(SettingKey key) {
    return settings.getOrDefault(key, new Setting(key, key.defaultValue(), "default"));
  }

  public String value(SettingKey key) {
    return setting(key).value();
  }

  public List<Setting> all() {
    return List.copyOf(settings.values());
  }

  /** The server's address, without a slash at its end. */
  public URI url() {
    return URI.create(value(SettingKey.URL).replaceFirst("/+$", ""));
  }

  /** The timeout, unless only the default is known: then {@code commandDefault}. */
  public Duration timeout(Duration commandDefault) {
    Setting timeout = setting(SettingKey.TIMEOUT);
    return timeout.origin().equals("default") ? commandDefault : Durations.parse(timeout.value());
  }

  private static Setting first(List<Layer> layers, SettingKey key) {
    for (Layer layer : layers) {
      Setting setting = layer.find(key);
      if (setting != null) {
        return setting;
      }
    }
    return new Setting(key, key.defaultValue(), "default");
  }

  private static @Nullable Setting found(SettingKey key, @Nullable String value, String origin) {
    if (value == null || (value.isEmpty() && !key.defaultValue().isEmpty())) {
      return null;
    }
    String wrong = key.problemWith(value);
    if (wrong != null) {
      throw new CliFailure(
          ExitCode.USAGE,
          "read the settings",
          "%s: '%s' %s".formatted(origin, value, wrong),
          "slipway config list --show-origin");
    }
    return new Setting(key, value, origin);
  }

  private interface Layer {
    @Nullable Setting find(SettingKey key);
  }
}
