package dev.slipway.core.drift;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Frozen bins of texts: the most frequent ones, each with its own, and {@link Bin.Rest#OTHER} for
 * all others. Where every text of the reference has its own bin, OTHER holds exactly those that the
 * reference has never seen.
 */
public final class CategoricalReference implements FeatureReference {
  private final String feature;
  private final List<String> values;
  private final Map<String, Integer> places;
  private final BinCounts counts;

  /**
   * @param values with a bin of their own, in the order of the bins
   * @throws IllegalArgumentException if one comes twice, or there are not three counts more
   */
  CategoricalReference(String feature, List<String> values, BinCounts counts) {
    this.feature = feature;
    this.values = List.copyOf(values);
    this.counts = counts;
    this.places = new HashMap<>();
    for (String value : values) {
      places.put(value, places.size());
    }
    if (places.size() != values.size() || counts.bins() != values.size() + 3) {
      throw new IllegalArgumentException(
          "%d different values of %d, %d counts (expected: each once, and three counts more)"
              .formatted(places.size(), values.size(), counts.bins()));
    }
  }

  /**
   * Chooses the bins and counts the reference data.
   *
   * @param frequencies how often each text was given, each {@code >= 1}
   * @param missing values that were not given, {@code >= 0}
   */
  public static CategoricalReference of(
      String feature, Map<String, Long> frequencies, long missing, BinRules rules) {
    List<String> top =
        frequencies.entrySet().stream()
            .sorted(
                Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(rules.categories())
            .map(Map.Entry::getKey)
            .toList();
    CategoricalReference empty =
        new CategoricalReference(feature, top, BinCounts.none(top.size() + 3));
    CategoricalCounter counter = new CategoricalCounter(empty);
    frequencies.forEach(counter::add);
    counter.addMissing(missing);
    return new CategoricalReference(feature, top, counter.counts());
  }

  /** Place of the bin that a text falls into. */
  int bin(String value) {
    @Nullable Integer place = places.get(value);
    return place == null ? values.size() : place;
  }

  @Override
  public String feature() {
    return feature;
  }

  @Override
  public List<Bin> bins() {
    List<Bin> bins = new ArrayList<>();
    values.forEach(value -> bins.add(new Bin.Category(value)));
    bins.addAll(List.of(Bin.Rest.values()));
    return List.copyOf(bins);
  }

  @Override
  public BinCounts counts() {
    return counts;
  }

  List<String> values() {
    return values;
  }

  int otherBin() {
    return values.size();
  }

  /** Whether OTHER holds unseen texts only. */
  public boolean isComplete() {
    return counts.count(otherBin()) == 0;
  }
}
