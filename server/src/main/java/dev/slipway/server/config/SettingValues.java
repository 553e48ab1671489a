package dev.slipway.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The text of every setting, read as what it has to be. */
record SettingValues(Map<ServerSetting, String> values) {
  String text(ServerSetting setting) {
    return Objects.requireNonNull(values.get(setting));
  }

  /**
   * A file or folder; null if the text is empty.
   *
   * @throws IllegalArgumentException if the text is no path
   */
  @Nullable Path path(ServerSetting setting) {
    String text = text(setting);
    try {
      return text.isEmpty() ? null : Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "%s: '%s' (expected: a path)".formatted(setting.key(), text), e);
    }
  }

  /**
   * @throws IllegalArgumentException if the text is no whole number of 32 bits
   */
  int integer(ServerSetting setting) {
    long value = number(setting);
    if (value != (int) value) {
      throw new IllegalArgumentException(
          "%s: %d (expected: at most %d)".formatted(setting.key(), value, Integer.MAX_VALUE));
    }
    return (int) value;
  }

  /**
   * @throws IllegalArgumentException if the text is no whole number
   */
  long number(ServerSetting setting) {
    try {
      return Long.parseLong(text(setting));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s: '%s' (expected: a whole number)".formatted(setting.key(), text(setting)), e);
    }
  }

  /**
   * @throws IllegalArgumentException if the text is no number
   */
  double decimal(ServerSetting setting) {
    try {
      return Double.parseDouble(text(setting));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s: '%s' (expected: a number)".formatted(setting.key(), text(setting)), e);
    }
  }
}
