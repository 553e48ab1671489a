package dev.slipway.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;

/**
 * One column of a table.
 *
 * @param wideOnly whether only {@code -o wide} shows it
 * @param state whether the cells are states, which are coloured
 */
public record Column(
    String title, boolean wideOnly, boolean state, Function<JsonNode, String> text) {
  /** A column with the value of a field. */
  public static Column of(String title, String field) {
    return new Column(title, false, false, node -> JsonText.of(node, field));
  }

  public static Column of(String title, Function<JsonNode, String> text) {
    return new Column(title, false, false, text);
  }

  /** A column with an instant, shown to the second. */
  public static Column instant(String title, String field) {
    return of(title, node -> JsonText.instant(node, field));
  }

  public static Column state(String title, String field) {
    return new Column(title, false, true, node -> JsonText.of(node, field));
  }

  public Column wide() {
    return new Column(title, true, state, text);
  }
}
