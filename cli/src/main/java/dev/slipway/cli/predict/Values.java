package dev.slipway.cli.predict;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;

/** Values of V2 datatypes as people type them. */
final class Values {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Values() {}

  /**
   * @param datatype of V2, such as {@code FP32}
   * @param text empty or {@code NaN} is a missing value of a floating-point tensor
   * @return the value as an element of {@code data} in V2 JSON
   * @throws IllegalArgumentException if the text is no such value
   */
  static JsonNode parse(String datatype, String text) {
    String value = text.strip();
    try {
      return switch (datatype) {
        case "BOOL" -> bool(value);
        case "BYTES" -> JSON.textNode(text);
        case "FP16", "BF16", "FP32", "FP64" -> floating(value);
        default -> JSON.numberNode(new BigInteger(value));
      };
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'%s' (expected: %s)".formatted(text, datatype), e);
    }
  }

  private static JsonNode bool(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "1" -> BooleanNode.TRUE;
      case "false", "0" -> BooleanNode.FALSE;
      default -> throw new NumberFormatException();
    };
  }

  private static JsonNode floating(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "", "nan" -> JSON.textNode("NaN");
      case "inf", "+inf", "infinity" -> JSON.textNode("Infinity");
      case "-inf", "-infinity" -> JSON.textNode("-Infinity");
      default -> JSON.numberNode(new BigDecimal(value));
    };
  }
}
