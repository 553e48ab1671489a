package dev.slipway.core.governance;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.CanonicalJson;
import dev.slipway.core.audit.json.JsonFields;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ModelRef;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a gate found, complete enough to find it again: a rerun with the same parameters on the same
 * inputs comes to the same verdict. Kept as canonical JSON and addressed by its digest.
 *
 * @param gate name of the gate
 * @param subject artifact that was examined
 * @param parameters as the policy gives them to the gate
 * @param inputs what else was read, such as the held-out rows or the incumbent's artifact, by name
 * @param measurements what came out, for predicates and for people
 * @param findings in words: what is wrong, or what is worth knowing; the first ones say why it
 *     failed
 * @param build of Slipway that ran the gate
 */
public record Evidence(
    String gate,
    Verdict verdict,
    ModelRef ref,
    ArtifactDigest subject,
    JsonObject parameters,
    Map<String, ContentDigest> inputs,
    JsonObject measurements,
    List<String> findings,
    Instant at,
    String build) {
  /** Most findings that are kept; the last says how many more there are. */
  public static final int FINDINGS_MAX = 100;

  public Evidence {
    inputs = Map.copyOf(inputs);
    findings =
        findings.size() <= FINDINGS_MAX
            ? List.copyOf(findings)
            : Stream.concat(
                    findings.stream().limit(FINDINGS_MAX - 1L),
                    Stream.of("and %d more".formatted(findings.size() - FINDINGS_MAX + 1)))
                .toList();
  }

  /** The bytes that the digest is of. */
  public byte[] toBytes() {
    Map<String, JsonValue> members = new HashMap<>();
    members.put("version", new JsonValue.JsonNumber(1));
    members.put("gate", new JsonString(gate));
    members.put("verdict", new JsonString(verdict.name()));
    members.put("model_version", new JsonString(ref.toString()));
    members.put("subject", new JsonString(subject.value()));
    members.put("parameters", parameters);
    Map<String, JsonValue> read = new HashMap<>();
    inputs.forEach((name, digest) -> read.put(name, new JsonString(digest.value())));
    members.put("inputs", new JsonObject(read));
    members.put("measurements", measurements);
    members.put(
        "findings", new JsonArray(findings.stream().<JsonValue>map(JsonString::new).toList()));
    members.put("at", new JsonString(at.toString()));
    members.put("build", new JsonString(build));
    return CanonicalJson.write(new JsonObject(members));
  }

  public ContentDigest digest() {
    return ContentDigest.of(toBytes());
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static Evidence parse(byte[] bytes) {
    JsonFields fields = JsonFields.of("evidence", CanonicalJson.read(bytes));
    Map<String, ContentDigest> inputs = new HashMap<>();
    JsonFields read = fields.fields("inputs");
    for (String name : read.names()) {
      inputs.put(name, new ContentDigest(read.string(name)));
    }
    return new Evidence(
        fields.string("gate"),
        fields.constant(Verdict.class, "verdict"),
        ModelRef.parse(fields.string("model_version")),
        new ArtifactDigest(fields.string("subject")),
        fields.object("parameters"),
        inputs,
        fields.object("measurements"),
        fields.strings("findings"),
        fields.instant("at"),
        fields.string("build"));
  }

  /** What a promotion remembers of it. */
  public GateResult result() {
    return new GateResult(gate, verdict, digest(), at);
  }
}
