package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.governance.Verdict;
import java.util.List;
import java.util.Map;

/**
 * What a gate found; the parts of the evidence that are its own.
 *
 * @param inputs what it read besides the version, by name
 * @param measurements for the policy's predicates and for people
 * @param findings in words, those that decided first
 */
public record GateOutcome(
    Verdict verdict,
    Map<String, ContentDigest> inputs,
    JsonObject measurements,
    List<String> findings) {
  public GateOutcome {
    inputs = Map.copyOf(inputs);
    findings = List.copyOf(findings);
  }
}
