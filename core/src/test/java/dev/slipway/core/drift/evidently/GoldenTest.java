package dev.slipway.core.drift.evidently;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.core.drift.BinCounts;
import dev.slipway.core.drift.BinRules;
import dev.slipway.core.drift.FeatureDrift;
import dev.slipway.core.drift.NumericCounter;
import dev.slipway.core.drift.NumericReference;
import dev.slipway.core.table.Column;
import dev.slipway.core.table.CsvReader;
import dev.slipway.core.table.CsvTable;
import dev.slipway.core.table.Table;
import dev.slipway.core.table.TableLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Numbers on public data that are not kept here: the Australian electricity prices (OpenML 151) and
 * the Taiwanese credit defaults (UCI 350), each in its first and second half. They are read from
 * the folder that SLIPWAY_DATA names, with elec2/elec.csv and
 * uci-credit-default/creditcard_default.csv.gz in it. The expected numbers were computed with NumPy
 * and SciPy by Evidently's formulas.
 */
class GoldenTest {
  private static final double TOLERANCE = 1e-6;

  @ParameterizedTest
  @CsvSource({
    "elec2, elec2/elec.csv, 7",
    "uci-credit-default, uci-credit-default/creditcard_default.csv.gz, 24"
  })
  void everyColumnHasEvidentlysNumbers(String data, String file, int columns) throws IOException {
    Table table = table(data(file));
    Table golden =
        table(Objects.requireNonNull(FeatureDrift.class.getResourceAsStream("golden.csv")));
    int compared = 0;
    double worst = 0;
    for (int row = 0; row < golden.rows(); row++) {
      if (!text(golden, "data", row).equals(data)) {
        continue;
      }
      String name = text(golden, "column", row);
      EvidentlyColumn column = column(table, name, (int) number(golden, "n_ref", row));
      SmirnovTest ks = column.smirnov();
      double[] found = {
        column.psi(),
        column.kullbackLeibler(),
        column.jensenShannon(),
        column.wasserstein(),
        ks.statistic(),
        ks.pValue()
      };
      String[] names = {"psi", "kl", "js", "wasserstein_norm", "ks_stat", "ks_p"};
      for (int i = 0; i < found.length; i++) {
        double expected = number(golden, names[i], row);
        assertThat(found[i]).as("%s of %s", names[i], name).isCloseTo(expected, within(TOLERANCE));
        worst = Math.max(worst, Math.abs(found[i] - expected));
      }
      compared++;
    }
    assertThat(compared).isEqualTo(columns);
    System.out.printf("%s: %d columns, greatest difference %.2g%n", data, compared, worst);
  }

  /** Bins of equal width see 0.012 there; the price was one single number for a year. */
  @Test
  void aPriceThatHadBeenConstantAlarmsThoughEqualWidthsAreBlind() throws IOException {
    Column.Numbers prices = (Column.Numbers) value(table(data("elec2/elec.csv")), "vicprice");
    double[] values = prices.values();
    int half = values.length / 2;
    NumericReference reference =
        NumericReference.of("vicprice", Arrays.copyOf(values, half), 0, BinRules.DEFAULT);
    NumericCounter counter = new NumericCounter(reference);
    Arrays.stream(values, half, values.length).forEach(counter::add);
    BinCounts current = counter.counts();

    FeatureDrift drift = FeatureDrift.of(reference, current);

    System.out.printf("vicprice: PSI %.4f over %d bins%n", drift.psi(), drift.bins());
    assertThat(drift.psi()).isGreaterThan(5);
    assertThat(column(table(data("elec2/elec.csv")), "vicprice", half).psi()).isLessThan(0.02);
  }

  private static InputStream data(String file) throws IOException {
    String folder =
        System.getProperty("slipway.data", System.getenv().getOrDefault("SLIPWAY_DATA", ""));
    assumeTrue(!folder.isEmpty(), "SLIPWAY_DATA names no folder with " + file);
    Path path = Path.of(folder, file);
    assumeTrue(Files.isRegularFile(path), file + " is not in the folder of SLIPWAY_DATA");
    InputStream in = Files.newInputStream(path);
    return file.endsWith(".gz") ? new GZIPInputStream(in) : in;
  }

  private static Table table(InputStream in) throws IOException {
    byte[] bytes = in.readAllBytes();
    in.close();
    return CsvTable.survey(csv(bytes), TableLimits.DEFAULT).read(csv(bytes));
  }

  private static CsvReader csv(byte[] bytes) {
    return new CsvReader(
        new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8));
  }

  private static EvidentlyColumn column(Table table, String name, int half) {
    double[] values = ((Column.Numbers) value(table, name)).values();
    return EvidentlyColumn.ofNumbers(
        Arrays.copyOf(values, half), Arrays.copyOfRange(values, half, 2 * half));
  }

  private static Column value(Table table, String name) {
    return table.column(name).orElseThrow();
  }

  private static String text(Table table, String name, int row) {
    return value(table, name).text(row);
  }

  private static double number(Table table, String name, int row) {
    return value(table, name).number(row);
  }
}
