package dev.slipway.core.governance;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.CanonicalJson;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.Environment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that an approval is an approval of. Whatever changes in it makes another digest, and
 * so leaves every approval behind.
 *
 * @param environment whose rules hold at the target
 * @param incumbent artifact that is there now; null if nothing is
 * @param evidence digests, in the order of the policy's gates
 */
public record Binding(
    ArtifactDigest artifact,
    PromotionTarget target,
    Environment environment,
    ContentDigest policy,
    @Nullable ArtifactDigest incumbent,
    List<ContentDigest> evidence) {
  public Binding {
    evidence = List.copyOf(evidence);
  }

  public Binding withEvidence(List<ContentDigest> evidence) {
    return new Binding(artifact, target, environment, policy, incumbent, evidence);
  }

  /** Whether only the evidence differs. */
  boolean isAboutTheSame(Binding other) {
    return withEvidence(List.of()).equals(other.withEvidence(List.of()));
  }

  /** What differs from {@code other}, in words. */
  String difference(Binding other) {
    if (!artifact.equals(other.artifact)) {
      return "the artifact";
    }
    if (!policy.equals(other.policy)) {
      return "the policy";
    }
    if (!Objects.equals(incumbent, other.incumbent)) {
      return "what serves at " + target.label();
    }
    return environment.equals(other.environment) ? "the evidence" : "the environment";
  }

  /** Names it; this is what people approve. */
  public ContentDigest digest() {
    Map<String, JsonValue> members = new HashMap<>();
    members.put("artifact", new JsonString(artifact.value()));
    members.put("target", new JsonString(target.label()));
    members.put("environment", new JsonString(environment.name()));
    members.put("policy", new JsonString(policy.value()));
    if (incumbent != null) {
      members.put("incumbent", new JsonString(incumbent.value()));
    }
    members.put(
        "evidence",
        new JsonArray(
            evidence.stream().<JsonValue>map(digest -> new JsonString(digest.value())).toList()));
    return ContentDigest.of(CanonicalJson.write(new JsonObject(members)));
  }
}
