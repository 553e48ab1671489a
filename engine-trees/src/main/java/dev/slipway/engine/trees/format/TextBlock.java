package dev.slipway.engine.trees.format;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A run of {@code key=value} lines of a LightGBM model. */
final class TextBlock {
  private final String name;
  private final Map<String, String> values;

  private TextBlock(String name, Map<String, String> values) {
    this.name = name;
    this.values = values;
  }

  /** Reads up to a line that begins the next block, which stays current. */
  static TextBlock read(
      LightGbmReader.Lines lines, String name, String blockPrefix, String lastLine) {
    Map<String, String> values = new HashMap<>();
    for (String line = lines.next(); line != null; line = lines.next()) {
      if (line.startsWith(blockPrefix) || line.equals(lastLine)) {
        break;
      }
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1));
      } else if (!line.isBlank()) {
        values.put(line.strip(), "");
      }
    }
    return new TextBlock(name, values);
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  int integer(String key, int least, int most) {
    String text = values.get(key);
    if (text == null) {
      throw Rejection.invalid("%s: no %s (the file is truncated or corrupt)", name, key);
    }
    int value = parseInt(key, text.strip());
    if (value < least || value > most) {
      throw Rejection.invalid("%s: %s=%d (expected: %d..%d)", name, key, value, least, most);
    }
    return value;
  }

  int integer(String key, int least, int most, int absent) {
    return has(key) ? integer(key, least, most) : absent;
  }

  /** The words of a value; none where the key is absent. */
  List<String> words(String key) {
    String text = values.getOrDefault(key, "").strip();
    return text.isEmpty() ? List.of() : List.of(text.split("[ \t]+"));
  }

  int[] integers(String key, int count) {
    List<String> words = words(key, count);
    int[] integers = new int[count];
    for (int i = 0; i < count; i++) {
      integers[i] = parseInt(key, words.get(i));
    }
    return integers;
  }

  double[] numbers(String key, int count) {
    List<String> words = words(key, count);
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = parseDouble(key, words.get(i));
    }
    return numbers;
  }

  private List<String> words(String key, int count) {
    List<String> words = words(key);
    if (words.size() != count) {
      throw Rejection.invalid(
          "%s: %s: %d values (expected: %d; the file is truncated or corrupt)",
          name, key, words.size(), count);
    }
    return words;
  }

  private int parseInt(String key, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw Rejection.invalid(
          "%s: %s: '%s' (expected: an integer)", name, key, Rejection.quote(text));
    }
  }

  private double parseDouble(String key, String text) {
    try {
      return switch (text) {
        case "inf" -> Double.POSITIVE_INFINITY;
        case "-inf" -> Double.NEGATIVE_INFINITY;
        case "nan", "-nan" -> Double.NaN;
        default -> Double.parseDouble(text);
      };
    } catch (NumberFormatException e) {
      throw Rejection.invalid(
          "%s: %s: '%s' (expected: a number)", name, key, Rejection.quote(text));
    }
  }
}
