package dev.slipway.core.drift.cell;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.CanonicalJson;
import dev.slipway.core.audit.json.JsonFields;
import dev.slipway.core.audit.json.JsonReader;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import dev.slipway.core.drift.BinCounts;
import dev.slipway.core.drift.ReferenceJson;
import dev.slipway.core.drift.ReferenceWindows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** References of versions and counts of cells as canonical JSON (RFC 8785). */
public final class CellJson {
  private CellJson() {}

  /** The one canonical form, in UTF-8. */
  public static byte[] write(VersionReference reference) {
    return CanonicalJson.write(
        new JsonObject(
            Map.of(
                "data", new JsonString(reference.data().value()),
                "rows", new JsonNumber(reference.rows()),
                "fields",
                    new JsonArray(
                        reference.fields().stream().<JsonValue>map(CellJson::field).toList()))));
  }

  /** Names the reference by its content. */
  public static ContentDigest digest(VersionReference reference) {
    return ContentDigest.of(write(reference));
  }

  private static JsonObject field(FieldReference field) {
    ReferenceWindows windows = field.windows();
    return new JsonObject(
        Map.of(
            "side", new JsonString(field.place().side().label()),
            "tensor", new JsonString(field.place().tensor()),
            "column", new JsonNumber(field.place().column()),
            "reference", JsonReader.read(ReferenceJson.write(field.reference())),
            "windows",
                new JsonArray(
                    windows.windows().stream()
                        .<JsonValue>map(
                            window ->
                                new JsonObject(
                                    Map.of(
                                        "effect", new JsonNumber(window.effect()),
                                        "rows", new JsonNumber(window.rows()))))
                        .toList())));
  }

  /**
   * @throws IllegalArgumentException if the bytes are not a version's reference
   */
  public static VersionReference readReference(byte[] utf8) {
    JsonFields fields = JsonFields.of("reference", JsonReader.read(utf8));
    long rows = fields.whole("rows");
    return new VersionReference(
        new ContentDigest(fields.string("data")),
        rows,
        fields.each("fields").stream().map(field -> field(field, rows)).toList());
  }

  private static FieldReference field(JsonFields fields, long rows) {
    return new FieldReference(
        new FieldPlace(
            FieldPlace.Side.of(fields.string("side")),
            fields.string("tensor"),
            Math.toIntExact(fields.whole("column"))),
        ReferenceJson.read(CanonicalJson.write(fields.object("reference"))),
        new ReferenceWindows(
            rows,
            fields.each("windows").stream()
                .map(
                    window ->
                        new ReferenceWindows.Window(window.number("effect"), window.whole("rows")))
                .toList()));
  }

  /** Counts, in UTF-8. */
  public static byte[] write(CellCounts counts) {
    return CanonicalJson.write(
        new JsonObject(
            Map.of(
                "rows", new JsonNumber(counts.rows()),
                "fields",
                    new JsonArray(
                        counts.fields().stream().<JsonValue>map(CellJson::counts).toList()))));
  }

  private static JsonObject counts(BinCounts counts) {
    return new JsonObject(
        Map.of(
            "counts",
                new JsonArray(
                    LongStream.range(0, counts.bins())
                        .<JsonValue>mapToObj(bin -> new JsonNumber(counts.count((int) bin)))
                        .toList()),
            "below", new JsonNumber(counts.below()),
            "above", new JsonNumber(counts.above())));
  }

  /**
   * @throws IllegalArgumentException if the bytes are not counts
   */
  public static CellCounts readCounts(byte[] utf8) {
    JsonFields fields = JsonFields.of("cell", JsonReader.read(utf8));
    List<BinCounts> counts = new ArrayList<>();
    for (JsonFields field : fields.each("fields")) {
      List<JsonValue> elements = field.elements("counts");
      long[] values = new long[elements.size()];
      for (int bin = 0; bin < values.length; bin++) {
        if (!(elements.get(bin) instanceof JsonNumber(double value)) || value != (long) value) {
          throw new IllegalArgumentException("cell.fields.counts (expected: whole numbers)");
        }
        values[bin] = (long) value;
      }
      counts.add(new BinCounts(values, field.whole("below"), field.whole("above")));
    }
    return new CellCounts(fields.whole("rows"), counts);
  }
}
