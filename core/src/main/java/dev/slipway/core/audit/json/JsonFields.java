package dev.slipway.core.audit.json;

import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonNull;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object's members, and says which one is not as expected. All methods throw
 * IllegalArgumentException where a member is missing or of another type.
 *
 * @param what the object's own name, for messages
 */
public record JsonFields(String what, Map<String, JsonValue> members) {
  /** Largest whole number that a double holds exactly. */
  private static final double WHOLE_MAX = 9_007_199_254_740_991.0;

  public static JsonFields of(String what, @Nullable JsonValue json) {
    if (json instanceof JsonObject(Map<String, JsonValue> members)) {
      return new JsonFields(what, members);
    }
    throw new IllegalArgumentException(what + " (expected: an object)");
  }

  /** Refuses members that nobody knows. */
  public void requireKnown(Set<String> known) {
    for (String name : members.keySet()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "%s.%s (expected: one of %s)"
                .formatted(what, name, String.join(", ", known.stream().sorted().toList())));
      }
    }
  }

  public Set<String> names() {
    return members.keySet();
  }

  public boolean has(String name) {
    return members.containsKey(name) && !(members.get(name) instanceof JsonNull);
  }

  public String string(String name) {
    if (members.get(name) instanceof JsonString(String value)) {
      return value;
    }
    throw unexpected(name, "a text");
  }

  public @Nullable String stringOrNull(String name) {
    return has(name) ? string(name) : null;
  }

  public double number(String name) {
    if (members.get(name) instanceof JsonNumber(double value)) {
      return value;
    }
    throw unexpected(name, "a number");
  }

  public long whole(String name) {
    double value = number(name);
    if (value != Math.rint(value) || Math.abs(value) > WHOLE_MAX) {
      throw unexpected(name, "a whole number");
    }
    return (long) value;
  }

  public Instant instant(String name) {
    try {
      return Instant.parse(string(name));
    } catch (DateTimeException e) {
      throw unexpected(name, "such as 2026-11-25T14:03:00Z");
    }
  }

  public <E extends Enum<E>> E constant(Class<E> type, String name) {
    String text = string(name);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(text)) {
        return constant;
      }
    }
    throw unexpected(name, "one of " + List.of(type.getEnumConstants()));
  }

  public JsonObject object(String name) {
    if (members.get(name) instanceof JsonObject object) {
      return object;
    }
    throw unexpected(name, "an object");
  }

  public JsonFields fields(String name) {
    return of(what + "." + name, members.get(name));
  }

  public List<JsonValue> elements(String name) {
    if (members.get(name) instanceof JsonArray(List<JsonValue> elements)) {
      return elements;
    }
    throw unexpected(name, "an array");
  }

  /** The objects of an array. */
  public List<JsonFields> each(String name) {
    return elements(name).stream().map(element -> of(what + "." + name, element)).toList();
  }

  public List<String> strings(String name) {
    return elements(name).stream()
        .map(
            element -> {
              if (element instanceof JsonString(String value)) {
                return value;
              }
              throw unexpected(name, "an array of texts");
            })
        .toList();
  }

  private IllegalArgumentException unexpected(String name, String expected) {
    return new IllegalArgumentException("%s.%s (expected: %s)".formatted(what, name, expected));
  }
}
