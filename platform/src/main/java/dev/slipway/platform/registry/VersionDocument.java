package dev.slipway.platform.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.store.control.ModelJson;
import java.util.Locale;

/**
 * A version as a JSON document, for whoever shows one. Signature and settings have the form in
 * which they are kept and in which {@code slipway-model.yaml} states them.
 */
public final class VersionDocument {
  /** Numbers of example requests keep all their digits. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private VersionDocument() {}

  public static ObjectNode of(ModelVersion version) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("model", version.ref().model());
    node.put("version", version.ref().version());
    node.put("digest", version.digest().value());
    node.put("format", version.format().name().toLowerCase(Locale.ROOT));
    node.put("primary_file", version.primaryFile());
    node.put("size_bytes", version.sizeBytes());
    node.put("description", version.description());
    node.put("registered_at", version.registeredAt().toString());
    node.set("signature", ModelJson.write(version.signature()));
    node.set("settings", ModelJson.write(version.settings()));
    node.set("example_request", exampleRequest(version.exampleRequest()));
    return node;
  }

  private static JsonNode exampleRequest(String text) {
    if (text.isEmpty()) {
      return JsonNodeFactory.instance.nullNode();
    }
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT, "a version's stored example request is no JSON", e);
    }
  }
}
