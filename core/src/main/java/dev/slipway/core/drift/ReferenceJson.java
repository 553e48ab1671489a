package dev.slipway.core.drift;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.CanonicalJson;
import dev.slipway.core.audit.json.JsonFields;
import dev.slipway.core.audit.json.JsonReader;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonBoolean;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * References as canonical JSON (RFC 8785), so that one has one digest. Counts have to stay below
 * 2^53.
 */
public final class ReferenceJson {
  private static final String NUMERIC = "numeric";
  private static final String CATEGORICAL = "categorical";

  private ReferenceJson() {}

  /** The one canonical form, in UTF-8. */
  public static byte[] write(FeatureReference reference) {
    Map<String, JsonValue> members = new HashMap<>();
    BinCounts counts = reference.counts();
    members.put("feature", new JsonString(reference.feature()));
    members.put("counts", numbers(IntStream.range(0, counts.bins()).mapToDouble(counts::count)));
    switch (reference) {
      case NumericReference numeric -> {
        members.put("type", new JsonString(NUMERIC));
        members.put("cuts", numbers(IntStream.range(0, numeric.cuts()).mapToDouble(numeric::cut)));
        members.put(
            "spikes",
            new JsonArray(
                IntStream.range(0, numeric.cuts())
                    .<JsonValue>mapToObj(i -> new JsonBoolean(numeric.isSpike(i)))
                    .toList()));
        members.put(
            "centres",
            numbers(IntStream.range(0, numeric.valueBins()).mapToDouble(numeric::centre)));
        NumericReference.Moments moments = numeric.moments();
        members.put("mean", new JsonNumber(moments.mean()));
        members.put("deviation", new JsonNumber(moments.deviation()));
        // Without values there is neither; JSON has no infinity.
        if (moments.min() <= moments.max()) {
          members.put("min", new JsonNumber(moments.min()));
          members.put("max", new JsonNumber(moments.max()));
        }
      }
      case CategoricalReference texts -> {
        members.put("type", new JsonString(CATEGORICAL));
        members.put(
            "values",
            new JsonArray(texts.values().stream().<JsonValue>map(JsonString::new).toList()));
      }
    }
    return CanonicalJson.write(new JsonObject(members));
  }

  /** Names the reference by its content. */
  public static ContentDigest digest(FeatureReference reference) {
    return ContentDigest.of(write(reference));
  }

  /**
   * @throws IllegalArgumentException if the bytes are not a reference
   */
  public static FeatureReference read(byte[] utf8) {
    JsonFields fields = JsonFields.of("reference", JsonReader.read(utf8));
    String feature = fields.string("feature");
    double[] counted = doubles(fields, "counts");
    long[] counts = new long[counted.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = (long) counted[i];
      if (counts[i] != counted[i]) {
        throw new IllegalArgumentException(
            "reference.counts: %s (expected: whole numbers)".formatted(counted[i]));
      }
    }
    BinCounts bins = new BinCounts(counts, 0, 0);
    return switch (fields.string("type")) {
      case NUMERIC -> numeric(fields, feature, bins);
      case CATEGORICAL -> new CategoricalReference(feature, fields.strings("values"), bins);
      case String type ->
          throw new IllegalArgumentException(
              "reference.type: %s (expected: %s or %s)".formatted(type, NUMERIC, CATEGORICAL));
    };
  }

  private static NumericReference numeric(JsonFields fields, String feature, BinCounts counts) {
    boolean[] spikes = new boolean[fields.elements("spikes").size()];
    for (int i = 0; i < spikes.length; i++) {
      if (!(fields.elements("spikes").get(i) instanceof JsonBoolean(boolean value))) {
        throw new IllegalArgumentException("reference.spikes (expected: true or false)");
      }
      spikes[i] = value;
    }
    boolean hasValues = fields.has("min");
    return new NumericReference(
        feature,
        doubles(fields, "cuts"),
        spikes,
        doubles(fields, "centres"),
        new NumericReference.Moments(
            fields.number("mean"),
            fields.number("deviation"),
            hasValues ? fields.number("min") : Double.POSITIVE_INFINITY,
            hasValues ? fields.number("max") : Double.NEGATIVE_INFINITY),
        counts);
  }

  private static JsonArray numbers(DoubleStream values) {
    return new JsonArray(values.<JsonValue>mapToObj(JsonNumber::new).toList());
  }

  private static double[] doubles(JsonFields fields, String name) {
    List<JsonValue> elements = fields.elements(name);
    double[] values = new double[elements.size()];
    for (int i = 0; i < values.length; i++) {
      if (!(elements.get(i) instanceof JsonNumber(double value))) {
        throw new IllegalArgumentException(
            "reference.%s (expected: an array of numbers)".formatted(name));
      }
      values[i] = value;
    }
    return values;
  }
}
