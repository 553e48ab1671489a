package dev.slipway.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Prints documents on stdout in the chosen format. */
public final class Printer {
  private final PrintStream out;
  private final OutputFormat format;
  private final Style style;

  public Printer(PrintStream out, OutputFormat format, Style style) {
    this.out = out;
    this.format = format;
    this.style = style;
  }

  public OutputFormat format() {
    return format;
  }

  /** Prints one document at its length. */
  public void one(Kind kind, JsonNode document) {
    out.print(render(kind, document));
    out.flush();
  }

  /** Text of one document, ended by a line feed. */
  public String render(Kind kind, JsonNode document) {
    return switch (format) {
      case TABLE, WIDE -> kind.details().text(document, format == OutputFormat.WIDE, style);
      case JSON -> Json.pretty(document) + "\n";
      case YAML -> Json.yaml(document);
      case JSONL -> Json.line(document) + "\n";
      case NAME -> kind.name().apply(document) + "\n";
    };
  }

  /**
   * Prints a list. {@code jsonl} and {@code name} print as the documents arrive; the others need
   * all of them first.
   *
   * @return how many there were
   */
  public int list(Kind kind, Iterator<JsonNode> documents) {
    if (format == OutputFormat.JSONL || format == OutputFormat.NAME) {
      int count = 0;
      while (documents.hasNext()) {
        one(kind, documents.next());
        count++;
        if (out.checkError()) {
          break; // The reader, such as head, has gone.
        }
      }
      return count;
    }
    List<JsonNode> all = new ArrayList<>();
    documents.forEachRemaining(all::add);
    out.print(render(kind, all));
    out.flush();
    return all.size();
  }

  /** Text of a list; empty for a table without rows. */
  public String render(Kind kind, List<JsonNode> documents) {
    return switch (format) {
      case TABLE, WIDE ->
          documents.isEmpty() ? "" : kind.table(documents, format == OutputFormat.WIDE, style);
      case JSON -> Json.pretty(array(documents)) + "\n";
      case YAML -> Json.yaml(array(documents));
      case JSONL, NAME -> {
        StringBuilder lines = new StringBuilder();
        documents.forEach(document -> lines.append(render(kind, document)));
        yield lines.toString();
      }
    };
  }

  private static ArrayNode array(List<JsonNode> documents) {
    ArrayNode array = Json.mapper().createArrayNode();
    documents.forEach(array::add);
    return array;
  }
}
