package dev.slipway.http.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Pieces of answers that many operations need. */
final class MlflowJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MlflowJson() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static byte[] bytes(JsonNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new SlipwayException(ErrorCode.INTERNAL, "an answer cannot be written", e);
    }
  }

  /** Sets a text unless it is empty. */
  static void put(ObjectNode node, String name, String text) {
    if (!text.isEmpty()) {
      node.put(name, text);
    }
  }

  /** Numbers that JSON does not have are texts, as in protobuf's JSON. */
  static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.put(name, Double.toString(value));
    }
  }

  static <T> void list(
      ObjectNode node, String name, List<T> items, Function<T, ObjectNode> toJson) {
    ArrayNode array = node.putArray(name);
    items.forEach(item -> array.add(toJson.apply(item)));
  }

  /** In the order of the keys, so that an answer is the same each time. */
  static void pairs(ObjectNode node, String name, Map<String, String> pairs) {
    ArrayNode array = node.putArray(name);
    new TreeMap<>(pairs)
        .forEach((key, value) -> array.addObject().put("key", key).put("value", value));
  }

  static ObjectNode page(ObjectNode node, String nextToken) {
    put(node, "next_page_token", nextToken);
    return node;
  }
}
