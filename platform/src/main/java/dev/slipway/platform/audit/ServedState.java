package dev.slipway.platform.audit;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.CanonicalJson;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.Deployment;
import java.util.HashMap;
import java.util.Map;

/**
 * What a deployment serves, as the log names it by digest: SHA-256 of the canonical JSON (RFC 8785)
 * with the members {@code deployment}, {@code environment}, {@code model}, {@code version}, {@code
 * previous_version}, {@code revision} and {@code digest}, the artifact's. Anybody can make it again
 * from the history of the deployment; its form never changes.
 */
public final class ServedState {
  private ServedState() {}

  /**
   * @param served artifact of the version that serves
   */
  public static ContentDigest of(Deployment deployment, ArtifactDigest served) {
    Map<String, JsonValue> members = new HashMap<>();
    members.put("deployment", new JsonString(deployment.name()));
    members.put("environment", new JsonString(deployment.environment().name()));
    members.put("model", new JsonString(deployment.model()));
    members.put("version", new JsonNumber(deployment.current()));
    members.put("previous_version", new JsonNumber(deployment.previous()));
    members.put("revision", new JsonNumber(deployment.revision()));
    members.put("digest", new JsonString(served.value()));
    return ContentDigest.of(CanonicalJson.write(new JsonObject(members)));
  }
}
