package dev.slipway.core.audit.entry;

import dev.slipway.core.audit.entry.Actor.Component;
import dev.slipway.core.audit.entry.Actor.LocalCaller;
import dev.slipway.core.audit.entry.Actor.Person;
import dev.slipway.core.audit.entry.Actor.ServiceAccount;
import dev.slipway.core.audit.json.JsonFields;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JSON of entries. Members that say nothing are left out, and unknown ones are refused. */
final class AuditEntryJson {
  /** Version of the form of an entry; a reader refuses one it does not know. */
  private static final double VERSION = 1;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private AuditEntryJson() {}

  static JsonValue of(AuditEntry entry) {
    Map<String, JsonValue> members = new HashMap<>();
    members.put("version", new JsonNumber(VERSION));
    members.put("actor", of(entry.actor()));
    members.put("action", new JsonString(entry.action()));
    members.put("subject", object("kind", entry.subject().kind(), "name", entry.subject().name()));
    put(members, "before", entry.before());
    put(members, "after", entry.after());
    put(members, "policy", entry.policy());
    if (!entry.evidence().isEmpty()) {
      members.put(
          "evidence",
          new JsonArray(
              entry.evidence().stream()
                  .map(digest -> (JsonValue) new JsonString(digest.value()))
                  .toList()));
    }
    members.put("time", new JsonString(TIME.format(entry.time())));
    switch (entry.reason()) {
      case null -> {}
      case Reason.Stated(String text) -> members.put("reason", new JsonString(text));
      case Reason.Committed(Commitment words) ->
          members.put("reason", object("commitment", words.value()));
    }
    return new JsonObject(members);
  }

  private static JsonValue of(Actor actor) {
    return switch (actor) {
      case Person(Commitment identity) -> object("kind", "person", "commitment", identity.value());
      case ServiceAccount(String name) -> object("kind", "service-account", "name", name);
      case Component(String name) -> object("kind", "component", "name", name);
      case LocalCaller() -> object("kind", "local-caller");
    };
  }

  private static JsonObject object(String name, String value) {
    return new JsonObject(Map.of(name, new JsonString(value)));
  }

  private static JsonObject object(String name1, String value1, String name2, String value2) {
    return new JsonObject(Map.of(name1, new JsonString(value1), name2, new JsonString(value2)));
  }

  private static void put(
      Map<String, JsonValue> members, String name, @Nullable ContentDigest digest) {
    if (digest != null) {
      members.put(name, new JsonString(digest.value()));
    }
  }

  static AuditEntry read(JsonValue json) {
    JsonFields fields = JsonFields.of("entry", json);
    fields.requireKnown(
        Set.of(
            "version",
            "actor",
            "action",
            "subject",
            "before",
            "after",
            "policy",
            "evidence",
            "time",
            "reason"));
    if (fields.number("version") != VERSION) {
      throw new IllegalArgumentException("entry.version (expected: 1)");
    }
    return new AuditEntry(
        actor(fields.fields("actor")),
        fields.string("action"),
        subject(fields.fields("subject")),
        digest(fields, "before"),
        digest(fields, "after"),
        evidence(fields),
        digest(fields, "policy"),
        time(fields.string("time")),
        reason(fields.members().get("reason")));
  }

  private static Actor actor(JsonFields fields) {
    String kind = fields.string("kind");
    String known = kind.equals("person") ? "commitment" : "name";
    fields.requireKnown(kind.equals("local-caller") ? Set.of("kind") : Set.of("kind", known));
    return switch (kind) {
      case "person" -> new Person(new Commitment(fields.string("commitment")));
      case "service-account" -> new ServiceAccount(fields.string("name"));
      case "component" -> new Component(fields.string("name"));
      case "local-caller" -> new LocalCaller();
      default ->
          throw new IllegalArgumentException(
              "actor.kind: '%s' (expected: person, service-account, component or local-caller)"
                  .formatted(kind));
    };
  }

  private static Subject subject(JsonFields fields) {
    fields.requireKnown(Set.of("kind", "name"));
    return new Subject(fields.string("kind"), fields.string("name"));
  }

  private static @Nullable ContentDigest digest(JsonFields fields, String name) {
    // A member that is null is refused: it is left out where there is none.
    return fields.members().containsKey(name) ? new ContentDigest(fields.string(name)) : null;
  }

  private static List<ContentDigest> evidence(JsonFields fields) {
    if (!fields.members().containsKey("evidence")) {
      return List.of();
    }
    List<String> digests = fields.strings("evidence");
    if (digests.isEmpty()) {
      throw new IllegalArgumentException("evidence (expected: an array of digests)");
    }
    return digests.stream().map(ContentDigest::new).toList();
  }

  private static Instant time(String text) {
    try {
      Instant time = Instant.from(TIME.parse(text));
      if (TIME.format(time).equals(text)) {
        return time;
      }
    } catch (DateTimeParseException e) {
      // Said below, as for a time that is not written in its one form.
    }
    throw new IllegalArgumentException(
        "time: '%s' (expected: such as 2026-11-25T14:03:00.000Z)".formatted(text));
  }

  private static @Nullable Reason reason(@Nullable JsonValue json) {
    return switch (json) {
      case null -> null;
      case JsonString(String text) -> new Reason.Stated(text);
      case JsonObject object -> {
        JsonFields fields = JsonFields.of("reason", object);
        fields.requireKnown(Set.of("commitment"));
        yield new Reason.Committed(new Commitment(fields.string("commitment")));
      }
      default -> throw new IllegalArgumentException("reason (expected: a text or a commitment)");
    };
  }
}
