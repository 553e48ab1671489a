package dev.slipway.cli.predict;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.output.Json;
import dev.slipway.cli.output.JsonText;
import java.util.ArrayList;
import java.util.List;

/**
 * How a row of values is spread over the inputs of a model: the columns are the elements of the
 * required inputs in order, without the batch dimension.
 */
public final class RowLayout {
  /**
   * One input.
   *
   * @param shape without the batch dimension
   * @param batched whether rows can be joined
   * @param width columns of a row; -1 if a row may have any number of them
   */
  private record Input(
      String name,
      String datatype,
      List<Long> shape,
      boolean batched,
      int width,
      List<String> columns) {}

  private final List<Input> inputs;

  private RowLayout(List<Input> inputs) {
    this.inputs = inputs;
  }

  /**
   * Reads a signature of the control API.
   *
   * @throws IllegalArgumentException if rows cannot be given for such inputs, with a message for
   *     people
   */
  public static RowLayout of(JsonNode signature) {
    List<Input> inputs = new ArrayList<>();
    for (JsonNode tensor : signature.path("inputs")) {
      if (!tensor.path("optional").asBoolean()) {
        inputs.add(input(tensor));
      }
    }
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("the model has no input that is required");
    }
    if (inputs.size() > 1) {
      for (Input input : inputs) {
        if (input.width < 0) {
          throw unsuited(input.name, "rows of any width in one of several inputs");
        }
      }
    }
    return new RowLayout(List.copyOf(inputs));
  }

  private static Input input(JsonNode tensor) {
    String name = tensor.path("name").asText();
    List<Long> shape = new ArrayList<>();
    tensor.path("shape").forEach(dimension -> shape.add(dimension.asLong()));
    boolean batched = !shape.isEmpty() && shape.getFirst() == -1;
    List<Long> perRow = List.copyOf(batched ? shape.subList(1, shape.size()) : shape);
    long width = 1;
    for (long dimension : perRow) {
      if (dimension < 0) {
        if (perRow.size() > 1) {
          throw unsuited(name, "shape " + JsonText.shape(tensor.path("shape")));
        }
        width = -1;
      } else {
        width = Math.multiplyExact(width, dimension);
      }
    }
    if (width > 1_000_000) {
      throw unsuited(name, "%d values a row".formatted(width));
    }
    return new Input(
        name,
        tensor.path("datatype").asText(),
        perRow,
        batched,
        (int) width,
        columns(name, (int) width, tensor.path("fields")));
  }

  private static List<String> columns(String input, int width, JsonNode fields) {
    List<String> columns = new ArrayList<>();
    for (int column = 0; column < width; column++) {
      String field = fields.size() == width ? fields.path(column).path("name").asText("") : "";
      if (!field.isEmpty()) {
        columns.add(field);
      } else {
        columns.add(width == 1 ? input : "%s[%d]".formatted(input, column));
      }
    }
    return List.copyOf(columns);
  }

  private static IllegalArgumentException unsuited(String input, String why) {
    return new IllegalArgumentException(
        "input %s: %s cannot be given as rows (expected: a request by --data or --file)"
            .formatted(input, why));
  }

  /** The names of a row's columns; empty if a row may have any number of them. */
  public List<String> columns() {
    return inputs.stream().flatMap(input -> input.columns.stream()).toList();
  }

  /** Whether several rows can be sent in one request. */
  public boolean isBatched() {
    return inputs.stream().allMatch(Input::batched);
  }

  /** Whether the text can be a value of the column; an empty one is a missing number. */
  public boolean accepts(int column, String text) {
    int at = column;
    for (Input input : inputs) {
      if (input.width < 0 || at < input.width) {
        try {
          Values.parse(input.datatype, text);
          return true;
        } catch (IllegalArgumentException e) {
          return false;
        }
      }
      at -= input.width;
    }
    return false;
  }

  /**
   * The V2 request for some rows.
   *
   * @param rows each with as many values as there are columns
   * @throws IllegalArgumentException if a row or a value does not fit, with a message that names it
   */
  public ObjectNode request(List<List<String>> rows) {
    if (rows.size() > 1 && !isBatched()) {
      throw new IllegalArgumentException(
          "%d rows (expected: 1; the model takes no batch)".formatted(rows.size()));
    }
    ObjectNode request = Json.mapper().createObjectNode();
    ArrayNode tensors = request.putArray("inputs");
    int offset = 0;
    for (Input input : inputs) {
      int width = input.width < 0 ? rows.getFirst().size() : input.width;
      ObjectNode tensor = tensors.addObject();
      tensor.put("name", input.name).put("datatype", input.datatype);
      ArrayNode shape = tensor.putArray("shape");
      if (input.batched) {
        shape.add(rows.size());
      }
      input.shape.forEach(dimension -> shape.add(dimension < 0 ? width : dimension));
      ArrayNode data = tensor.putArray("data");
      for (int row = 0; row < rows.size(); row++) {
        addRow(data, input, rows.get(row), row, offset, width);
      }
      offset += width;
    }
    return request;
  }

  private void addRow(
      ArrayNode data, Input input, List<String> row, int number, int offset, int width) {
    int expected = inputs.getFirst().width < 0 ? width : columns().size();
    if (row.size() != expected) {
      throw new IllegalArgumentException(
          "row %d: %d values (expected: %d)".formatted(number + 1, row.size(), expected));
    }
    for (int column = 0; column < width; column++) {
      String text = row.get(offset + column);
      try {
        data.add(Values.parse(input.datatype, text));
      } catch (IllegalArgumentException e) {
        String name = input.width < 0 ? "value " + (column + 1) : input.columns.get(column);
        throw new IllegalArgumentException(
            "row %d, %s: %s".formatted(number + 1, name, e.getMessage()), e);
      }
    }
  }
}
