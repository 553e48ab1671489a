package dev.slipway.http.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a request, as protobuf's JSON has them: absent and null are the same, numbers may
 * be texts, and fields that nobody knows are ignored. Messages name the field.
 *
 * @param path of these fields within the request; empty or with a dot at the end
 */
record Fields(JsonNode node, String path) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /**
   * Reads a body; empty means no fields, and a text is read as the JSON that it holds.
   *
   * @throws SlipwayException BAD_REQUEST if it is no JSON object
   */
  static Fields ofBody(byte[] body) {
    if (body.length == 0) {
      return new Fields(JsonNodeFactory.instance.objectNode(), "");
    }
    try {
      JsonNode node = JSON.readTree(body);
      if (node != null && node.isTextual()) {
        node = JSON.readTree(node.textValue());
      }
      if (node != null && node.isObject()) {
        return new Fields(node, "");
      }
    } catch (JsonProcessingException e) {
      throw new SlipwayException(ErrorCode.BAD_REQUEST, "body: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.BAD_REQUEST, "body: it is not UTF-8", e);
    }
    throw new SlipwayException(ErrorCode.BAD_REQUEST, "body: (expected: a JSON object)");
  }

  /** The keys of a query; a repeated one is a list. */
  static Fields ofQuery(Map<String, List<String>> query) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    query.forEach(
        (key, values) -> {
          if (values.size() == 1) {
            node.put(key, values.getFirst());
          } else {
            ArrayNode array = node.putArray(key);
            values.forEach(array::add);
          }
        });
    return new Fields(node, "");
  }

  boolean has(String name) {
    return !node.path(name).isMissingNode() && !node.path(name).isNull();
  }

  /** A text; empty if it is absent. A number is none: what it would be written as is a guess. */
  String text(String name) {
    JsonNode value = node.path(name);
    if (!has(name)) {
      return "";
    }
    if (!value.isTextual()) {
      throw invalid(name, value, "a text");
    }
    return characters(name, value);
  }

  /** Neither NUL nor half a character: no database and no file name holds them. */
  private String characters(String name, JsonNode value) {
    String text = value.asText("");
    if (text.codePoints().anyMatch(c -> c == 0 || (c >= 0xd800 && c <= 0xdfff))) {
      throw invalid(name, value, "a text of whole characters, none of them NUL");
    }
    return text;
  }

  /** As {@link #text}, by either name. */
  String text(String name, String alias) {
    String value = text(name);
    return value.isEmpty() ? text(alias) : value;
  }

  /**
   * @throws SlipwayException BAD_REQUEST if it is absent or empty
   */
  String required(String name) {
    String value = text(name);
    if (value.isEmpty()) {
      throw missing(name);
    }
    return value;
  }

  /** As {@link #required(String)}, by either name. */
  String required(String name, String alias) {
    String value = text(name, alias);
    if (value.isEmpty()) {
      throw missing(name);
    }
    return value;
  }

  SlipwayException missing(String name) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "Missing value for required parameter '%s%s'.".formatted(path, name));
  }

  /** A whole number; {@code absent} if it is absent. */
  long number(String name, long absent) {
    JsonNode value = node.path(name);
    if (!has(name)) {
      return absent;
    }
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    try {
      if (value.isTextual()) {
        return Long.parseLong(value.textValue().strip());
      }
    } catch (NumberFormatException e) {
      throw invalid(name, value, "a whole number");
    }
    // Timestamps come as 1700000000000.0 from some.
    if (value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue())) {
      return (long) value.doubleValue();
    }
    throw invalid(name, value, "a whole number");
  }

  /**
   * As {@link #number}.
   *
   * @throws SlipwayException BAD_REQUEST if it is absent
   */
  long requiredNumber(String name) {
    if (!has(name)) {
      throw missing(name);
    }
    return number(name, 0);
  }

  /** A number that may be infinite or none at all. */
  double real(String name) {
    JsonNode value = node.path(name);
    if (value.isNumber()) {
      return value.doubleValue();
    }
    if (value.isTextual()) {
      try {
        return Double.parseDouble(value.textValue().strip());
      } catch (NumberFormatException e) {
        throw invalid(name, value, "a number");
      }
    }
    throw has(name) ? invalid(name, value, "a number") : missing(name);
  }

  boolean flag(String name) {
    JsonNode value = node.path(name);
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    return switch (text(name)) {
      case "" -> false;
      case "true", "True" -> true;
      case "false", "False" -> false;
      default -> throw invalid(name, value, "true or false");
    };
  }

  /** A count of results. */
  int count(String name, int absent, int max) {
    long value = number(name, absent);
    if (value < 1 || value > max) {
      throw invalid(name, node.path(name), "1..%d".formatted(max));
    }
    return (int) value;
  }

  /** One of the values of an enum, by its name. */
  <E extends Enum<E>> Optional<E> choice(String name, Class<E> type, String prefix) {
    String text = text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    for (E value : type.getEnumConstants()) {
      if (text.equals(prefix + value.name())) {
        return Optional.of(value);
      }
    }
    List<String> names =
        Arrays.stream(type.getEnumConstants()).map(value -> prefix + value.name()).toList();
    throw invalid(name, node.path(name), String.join(", ", names));
  }

  /** A list of texts; one alone is a list of one. */
  List<String> texts(String name) {
    JsonNode value = node.path(name);
    if (!has(name)) {
      return List.of();
    }
    if (!value.isArray()) {
      return List.of(text(name));
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : value) {
      if (!item.isTextual()) {
        throw invalid(name, value, "a list of texts");
      }
      texts.add(characters(name, item));
    }
    return texts;
  }

  /** A list of objects. */
  List<Fields> objects(String name) {
    JsonNode value = node.path(name);
    if (!has(name)) {
      return List.of();
    }
    List<Fields> objects = new ArrayList<>();
    for (JsonNode item : value) {
      String place = "%s%s[%d].".formatted(path, name, objects.size());
      if (!item.isObject()) {
        throw invalid(name, value, "a list of objects");
      }
      objects.add(new Fields(item, place));
    }
    if (!value.isArray()) {
      throw invalid(name, value, "a list of objects");
    }
    return objects;
  }

  /** The fields of an object; none if it is absent. */
  Fields object(String name) {
    JsonNode value = node.path(name);
    if (!has(name)) {
      return new Fields(JsonNodeFactory.instance.objectNode(), path + name + ".");
    }
    if (!value.isObject()) {
      throw invalid(name, value, "an object");
    }
    return new Fields(value, path + name + ".");
  }

  /** Keys and values in the order in which they are given; of a key given twice the last value. */
  Map<String, String> pairs(String name) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (Fields pair : objects(name)) {
      pairs.put(pair.required("key"), pair.text("value"));
    }
    return pairs;
  }

  private SlipwayException invalid(String name, JsonNode value, String expected) {
    String text = value.toString();
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "Invalid value %s for parameter '%s%s' supplied (expected: %s)"
            .formatted(
                text.length() > 100 ? text.substring(0, 100) + "..." : text, path, name, expected));
  }
}
