package dev.slipway.http.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.audit.tree.TreeHash;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.RegisteredModel;
import dev.slipway.platform.audit.AuditTrail.Numbered;
import dev.slipway.platform.deployment.DeploymentStatus;
import dev.slipway.platform.deployment.HistoryEntry;
import dev.slipway.platform.doctor.Check;
import dev.slipway.platform.registry.VersionDocument;
import dev.slipway.serving.ServedVariant;
import dev.slipway.serving.profile.ModelProfile;
import dev.slipway.serving.profile.ModelProfile.Recommendation;
import dev.slipway.serving.profile.ModelProfile.Unavailable;
import dev.slipway.serving.profile.ProfileRow;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The JSON of the control API, as {@code docs/reference/control-api.md} describes it. */
final class ControlJson {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ControlJson() {}

  static ControlResponse answer(int status, ObjectNode body) {
    return new ControlResponse(status, "application/json", bytes(body));
  }

  static byte[] bytes(JsonNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new SlipwayException(ErrorCode.INTERNAL, "an answer cannot be written", e);
    }
  }

  static JsonNode parse(byte[] text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      String reason =
          e instanceof JsonProcessingException syntax ? syntax.getOriginalMessage() : e.toString();
      throw new SlipwayException(ErrorCode.BAD_REQUEST, "body: " + reason, e);
    }
  }

  static ObjectNode model(RegisteredModel model) {
    ObjectNode node = NODES.objectNode();
    node.put("name", model.name());
    node.put("latest_version", model.latestVersion());
    node.put("created_at", model.createdAt().toString());
    return node;
  }

  static ObjectNode model(RegisteredModel model, List<ModelVersion> versions) {
    ObjectNode node = model(model);
    ArrayNode array = node.putArray("versions");
    versions.forEach(version -> array.add(VersionDocument.of(version)));
    return node;
  }

  static ObjectNode deployment(DeploymentStatus status) {
    Deployment deployment = status.deployment();
    ServedVariant variant = status.variant();
    ObjectNode node = NODES.objectNode();
    node.put("name", deployment.name());
    node.put("model", deployment.model());
    node.put("version", deployment.current());
    node.put("previous_version", deployment.previous());
    node.put("revision", deployment.revision());
    node.put("state", variant.state().name());
    node.put("reason", variant.reason());
    node.put("engine", variant.engine());
    node.put("scheduling", lower(variant.scheduling()));
    node.put("digest", status.version().digest().value());
    node.put("changed_at", deployment.changedAt().toString());
    return node;
  }

  /** What served, from when on, and where the log says so. */
  static ObjectNode history(HistoryEntry entry) {
    Deployment deployment = entry.deployment();
    Instant until = entry.until();
    Numbered logged = entry.entry();
    ObjectNode node = NODES.objectNode();
    node.put("deployment", deployment.name());
    node.put("revision", deployment.revision());
    node.put("kind", lower(entry.asked()));
    node.put("model", deployment.model());
    node.put("version", deployment.current());
    node.put("previous_version", deployment.previous());
    node.put("digest", entry.served().digest().value());
    node.put("epoch", entry.epoch());
    node.put("from", deployment.changedAt().toString());
    node.put("until", until == null ? null : until.toString());
    node.put("audit_index", logged == null ? null : logged.index());
    node.set("actor", logged == null ? NODES.nullNode() : parse(logged.leaf()).path("actor"));
    node.put("state", entry.state().value());
    return node;
  }

  /**
   * @param signed how many entries the published checkpoint covers
   */
  static ObjectNode auditEntry(Numbered numbered, long signed) {
    ObjectNode node = NODES.objectNode();
    node.put("index", numbered.index());
    node.put("signed", numbered.index() < signed);
    node.put("leaf_hash", TreeHash.ofLeaf(numbered.leaf()).toBase64());
    node.set("entry", parse(numbered.leaf()));
    return node;
  }

  static ObjectNode checks(List<Check> checks) {
    ObjectNode node = NODES.objectNode();
    ArrayNode array = node.putArray("checks");
    for (Check check : checks) {
      ObjectNode item = array.addObject();
      item.put("name", check.name());
      item.put("status", lower(check.status()));
      item.put("detail", check.detail());
      item.put("mend", check.mend());
    }
    return node;
  }

  static ObjectNode profile(ModelProfile profile) {
    ObjectNode node = NODES.objectNode();
    ArrayNode rows = node.putArray("rows");
    for (ProfileRow row : profile.rows()) {
      ObjectNode item = rows.addObject();
      item.put("engine", row.engine());
      item.put("provider", lower(row.provider()));
      item.put("batch", row.batch());
      item.put("threads", row.threads());
      item.put("micros_per_run", row.microsPerRun());
      item.put("rows_per_second", row.rowsPerSecond());
    }
    ArrayNode unavailable = node.putArray("unavailable");
    for (Unavailable missing : profile.unavailable()) {
      ObjectNode item = unavailable.addObject();
      item.put("engine", missing.engine());
      item.put("provider", lower(missing.provider()));
      item.put("reason", missing.reason());
    }
    Recommendation advice = profile.recommended();
    ObjectNode recommended = node.putObject("recommended");
    recommended.put("engine", advice.engine());
    recommended.put("provider", lower(advice.provider()));
    recommended.put("max_batch_size", advice.maxBatchSize());
    recommended.put("intra_op_threads", advice.intraOpThreads());
    recommended.put("scheduling", lower(advice.scheduling()));
    recommended.put("why", advice.why());
    return node;
  }

  static ObjectNode page(List<ObjectNode> items, String nextToken) {
    ObjectNode node = NODES.objectNode();
    node.putArray("items").addAll(items);
    node.put("next_page_token", nextToken);
    return node;
  }

  /**
   * @param detail for the caller; of an INTERNAL error it says nothing but where to look
   */
  static ObjectNode problem(ErrorCode code, String detail, String requestId) {
    String words = lower(code).replace('_', ' ');
    ObjectNode node = NODES.objectNode();
    node.put("type", "about:blank");
    node.put("title", words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1));
    node.put("status", code.httpStatus());
    node.put("detail", detail);
    node.put("code", code.name());
    node.put("request_id", requestId);
    return node;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
