package dev.slipway.core.audit.json;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A JSON value as I-JSON (RFC 7493) means it: numbers are doubles, names occur once. */
public sealed interface JsonValue {
  /**
   * @param members sorted by the UTF-16 code units of their names, as RFC 8785 wants them
   */
  record JsonObject(Map<String, JsonValue> members) implements JsonValue {
    public JsonObject {
      // String's natural order compares UTF-16 code units.
      members = Collections.unmodifiableMap(new TreeMap<>(members));
    }
  }

  record JsonArray(List<JsonValue> elements) implements JsonValue {
    public JsonArray {
      elements = List.copyOf(elements);
    }
  }

  record JsonString(String value) implements JsonValue {}

  /**
   * @param value finite
   */
  record JsonNumber(double value) implements JsonValue {
    public JsonNumber {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("number: " + value + " (expected: finite)");
      }
    }
  }

  record JsonBoolean(boolean value) implements JsonValue {}

  record JsonNull() implements JsonValue {}
}
