package dev.slipway.cli.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One YAML file of settings.
 *
 * @param path for people
 * @param values the settings at the top level
 * @param contexts the settings of each named server; only the user's file has them
 */
record SettingsFile(
    String path, Map<SettingKey, String> values, Map<String, Map<SettingKey, String>> contexts) {
  static SettingsFile empty(String path) {
    return new SettingsFile(path, Map.of(), Map.of());
  }

  /** The nearest {@code slipway.yaml} in the working folder or above it, up to a Git root. */
  static Optional<SettingsFile> ofProject(Environment environment) {
    for (Path at = environment.folder().toAbsolutePath().normalize();
        at != null;
        at = at.getParent()) {
      Path file = at.resolve("slipway.yaml");
      if (Files.isRegularFile(file)) {
        return Optional.of(read(file, false));
      }
      if (Files.exists(at.resolve(".git"))) {
        break;
      }
    }
    return Optional.empty();
  }

  /** {@code ~/.config/slipway/config.yaml}, or below {@code XDG_CONFIG_HOME}. */
  static SettingsFile ofUser(Environment environment) {
    String xdg = environment.variable("XDG_CONFIG_HOME");
    Path folder = xdg.isEmpty() ? environment.home().resolve(".config") : Path.of(xdg);
    Path file = folder.resolve("slipway").resolve("config.yaml");
    return Files.isRegularFile(file) ? read(file, true) : empty(file.toString());
  }

  private static SettingsFile read(Path file, boolean mayHaveContexts) {
    JsonNode root;
    try {
      root = new YAMLMapper().readTree(file.toFile());
    } catch (JacksonException e) {
      throw problem(file, "not readable as YAML: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw problem(file, "not readable: " + e.getMessage());
    }
    if (root.isMissingNode() || root.isNull()) {
      return empty(file.toString());
    }
    Map<SettingKey, String> values = new EnumMap<>(SettingKey.class);
    Map<String, Map<SettingKey, String>> contexts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (mayHaveContexts && entry.getKey().equals("contexts")) {
        for (Map.Entry<String, JsonNode> context : entry.getValue().properties()) {
          Map<SettingKey, String> of = new EnumMap<>(SettingKey.class);
          collect(file, "contexts." + context.getKey() + ".", "", context.getValue(), of);
          contexts.put(context.getKey(), of);
        }
      } else {
        collectEntry(file, "", "", entry, values);
      }
    }
    return new SettingsFile(file.toString(), values, contexts);
  }

  private static void collect(
      Path file, String place, String prefix, JsonNode node, Map<SettingKey, String> into) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      collectEntry(file, place, prefix, entry, into);
    }
  }

  private static void collectEntry(
      Path file,
      String place,
      String prefix,
      Map.Entry<String, JsonNode> entry,
      Map<SettingKey, String> into) {
    String name = prefix + entry.getKey();
    if (entry.getValue().isObject()) {
      collect(file, place, name + ".", entry.getValue(), into);
      return;
    }
    SettingKey key =
        SettingKey.named(name)
            .orElseThrow(
                () ->
                    problem(
                        file,
                        "%s%s: not a setting (expected: %s)"
                            .formatted(place, name, knownKeys(!place.isEmpty()))));
    if (key == SettingKey.CONTEXT && !place.isEmpty()) {
      throw problem(file, place + name + ": a context cannot name a context");
    }
    String value = entry.getValue().asText();
    String wrong = key.problemWith(value);
    if (wrong != null) {
      throw problem(file, "%s%s: '%s' %s".formatted(place, name, value, wrong));
    }
    into.put(key, value);
  }

  private static String knownKeys(boolean inContext) {
    return Arrays.stream(SettingKey.values())
        .filter(key -> !inContext || key != SettingKey.CONTEXT)
        .map(SettingKey::key)
        .collect(Collectors.joining(", "));
  }

  private static CliFailure problem(Path file, String why) {
    return new CliFailure(
        ExitCode.USAGE, "read the settings", file + ": " + why, "correct " + file);
  }
}
