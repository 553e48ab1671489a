package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonBoolean;
import dev.slipway.core.audit.json.JsonValue.JsonNull;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects what a gate measured. */
final class Measurements {
  private final Map<String, JsonValue> members = new HashMap<>();

  Measurements put(String name, String value) {
    members.put(name, new JsonString(value));
    return this;
  }

  /** A value that is not defined, which JSON cannot say as a number, is null. */
  Measurements put(String name, double value) {
    members.put(name, Double.isFinite(value) ? new JsonNumber(value) : new JsonNull());
    return this;
  }

  Measurements put(String name, long value) {
    return put(name, (double) value);
  }

  Measurements put(String name, boolean value) {
    members.put(name, new JsonBoolean(value));
    return this;
  }

  Measurements put(String name, JsonObject value) {
    members.put(name, value);
    return this;
  }

  Measurements put(String name, List<JsonObject> values) {
    members.put(name, new JsonArray(List.copyOf(values)));
    return this;
  }

  JsonObject build() {
    return new JsonObject(members);
  }
}
