package dev.slipway.core.governance;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.CanonicalJson;
import dev.slipway.core.audit.json.JsonFields;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import dev.slipway.core.governance.Promotion.BrokenGlass;
import dev.slipway.core.governance.Promotion.Origin;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A promotion as it is kept, digested for the audit log, and shown. */
public final class PromotionJson {
  private PromotionJson() {}

  /** Canonical bytes. */
  public static byte[] write(Promotion promotion) {
    return CanonicalJson.write(of(promotion));
  }

  /** Names this state of the promotion. */
  public static ContentDigest digest(Promotion promotion) {
    return ContentDigest.of(write(promotion));
  }

  private static JsonObject of(Promotion promotion) {
    Map<String, JsonValue> members = new HashMap<>();
    members.put("id", new JsonNumber(promotion.id()));
    members.put("model_version", new JsonString(promotion.ref().toString()));
    members.put("binding", of(promotion.binding()));
    members.put("origin", of(promotion.origin()));
    members.put("state", new JsonString(promotion.state().name()));
    members.put("results", array(promotion.results(), PromotionJson::of));
    members.put("unmet", array(promotion.unmet(), JsonString::new));
    members.put("approvals", array(promotion.approvals(), PromotionJson::of));
    if (promotion.expires() != null) {
      members.put("expires", new JsonString(promotion.expires().toString()));
    }
    if (promotion.brokenGlass() != null) {
      members.put("broken_glass", of(promotion.brokenGlass()));
    }
    members.put("note", new JsonString(promotion.note()));
    members.put("revision", new JsonNumber(promotion.revision()));
    members.put("changed_at", new JsonString(promotion.changedAt().toString()));
    return new JsonObject(members);
  }

  private static JsonObject of(Binding binding) {
    Map<String, JsonValue> members = new HashMap<>();
    members.put("artifact", new JsonString(binding.artifact().value()));
    members.put("target", of(binding.target()));
    members.put("environment", new JsonString(binding.environment().name()));
    members.put("policy", new JsonString(binding.policy().value()));
    if (binding.incumbent() != null) {
      members.put("incumbent", new JsonString(binding.incumbent().value()));
    }
    members.put("evidence", array(binding.evidence(), digest -> new JsonString(digest.value())));
    members.put("digest", new JsonString(binding.digest().value()));
    return new JsonObject(members);
  }

  private static JsonObject of(PromotionTarget target) {
    return switch (target) {
      case PromotionTarget.OfDeployment(String name, Environment environment) ->
          texts("deployment", name, "environment", environment.name());
      case PromotionTarget.OfAlias(String model, String alias) ->
          texts("model", model, "alias", alias);
      case PromotionTarget.OfStage(String model, String stage) ->
          texts("model", model, "stage", stage);
    };
  }

  private static JsonObject of(Origin origin) {
    Map<String, JsonValue> involved = new HashMap<>();
    new TreeMap<>(origin.involved())
        .forEach((name, did) -> involved.put(name, new JsonString(did)));
    return new JsonObject(
        Map.of(
            "requester", new JsonString(origin.requester()),
            "involved", new JsonObject(involved),
            "reason", new JsonString(origin.reason()),
            "requested_at", new JsonString(origin.requestedAt().toString())));
  }

  private static JsonObject of(GateResult result) {
    return texts(
        "gate", result.gate(),
        "verdict", result.verdict().name(),
        "evidence", result.evidence().value(),
        "at", result.at().toString());
  }

  private static JsonObject of(Approval approval) {
    return new JsonObject(
        Map.of(
            "person", new JsonString(approval.person()),
            "roles", array(approval.roles().stream().sorted().toList(), JsonString::new),
            "binding", new JsonString(approval.binding().value()),
            "reason", new JsonString(approval.reason()),
            "at", new JsonString(approval.at().toString())));
  }

  private static JsonObject of(BrokenGlass glass) {
    Map<String, JsonValue> members = new HashMap<>();
    members.put("person", new JsonString(glass.person()));
    members.put("reason", new JsonString(glass.reason()));
    members.put("at", new JsonString(glass.at().toString()));
    members.put("review_by", new JsonString(glass.reviewBy().toString()));
    if (glass.reviewer() != null) {
      members.put("reviewer", new JsonString(glass.reviewer()));
    }
    members.put("finding", new JsonString(glass.finding()));
    return new JsonObject(members);
  }

  private static JsonObject texts(String... namesAndValues) {
    Map<String, JsonValue> members = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put(namesAndValues[i], new JsonString(namesAndValues[i + 1]));
    }
    return new JsonObject(members);
  }

  private static <T> JsonArray array(Collection<T> values, Function<T, JsonValue> value) {
    return new JsonArray(values.stream().map(value).toList());
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static Promotion read(byte[] utf8) {
    JsonFields fields = JsonFields.of("promotion", CanonicalJson.read(utf8));
    return new Promotion(
        fields.whole("id"),
        ModelRef.parse(fields.string("model_version")),
        binding(fields.fields("binding")),
        origin(fields.fields("origin")),
        fields.constant(PromotionState.class, "state"),
        fields.each("results").stream().map(PromotionJson::result).toList(),
        fields.strings("unmet"),
        fields.each("approvals").stream().map(PromotionJson::approval).toList(),
        fields.has("expires") ? fields.instant("expires") : null,
        fields.has("broken_glass") ? brokenGlass(fields.fields("broken_glass")) : null,
        fields.string("note"),
        fields.whole("revision"),
        fields.instant("changed_at"));
  }

  private static Binding binding(JsonFields fields) {
    return new Binding(
        new ArtifactDigest(fields.string("artifact")),
        target(fields.fields("target")),
        new Environment(fields.string("environment")),
        new ContentDigest(fields.string("policy")),
        artifactOrNull(fields.stringOrNull("incumbent")),
        fields.strings("evidence").stream().map(ContentDigest::new).toList());
  }

  private static @Nullable ArtifactDigest artifactOrNull(@Nullable String value) {
    return value == null ? null : new ArtifactDigest(value);
  }

  private static PromotionTarget target(JsonFields fields) {
    if (fields.has("deployment")) {
      return new PromotionTarget.OfDeployment(
          fields.string("deployment"), new Environment(fields.string("environment")));
    }
    return fields.has("alias")
        ? new PromotionTarget.OfAlias(fields.string("model"), fields.string("alias"))
        : new PromotionTarget.OfStage(fields.string("model"), fields.string("stage"));
  }

  private static Origin origin(JsonFields fields) {
    Map<String, String> involved = new HashMap<>();
    JsonFields people = fields.fields("involved");
    people.names().forEach(name -> involved.put(name, people.string(name)));
    return new Origin(
        fields.string("requester"),
        involved,
        fields.string("reason"),
        fields.instant("requested_at"));
  }

  private static GateResult result(JsonFields fields) {
    return new GateResult(
        fields.string("gate"),
        fields.constant(Verdict.class, "verdict"),
        new ContentDigest(fields.string("evidence")),
        fields.instant("at"));
  }

  private static Approval approval(JsonFields fields) {
    return new Approval(
        fields.string("person"),
        Set.copyOf(fields.strings("roles")),
        new ContentDigest(fields.string("binding")),
        fields.string("reason"),
        fields.instant("at"));
  }

  private static BrokenGlass brokenGlass(JsonFields fields) {
    return new BrokenGlass(
        fields.string("person"),
        fields.string("reason"),
        fields.instant("at"),
        fields.instant("review_by"),
        fields.stringOrNull("reviewer"),
        fields.string("finding"));
  }
}
