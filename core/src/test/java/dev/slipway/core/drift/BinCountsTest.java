package dev.slipway.core.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Counting apart and adding, in whatever order, is counting at once. */
class BinCountsTest {
  private static final int REPLICAS = 8;

  @Property(tries = 200)
  void addingIsAssociativeAndCommutative(
      @ForAll("counts") BinCounts a, @ForAll("counts") BinCounts b, @ForAll("counts") BinCounts c) {
    assertThat(a.plus(b)).isEqualTo(b.plus(a));
    assertThat(a.plus(b).plus(c)).isEqualTo(a.plus(b.plus(c)));
    assertThat(a.plus(BinCounts.none(a.bins()))).isEqualTo(a);
    assertThat(a.plus(b).total()).isEqualTo(a.total() + b.total());
  }

  @Property(tries = 100)
  void eightReplicasInAnyOrderGiveExactlyTheBatch(
      @ForAll("values") double[] reference, @ForAll("values") double[] current, @ForAll long seed) {
    NumericReference bins = NumericReference.of("f", reference, 3, BinRules.DEFAULT);
    NumericCounter batch = new NumericCounter(bins);
    List<NumericCounter> replicas = new ArrayList<>();
    for (int i = 0; i < REPLICAS; i++) {
      replicas.add(new NumericCounter(bins));
    }
    Random random = new Random(seed);
    for (double value : current) {
      batch.add(value);
      replicas.get(random.nextInt(REPLICAS)).add(value);
    }
    batch.addMissing(2);
    replicas.getFirst().addMissing(1);
    replicas.getLast().addMissing(1);
    List<BinCounts> cells = new ArrayList<>();
    replicas.forEach(replica -> cells.add(replica.counts()));
    Collections.shuffle(cells, random);

    BinCounts merged =
        cells.stream().reduce(BinCounts.none(batch.counts().bins()), BinCounts::plus);

    assertThat(merged).isEqualTo(batch.counts());
    assertThat(FeatureDrift.of(bins, merged)).isEqualTo(FeatureDrift.of(bins, batch.counts()));
  }

  /** What a bin says that it holds is what it counts. */
  @Property(tries = 200)
  void everyValueFallsIntoTheBinThatDescribesIt(
      @ForAll("values") double[] reference, @ForAll("values") double[] current) {
    NumericReference bins =
        NumericReference.of("f", reference, 0, BinRules.DEFAULT.withQuantileBins(5));
    for (double[] values : List.of(reference, current)) {
      for (double value : values) {
        List<Integer> fitting = new ArrayList<>();
        for (int bin = 0; bin < bins.bins().size(); bin++) {
          if (holds(bins.bins().get(bin), value)) {
            fitting.add(bin);
          }
        }
        assertThat(fitting)
            .as("bins of %s in %s", value, bins.bins())
            .containsExactly(bins.bin(value));
      }
    }
  }

  private static boolean holds(Bin bin, double value) {
    return switch (bin) {
      case Bin.Interval(double above, double upTo, boolean closed) ->
          Double.isFinite(value) && value > above && (value < upTo || (closed && value == upTo));
      case Bin.Spike(double spike) -> value == spike;
      case Bin.Category category -> false;
      case Bin.Rest rest -> rest == Bin.Rest.INVALID && !Double.isFinite(value);
    };
  }

  @Property(tries = 100)
  void aReferenceSurvivesItsJson(@ForAll("values") double[] reference) {
    NumericReference bins = NumericReference.of("fünf \"5\"", reference, 1, BinRules.DEFAULT);

    FeatureReference read = ReferenceJson.read(ReferenceJson.write(bins));

    assertThat(read.bins()).isEqualTo(bins.bins());
    assertThat(read.counts()).isEqualTo(bins.counts());
    assertThat(ReferenceJson.digest(read)).isEqualTo(ReferenceJson.digest(bins));
    assertThat(((NumericReference) read).moments()).isEqualTo(bins.moments());
  }

  @Property(tries = 100)
  void theOrderOfTheReferenceDataDoesNotMatter(
      @ForAll("values") double[] reference, @ForAll long seed) {
    List<Double> shuffled = new ArrayList<>(Arrays.stream(reference).boxed().toList());
    Collections.shuffle(shuffled, new Random(seed));
    double[] other = shuffled.stream().mapToDouble(Double::doubleValue).toArray();

    assertThat(ReferenceJson.digest(NumericReference.of("f", other, 0, BinRules.DEFAULT)))
        .isEqualTo(ReferenceJson.digest(NumericReference.of("f", reference, 0, BinRules.DEFAULT)));
  }

  @Provide
  Arbitrary<BinCounts> counts() {
    Arbitrary<Long> count = Arbitraries.longs().between(0, 1L << 40);
    return count
        .array(long[].class)
        .ofSize(9)
        .flatMap(counts -> count.map(out -> new BinCounts(counts, out, out / 2)));
  }

  /** Many equal ones, both zeros, what is no number, and what is large. */
  @Provide
  Arbitrary<double[]> values() {
    return Arbitraries.oneOf(
            Arbitraries.of(0.0, -0.0, 1.0, 1.0, -2.5),
            Arbitraries.integers().between(-20, 20).map(Integer::doubleValue),
            Arbitraries.doubles().between(-1e12, 1e12),
            Arbitraries.of(-Double.MAX_VALUE, Double.MAX_VALUE, Double.MIN_VALUE),
            Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY))
        .array(double[].class)
        .ofMinSize(1)
        .ofMaxSize(200);
  }
}
