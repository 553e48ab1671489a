package dev.slipway.core.drift.batch;

import dev.slipway.core.table.Column;
import dev.slipway.core.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Columns that two tables both have, and those that only one has.
 *
 * @param pairs in the order of the reference
 */
public record ColumnPairs(
    List<Pair> pairs, List<String> onlyInReference, List<String> onlyInCurrent) {
  /**
   * One column on both sides.
   *
   * @param numeric whether it is taken as numbers; what is no number in it is invalid then
   */
  record Pair(String name, boolean numeric, Column reference, Column current) {}

  public ColumnPairs {
    pairs = List.copyOf(pairs);
    onlyInReference = List.copyOf(onlyInReference);
    onlyInCurrent = List.copyOf(onlyInCurrent);
  }

  /**
   * Pairs columns by name. A column is one of numbers if it is in the reference and is not said to
   * be categorical.
   *
   * @param chosen names to look at; all if empty
   * @param categorical names of columns to take as texts though they hold numbers
   * @throws IllegalArgumentException if a name is in neither table, or nothing is left to compare
   */
  public static ColumnPairs of(
      Table reference, Table current, Set<String> chosen, Set<String> categorical) {
    for (Set<String> names : List.of(chosen, categorical)) {
      for (String name : names) {
        if (reference.column(name).isEmpty() && current.column(name).isEmpty()) {
          throw new IllegalArgumentException(
              "no column '%s' (expected: one of %s)"
                  .formatted(
                      name, String.join(", ", reference.names().stream().limit(50).toList())));
        }
      }
    }
    List<Pair> pairs = new ArrayList<>();
    List<String> onlyInReference = new ArrayList<>();
    for (String name : wanted(reference, chosen)) {
      Column before = reference.column(name).orElseThrow();
      current
          .column(name)
          .ifPresentOrElse(
              now ->
                  pairs.add(
                      new Pair(
                          name,
                          before instanceof Column.Numbers && !categorical.contains(name),
                          before,
                          now)),
              () -> onlyInReference.add(name));
    }
    List<String> onlyInCurrent =
        wanted(current, chosen).stream().filter(name -> reference.column(name).isEmpty()).toList();
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException(
          "no column in common (expected: at least one of %s)"
              .formatted(String.join(", ", reference.names().stream().limit(50).toList())));
    }
    if (reference.rows() == 0 || current.rows() == 0) {
      throw new IllegalArgumentException(
          "%d reference rows and %d current ones (expected: at least one each)"
              .formatted(reference.rows(), current.rows()));
    }
    return new ColumnPairs(pairs, onlyInReference, onlyInCurrent);
  }

  private static List<String> wanted(Table table, Set<String> chosen) {
    return table.names().stream()
        .filter(name -> chosen.isEmpty() || chosen.contains(name))
        .toList();
  }
}
