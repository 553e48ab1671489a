package dev.slipway.http.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The small JSON object that a request carries. */
final class JsonBody {
  /** Requests other than uploads are small. */
  private static final int BYTES_MAX = 1 << 16;

  private JsonBody() {}

  /**
   * @param known the keys it may have
   * @throws SlipwayException BAD_REQUEST if it is no object or has another key, PAYLOAD_TOO_LARGE
   */
  static JsonNode of(ControlRequest request, List<String> known) {
    byte[] text;
    try {
      text = request.body().readNBytes(BYTES_MAX + 1);
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.CANCELLED, "body: it broke off", e);
    }
    if (text.length > BYTES_MAX) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "body: more than %d bytes (expected: at most that)".formatted(BYTES_MAX));
    }
    JsonNode node = ControlJson.parse(text);
    if (!node.isObject()) {
      throw new SlipwayException(ErrorCode.BAD_REQUEST, "body: (expected: a JSON object)");
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String name = member.getKey();
      if (!known.contains(name)) {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "body: unknown key '%s' (expected: %s)".formatted(name, String.join(", ", known)));
      }
    }
    return node;
  }

  /**
   * A text that has to be there.
   *
   * @throws SlipwayException BAD_REQUEST
   */
  static String text(JsonNode body, String key) {
    JsonNode value = body.path(key);
    if (!value.isTextual()) {
      throw invalid(key, value, "a text");
    }
    return value.textValue();
  }

  /**
   * A list of texts; empty if it is not there.
   *
   * @throws SlipwayException BAD_REQUEST
   */
  static List<String> texts(JsonNode body, String key) {
    JsonNode value = body.path(key);
    List<String> texts = new ArrayList<>();
    if (!value.isMissingNode() && !value.isArray()) {
      throw invalid(key, value, "a list of texts");
    }
    for (JsonNode element : value) {
      if (!element.isTextual()) {
        throw invalid(key, value, "a list of texts");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  static SlipwayException invalid(String key, JsonNode value, String expected) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "%s: %s (expected: %s)"
            .formatted(key, value.isMissingNode() ? "missing" : value, expected));
  }
}
