package dev.slipway.store.control;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.CanonicalJson;
import dev.slipway.core.audit.json.JsonFields;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a copy of a PostgreSQL database holds; the last entry of its zip.
 *
 * @param createdAt when it was begun
 * @param schemaVersion that the database had
 * @param tables in an order in which each comes after those that it refers to
 */
public record PostgresCopyManifest(Instant createdAt, int schemaVersion, List<Table> tables) {
  /** Name of the entry. */
  static final String NAME = "manifest.json";

  private static final String KIND = "slipway-control-database";
  private static final int VERSION = 1;

  public PostgresCopyManifest {
    tables = List.copyOf(tables);
  }

  /**
   * One table's rows, as COPY writes them as text.
   *
   * @param columns in their order in the rows
   * @param digest of the entry
   */
  public record Table(String name, List<String> columns, long rows, ContentDigest digest) {
    /** They become part of SQL. */
    private static final Pattern IDENTIFIER = Pattern.compile("[a-z_][a-z0-9_]*");

    public Table {
      columns = List.copyOf(columns);
      requireIdentifier(name);
      columns.forEach(Table::requireIdentifier);
    }

    private static void requireIdentifier(String name) {
      if (!IDENTIFIER.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "'%s' (expected: a name such as model_version)".formatted(name));
      }
    }

    /** Name of the entry. */
    String entry() {
      return entry(name);
    }

    static String entry(String table) {
      return "tables/" + table + ".copy";
    }

    /** For COPY. */
    String withColumns() {
      return withColumns(name, columns);
    }

    static String withColumns(String table, List<String> columns) {
      return "%s (%s)".formatted(table, String.join(", ", columns));
    }

    private JsonValue toJson() {
      return new JsonObject(
          Map.of(
              "name", new JsonString(name),
              "columns", new JsonArray(columns.stream().<JsonValue>map(JsonString::new).toList()),
              "rows", new JsonNumber(rows),
              "digest", new JsonString(digest.value())));
    }

    private static Table parse(JsonFields fields) {
      return new Table(
          fields.string("name"),
          fields.strings("columns"),
          fields.whole("rows"),
          new ContentDigest(fields.string("digest")));
    }
  }

  /** How many rows all tables have. */
  public long rows() {
    return tables.stream().mapToLong(Table::rows).sum();
  }

  byte[] toBytes() {
    return CanonicalJson.write(
        new JsonObject(
            Map.of(
                "kind", new JsonString(KIND),
                "version", new JsonNumber(VERSION),
                "created_at", new JsonString(createdAt.toString()),
                "schema_version", new JsonNumber(schemaVersion),
                "tables", new JsonArray(tables.stream().map(Table::toJson).toList()))));
  }

  /**
   * @throws IllegalArgumentException if it is none, or of a newer release
   */
  static PostgresCopyManifest parse(byte[] bytes) {
    JsonFields fields = JsonFields.of("manifest", CanonicalJson.read(bytes));
    if (!KIND.equals(fields.stringOrNull("kind")) || fields.whole("version") != VERSION) {
      throw new IllegalArgumentException(
          "it is not a copy of a PostgreSQL control database in version " + VERSION);
    }
    List<Table> tables = new ArrayList<>();
    for (JsonFields table : fields.each("tables")) {
      tables.add(Table.parse(table));
    }
    if (tables.stream().map(Table::name).distinct().count() < tables.size()) {
      throw new IllegalArgumentException("its manifest names a table twice");
    }
    return new PostgresCopyManifest(
        fields.instant("created_at"), (int) fields.whole("schema_version"), tables);
  }
}
