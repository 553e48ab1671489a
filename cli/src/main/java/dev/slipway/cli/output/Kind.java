package dev.slipway.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How one kind of document is shown to people.
 *
 * @param name what {@code -o name} prints: a word that other commands take
 * @param details a single document, shown at length by {@code get}
 */
public record Kind(Function<JsonNode, String> name, List<Column> columns, Details details) {
  /** Text of one document at its length, each line ended by a line feed. */
  public interface Details {
    /**
     * @param wide whether nothing may be left out
     */
    String text(JsonNode document, boolean wide, Style style);
  }

  public Kind {
    columns = List.copyOf(columns);
  }

  /** A kind whose single documents are shown as a table of one row. */
  public static Kind ofTable(Function<JsonNode, String> name, List<Column> columns) {
    return new Kind(
        name, columns, (node, wide, style) -> table(columns, List.of(node), wide).render(style));
  }

  /** A table of several documents. */
  public String table(List<JsonNode> documents, boolean wide, Style style) {
    return table(columns, documents, wide).render(style);
  }

  private static Table table(List<Column> columns, List<JsonNode> documents, boolean wide) {
    List<Column> shown = columns.stream().filter(column -> wide || !column.wideOnly()).toList();
    Table table =
        new Table(
            shown.stream().map(Column::title).toList(),
            IntStream.range(0, shown.size())
                .filter(column -> shown.get(column).state())
                .boxed()
                .collect(Collectors.toSet()));
    for (JsonNode document : documents) {
      table.add(shown.stream().map(column -> column.text().apply(document)).toList());
    }
    return table;
  }
}
