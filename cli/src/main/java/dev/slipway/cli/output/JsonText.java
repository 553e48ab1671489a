package dev.slipway.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** JSON values as text for people. */
public final class JsonText {
  private JsonText() {}

  /** The field's value; a dash if there is none. */
  public static String of(JsonNode node, String field) {
    return of(node.path(field));
  }

  /** The value; a dash if there is none. */
  public static String of(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "-";
    }
    if (value.isContainerNode()) {
      return value.toString();
    }
    String text = value.asText();
    return text.isEmpty() ? "-" : text;
  }

  /** An instant to the second. */
  public static String instant(JsonNode node, String field) {
    return of(node, field).replaceFirst("\\.\\d+Z$", "Z");
  }

  /** A shape such as {@code [-1, 30]}. */
  public static String shape(JsonNode shape) {
    List<String> dimensions = new ArrayList<>();
    shape.forEach(dimension -> dimensions.add(dimension.asText()));
    return "[" + String.join(", ", dimensions) + "]";
  }

  /** A count of bytes with a unit: {@code 188.4 KiB}. */
  public static String bytes(JsonNode value) {
    if (!value.isNumber()) {
      return "-";
    }
    return bytes(value.asLong());
  }

  /** A count of bytes with a unit: {@code 188.4 KiB}. */
  public static String bytes(long count) {
    if (count < 1024) {
      return count + " B";
    }
    double scaled = count;
    String unit = "B";
    for (String next : new String[] {"KiB", "MiB", "GiB", "TiB"}) {
      if (scaled < 1024) {
        break;
      }
      scaled /= 1024;
      unit = next;
    }
    return String.format(Locale.ROOT, "%.1f %s", scaled, unit);
  }
}
