package dev.slipway.cli.predict;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.output.Json;
import dev.slipway.cli.output.Style;
import dev.slipway.cli.output.Table;
import java.util.ArrayList;
import java.util.List;

/** Answers of V2 inference, joined and seen as rows. */
public final class V2Answer {
  private static final int COLUMNS_MAX = 8;

  private V2Answer() {}

  /**
   * Joins the answers to consecutive batches of rows into one: the first dimensions add up.
   *
   * @param answers at least one, of the same model
   */
  public static JsonNode join(List<JsonNode> answers) {
    if (answers.size() == 1) {
      return answers.getFirst();
    }
    ObjectNode joined = answers.getFirst().deepCopy();
    ArrayNode outputs = joined.putArray("outputs");
    JsonNode firstOutputs = answers.getFirst().path("outputs");
    for (int output = 0; output < firstOutputs.size(); output++) {
      ObjectNode tensor = firstOutputs.get(output).deepCopy();
      ArrayNode data = tensor.putArray("data");
      long rows = 0;
      for (JsonNode answer : answers) {
        JsonNode part = answer.path("outputs").path(output);
        rows += part.path("shape").path(0).asLong();
        part.path("data").forEach(data::add);
      }
      ArrayNode shape = Json.mapper().createArrayNode().add(rows);
      for (int axis = 1; axis < tensor.path("shape").size(); axis++) {
        shape.add(tensor.path("shape").get(axis));
      }
      tensor.set("shape", shape);
      outputs.add(tensor);
    }
    return joined;
  }

  /** One document a row: its number from 0, and its values by output. */
  public static List<JsonNode> rows(JsonNode answer) {
    List<Output> outputs = outputs(answer);
    List<JsonNode> rows = new ArrayList<>();
    for (int row = 0; row < rowCount(answer); row++) {
      ObjectNode document = Json.mapper().createObjectNode().put("row", row);
      for (Output output : outputs) {
        List<JsonNode> values = output.row(row);
        if (values.size() == 1) {
          document.set(output.name, values.getFirst());
        } else {
          ArrayNode array = document.putArray(output.name);
          values.forEach(array::add);
        }
      }
      rows.add(document);
    }
    return rows;
  }

  /**
   * The rows as a table.
   *
   * @param wide whether outputs of many elements are shown in full
   */
  public static String table(JsonNode answer, boolean wide, Style style) {
    List<Output> outputs = outputs(answer);
    List<String> titles = new ArrayList<>(List.of("ROW"));
    for (Output output : outputs) {
      int shown = output.shown(wide);
      for (int column = 0; column < shown; column++) {
        titles.add(output.width == 1 ? output.name : "%s[%d]".formatted(output.name, column));
      }
      if (shown < output.width) {
        titles.add("(%d more)".formatted(output.width - shown));
      }
    }
    Table table = new Table(titles);
    for (int row = 0; row < rowCount(answer); row++) {
      List<String> cells = new ArrayList<>(List.of(Integer.toString(row)));
      for (Output output : outputs) {
        int shown = output.shown(wide);
        output.row(row).subList(0, shown).forEach(value -> cells.add(value.asText()));
        if (shown < output.width) {
          cells.add("...");
        }
      }
      table.add(cells);
    }
    return table.render(style);
  }

  /** The rows that all outputs share, or 1 if their first dimensions differ. */
  private static int rowCount(JsonNode answer) {
    long rows = -1;
    for (JsonNode output : answer.path("outputs")) {
      long first = output.path("shape").path(0).asLong(1);
      if (rows >= 0 && rows != first) {
        return 1;
      }
      rows = first;
    }
    return (int) Math.max(rows, 0);
  }

  private static List<Output> outputs(JsonNode answer) {
    int rows = rowCount(answer);
    List<Output> outputs = new ArrayList<>();
    for (JsonNode output : answer.path("outputs")) {
      List<JsonNode> values = new ArrayList<>();
      flatten(output.path("data"), values);
      int width = rows == 0 ? 0 : values.size() / rows;
      outputs.add(new Output(output.path("name").asText(), values, width));
    }
    return outputs;
  }

  private static void flatten(JsonNode data, List<JsonNode> into) {
    if (data.isArray()) {
      data.forEach(element -> flatten(element, into));
    } else {
      into.add(data);
    }
  }

  /**
   * An output's values in row-major order.
   *
   * @param width values of a row
   */
  private record Output(String name, List<JsonNode> values, int width) {
    List<JsonNode> row(int row) {
      return values.subList(row * width, (row + 1) * width);
    }

    int shown(boolean wide) {
      return wide ? width : Math.min(width, COLUMNS_MAX);
    }
  }
}
