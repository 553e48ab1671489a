package dev.slipway.core.governance;

import dev.slipway.core.audit.json.CanonicalJson;
import dev.slipway.core.audit.json.JsonFields;
import dev.slipway.core.audit.json.JsonReader;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import dev.slipway.core.governance.EnvironmentRules.ApprovalRule;
import dev.slipway.core.governance.EnvironmentRules.BreakGlass;
import dev.slipway.core.governance.EnvironmentRules.GateRule;
import dev.slipway.core.governance.EnvironmentRules.Requirement;
import dev.slipway.core.model.Environment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A policy as JSON: the form that is digested and kept, and what the YAML of a policy file has to
 * say. Every member is known; durations are whole hours or minutes, as their names say.
 */
public final class PolicyJson {
  private static final int VERSION = 1;

  /** Longest duration that is taken. */
  private static final long HOURS_MAX = 24 * 366;

  private static final Set<String> RULES =
      Set.of(
          "gates",
          "approvals",
          "require",
          "approval_valid_hours",
          "evidence_age_hours_max",
          "break_glass");

  private PolicyJson() {}

  /** Canonical bytes. */
  public static byte[] write(Policy policy) {
    Map<String, JsonValue> members = new HashMap<>();
    members.put("policy", new JsonNumber(VERSION));
    members.put("environments", object(policy.environments(), PolicyJson::of));
    members.put("aliases", object(policy.aliases(), JsonString::new));
    members.put("stages", object(policy.stages(), JsonString::new));
    return CanonicalJson.write(new JsonObject(members));
  }

  private static <T> JsonObject object(Map<String, T> values, Function<T, JsonValue> value) {
    Map<String, JsonValue> members = new HashMap<>();
    values.forEach((name, one) -> members.put(name, value.apply(one)));
    return new JsonObject(members);
  }

  private static JsonValue of(EnvironmentRules rules) {
    Map<String, JsonValue> members = new HashMap<>();
    members.put(
        "gates",
        new JsonArray(
            rules.gates().stream()
                .<JsonValue>map(
                    rule -> {
                      Map<String, JsonValue> gate = new HashMap<>(rule.parameters().members());
                      gate.put("gate", new JsonString(rule.gate()));
                      return new JsonObject(gate);
                    })
                .toList()));
    members.put(
        "approvals",
        new JsonArray(
            rules.approvals().stream()
                .<JsonValue>map(
                    rule ->
                        new JsonObject(
                            Map.of(
                                "role", new JsonString(rule.role()),
                                "count", new JsonNumber(rule.count()))))
                .toList()));
    members.put(
        "require",
        new JsonArray(
            rules.requirements().stream()
                .<JsonValue>map(
                    rule ->
                        new JsonObject(
                            Map.of(
                                "name", new JsonString(rule.name()),
                                "expression", new JsonString(rule.expression()),
                                "otherwise", new JsonString(rule.otherwise()))))
                .toList()));
    members.put("approval_valid_hours", new JsonNumber(rules.approvalValid().toHours()));
    members.put("evidence_age_hours_max", new JsonNumber(rules.evidenceAgeMax().toHours()));
    BreakGlass glass = rules.breakGlass();
    if (glass != null) {
      members.put(
          "break_glass",
          new JsonObject(
              Map.of(
                  "role", new JsonString(glass.role()),
                  "valid_minutes", new JsonNumber(glass.valid().toMinutes()),
                  "review_within_hours", new JsonNumber(glass.reviewWithin().toHours()))));
    }
    return new JsonObject(members);
  }

  /**
   * Reads a policy from JSON in any layout.
   *
   * @param gates names of the gates that there are
   * @param roles names of the roles that there are
   * @throws IllegalArgumentException naming the first member that is not as it has to be
   */
  public static Policy read(byte[] utf8, Set<String> gates, Set<String> roles) {
    JsonFields fields = JsonFields.of("policy", JsonReader.read(utf8));
    fields.requireKnown(Set.of("policy", "environments", "aliases", "stages"));
    if (fields.whole("policy") != VERSION) {
      throw new IllegalArgumentException("policy.policy (expected: %d)".formatted(VERSION));
    }
    Map<String, EnvironmentRules> environments = new HashMap<>();
    JsonFields named = fields.fields("environments");
    for (String name : named.names()) {
      environments.put(
          new Environment(name).name(),
          rules(JsonFields.of("environments." + name, named.members().get(name)), gates, roles));
    }
    return new Policy(environments, places(fields, "aliases"), places(fields, "stages"));
  }

  private static Map<String, String> places(JsonFields fields, String name) {
    Map<String, String> places = new HashMap<>();
    if (fields.has(name)) {
      JsonFields named = fields.fields(name);
      named.names().forEach(place -> places.put(place, named.string(place)));
    }
    return places;
  }

  private static EnvironmentRules rules(JsonFields fields, Set<String> gates, Set<String> roles) {
    fields.requireKnown(RULES);
    return new EnvironmentRules(
        gates(fields, gates),
        approvals(fields, roles),
        requirements(fields),
        Duration.ofHours(hours(fields, "approval_valid_hours")),
        Duration.ofHours(hours(fields, "evidence_age_hours_max")),
        fields.has("break_glass") ? breakGlass(fields.fields("break_glass"), roles) : null);
  }

  private static List<GateRule> gates(JsonFields fields, Set<String> known) {
    List<GateRule> rules = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (JsonFields gate : fields.each("gates")) {
      String name = gate.string("gate");
      requireOneOf(gate.what() + ".gate", name, known);
      if (!seen.add(name)) {
        throw new IllegalArgumentException(
            "%s: '%s' (expected: each gate once)".formatted(gate.what(), name));
      }
      Map<String, JsonValue> parameters = new HashMap<>(gate.members());
      parameters.remove("gate");
      rules.add(new GateRule(name, new JsonObject(parameters)));
    }
    return rules;
  }

  private static List<ApprovalRule> approvals(JsonFields fields, Set<String> roles) {
    List<ApprovalRule> rules = new ArrayList<>();
    for (JsonFields approval : fields.each("approvals")) {
      approval.requireKnown(Set.of("role", "count"));
      requireOneOf(approval.what() + ".role", approval.string("role"), roles);
      rules.add(new ApprovalRule(approval.string("role"), (int) within(approval, "count", 1, 20)));
    }
    return rules;
  }

  private static List<Requirement> requirements(JsonFields fields) {
    if (!fields.has("require")) {
      return List.of();
    }
    List<Requirement> rules = new ArrayList<>();
    for (JsonFields one : fields.each("require")) {
      one.requireKnown(Set.of("name", "expression", "otherwise"));
      rules.add(
          new Requirement(one.string("name"), one.string("expression"), one.string("otherwise")));
    }
    return rules;
  }

  private static BreakGlass breakGlass(JsonFields fields, Set<String> roles) {
    fields.requireKnown(Set.of("role", "valid_minutes", "review_within_hours"));
    requireOneOf(fields.what() + ".role", fields.string("role"), roles);
    return new BreakGlass(
        fields.string("role"),
        Duration.ofMinutes(within(fields, "valid_minutes", 1, 24 * 60)),
        Duration.ofHours(within(fields, "review_within_hours", 1, 24 * 30)));
  }

  private static long hours(JsonFields fields, String name) {
    return within(fields, name, 1, HOURS_MAX);
  }

  private static long within(JsonFields fields, String name, long min, long max) {
    long value = fields.whole(name);
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s.%s: %d (expected: from %d to %d)".formatted(fields.what(), name, value, min, max));
    }
    return value;
  }

  private static void requireOneOf(String what, String name, Set<String> known) {
    if (!known.contains(name)) {
      throw new IllegalArgumentException(
          "%s: '%s' (expected: one of %s)"
              .formatted(what, name, String.join(", ", known.stream().sorted().toList())));
    }
  }
}
