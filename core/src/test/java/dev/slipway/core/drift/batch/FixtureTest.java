package dev.slipway.core.drift.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.core.audit.json.JsonFields;
import dev.slipway.core.audit.json.JsonReader;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.drift.BinRules;
import dev.slipway.core.drift.DataQuality;
import dev.slipway.core.drift.FeatureDrift;
import dev.slipway.core.drift.evidently.EvidentlyColumn;
import dev.slipway.core.table.CsvReader;
import dev.slipway.core.table.CsvTable;
import dev.slipway.core.table.Table;
import dev.slipway.core.table.TableLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A small pair of generated tables, with spikes, zeros, outliers, infinities, NaN, missing values
 * and texts, and the numbers that NumPy and SciPy give for them: {@code interop/drift/reference.py
 * fixture} wrote both. {@code interop/drift/run} compares larger ones.
 */
class FixtureTest {
  private static final double TOLERANCE = 1e-9;
  private static final int FEATURES = 14;

  private final ColumnPairs columns =
      ColumnPairs.of(
          table("fixture.reference.csv"), table("fixture.current.csv"), Set.of(), Set.of());

  @Test
  void ownNumbersAreThoseOfAnIndependentComputation() {
    Map<String, JsonFields> expected = expected("slipway");
    assertThat(expected).hasSize(FEATURES);
    for (BatchDrift.Feature feature : BatchDrift.of(columns, BinRules.DEFAULT, 0.1).features()) {
      String name = feature.reference().feature();
      JsonFields fields = Objects.requireNonNull(expected.remove(name), name);
      FeatureDrift drift = feature.drift();
      assertThat(drift.referenceRows()).isEqualTo(fields.whole("reference_rows"));
      assertThat(drift.currentRows()).isEqualTo(fields.whole("current_rows"));
      assertThat(drift.bins()).as(name).isEqualTo((int) fields.whole("bins"));
      near(name, drift.psi(), fields, "psi");
      near(name, drift.psiWithoutDrift(), fields, "psi_without_drift");
      near(name, drift.kullbackLeibler(), fields, "kl");
      near(name, drift.jensenShannon(), fields, "js");
      near(name, drift.jensenShannonBase2(), fields, "js_base2");
      near(name, drift.hellinger(), fields, "hellinger");
      near(name, drift.totalVariation(), fields, "total_variation");
      near(name, drift.chiSquare().statistic(), fields.fields("chi_square"), "statistic");
      near(name, drift.chiSquare().pValue(), fields.fields("chi_square"), "p_value");
      FeatureDrift.Ordered ordered = drift.ordered();
      assertThat(ordered != null).as(name).isEqualTo(fields.has("ks"));
      if (ordered != null) {
        near(name, ordered.kolmogorovSmirnov().statistic(), fields.fields("ks"), "statistic");
        near(name, ordered.kolmogorovSmirnov().pValue(), fields.fields("ks"), "p_value");
        if (fields.has("wasserstein")) {
          near(name, ordered.wasserstein(), fields, "wasserstein");
        } else {
          assertThat(ordered.wasserstein()).isNaN();
        }
      }
      near(name, feature.qualityBefore(), fields.fields("quality").fields("reference"));
      near(name, feature.qualityNow(), fields.fields("quality").fields("current"));
    }
    assertThat(expected).isEmpty();
  }

  @Test
  void evidentlysNumbersAreThoseOfAnIndependentComputation() {
    Map<String, JsonFields> expected = expected("evidently-compat");
    assertThat(expected).hasSize(FEATURES);
    for (EvidentlyBatch.Feature feature : EvidentlyBatch.of(columns, null).features()) {
      String name = feature.name();
      JsonFields fields = Objects.requireNonNull(expected.remove(name), name);
      EvidentlyColumn column = feature.column();
      assertThat(column.referenceRows()).isEqualTo(fields.whole("reference_rows"));
      assertThat(column.currentRows()).isEqualTo(fields.whole("current_rows"));
      assertThat(feature.test().label()).as(name).isEqualTo(fields.string("test"));
      near(name, feature.value(), fields, "value");
      near(name, column.psi(), fields, "psi");
      near(name, column.kullbackLeibler(), fields, "kl");
      near(name, column.jensenShannon(), fields, "js");
      if (column.isNumeric()) {
        near(name, column.wasserstein(), fields, "wasserstein");
        near(name, column.smirnov().statistic(), fields.fields("ks"), "statistic");
        near(name, column.smirnov().pValue(), fields.fields("ks"), "p_value");
      }
      assertThat(new JsonValue.JsonBoolean(feature.isDrift()))
          .as(name)
          .isEqualTo(fields.members().get("drift"));
    }
    assertThat(expected).isEmpty();
  }

  private static void near(String name, DataQuality quality, JsonFields expected) {
    near(name, quality.missing(), expected, "missing");
    near(name, quality.invalid(), expected, "invalid");
    near(name, quality.outOfRange(), expected, "out_of_range");
    if (expected.has("unseen")) {
      near(name, quality.unseen(), expected, "unseen");
    } else {
      assertThat(quality.unseen()).isNaN();
    }
  }

  private static void near(String name, double found, JsonFields expected, String field) {
    double value = expected.number(field);
    assertThat(found)
        .as("%s of %s", field, name)
        .isCloseTo(value, within(TOLERANCE * Math.max(1, Math.abs(value))));
  }

  private static Map<String, JsonFields> expected(String mode) {
    Map<String, JsonFields> expected = new HashMap<>();
    for (JsonValue value : ((JsonArray) JsonReader.read(bytes("fixture.json"))).elements()) {
      JsonFields fields = JsonFields.of("fixture", value);
      if (fields.has(mode)) {
        expected.put(fields.string("feature"), fields.fields(mode));
      }
    }
    return expected;
  }

  private static Table table(String file) {
    try {
      return CsvTable.survey(csv(file), TableLimits.DEFAULT).read(csv(file));
    } catch (IOException e) {
      throw new IllegalStateException(file, e);
    }
  }

  private static CsvReader csv(String file) {
    return new CsvReader(new InputStreamReader(open(file), StandardCharsets.UTF_8));
  }

  private static byte[] bytes(String file) {
    try (InputStream in = open(file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(file, e);
    }
  }

  private static InputStream open(String file) {
    return Objects.requireNonNull(FeatureDrift.class.getResourceAsStream(file), file);
  }
}
