package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonBoolean;
import dev.slipway.core.audit.json.JsonValue.JsonNull;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a gate's parameters, and says which one is not as expected. Strict: {@link
 * #requireNoOthers} refuses what nobody asked for, since a misspelt limit that is silently ignored
 * is worse than none. All methods throw IllegalArgumentException.
 */
final class GateParameters {
  private final String path;
  private final Map<String, JsonValue> members;
  private final Set<String> asked = new HashSet<>();

  GateParameters(String path, JsonObject parameters) {
    this.path = path;
    this.members = parameters.members();
  }

  Set<String> names() {
    return members.keySet();
  }

  String text(String name, String absent) {
    return optionalText(name).orElse(absent);
  }

  String requiredText(String name) {
    return optionalText(name).orElseThrow(() -> unexpected(name, "a text"));
  }

  Optional<String> optionalText(String name) {
    return Optional.ofNullable(member(name))
        .map(
            value -> {
              if (value instanceof JsonString(String text)) {
                return text;
              }
              throw unexpected(name, "a text");
            });
  }

  double number(String name, double absent, double min, double max) {
    Double value = optionalNumber(name, min, max);
    return value == null ? absent : value;
  }

  @Nullable Double optionalNumber(String name, double min, double max) {
    JsonValue value = member(name);
    if (value == null) {
      return null;
    }
    if (value instanceof JsonNumber(double number) && number >= min && number <= max) {
      return number;
    }
    throw unexpected(name, "a number, %s to %s".formatted(min, max));
  }

  int whole(String name, int absent, int min, int max) {
    return (int) longWhole(name, absent, min, max);
  }

  /**
   * @param max at most 2^53, up to which JSON's numbers are whole
   */
  long longWhole(String name, long absent, long min, long max) {
    double value = number(name, (double) absent, (double) min, (double) max);
    if (value != Math.rint(value)) {
      throw unexpected(name, "a whole number");
    }
    return (long) value;
  }

  boolean flag(String name, boolean absent) {
    JsonValue value = member(name);
    if (value == null) {
      return absent;
    }
    if (value instanceof JsonBoolean(boolean flag)) {
      return flag;
    }
    throw unexpected(name, "true or false");
  }

  /** A text, or a number or a Boolean as text. */
  String scalar(String name, String absent) {
    JsonValue value = member(name);
    return value == null ? absent : scalar(name, value);
  }

  /** Texts, or numbers and Booleans as text. */
  Optional<List<String>> optionalTexts(String name) {
    return Optional.ofNullable(member(name))
        .map(value -> elements(name).stream().map(element -> scalar(name, element)).toList());
  }

  /** The elements of an array; none if there is none. */
  List<JsonValue> elements(String name) {
    JsonValue value = member(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof JsonArray(List<JsonValue> elements)) {
      return elements;
    }
    throw unexpected(name, "an array");
  }

  String scalar(String name, JsonValue value) {
    return switch (value) {
      case JsonString(String text) -> text;
      case JsonNumber(double number) ->
          number == Math.rint(number) && Math.abs(number) < 1e15
              ? Long.toString((long) number)
              : Double.toString(number);
      case JsonBoolean(boolean flag) -> Boolean.toString(flag);
      case JsonNull none -> throw unexpected(name, "texts");
      case JsonArray array -> throw unexpected(name, "texts");
      case JsonObject object -> throw unexpected(name, "texts");
    };
  }

  /** The parameters within one; none if there is none. */
  GateParameters nested(String name) {
    JsonValue value = member(name);
    if (value == null) {
      return new GateParameters(path + "." + name, new JsonObject(Map.of()));
    }
    if (value instanceof JsonObject object) {
      return new GateParameters(path + "." + name, object);
    }
    throw unexpected(name, "a mapping");
  }

  void requireNoOthers() {
    Set<String> others = new TreeSet<>(members.keySet());
    others.removeAll(asked);
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          "%s.%s (expected: one of %s)"
              .formatted(
                  path,
                  others.iterator().next(),
                  asked.stream().sorted().collect(Collectors.joining(", "))));
    }
  }

  IllegalArgumentException unexpected(String name, String expected) {
    return new IllegalArgumentException("%s.%s (expected: %s)".formatted(path, name, expected));
  }

  private @Nullable JsonValue member(String name) {
    asked.add(name);
    return members.get(name) instanceof JsonNull ? null : members.get(name);
  }
}
