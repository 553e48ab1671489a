package dev.slipway.platform.governance.gate;

import dev.slipway.core.table.Column;
import dev.slipway.core.table.Table;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * What is expected of one column; missing values are judged by their share alone.
 *
 * @param min least value; negative infinity means no bound
 * @param max greatest value; infinity means no bound
 * @param categories values allowed, a number compared by value; empty means any
 * @param missingShareMax in [0, 1]; empty means any
 * @param unique whether no value may come twice
 */
record ColumnExpectation(
    String name,
    Optional<Type> type,
    double min,
    double max,
    List<String> categories,
    OptionalDouble missingShareMax,
    boolean unique) {
  /** What values look like. */
  enum Type {
    NUMBER,
    WHOLE,
    BOOLEAN,
    TEXT
  }

  ColumnExpectation {
    categories = List.copyOf(categories);
  }

  static ColumnExpectation of(String name, GateParameters parameters) {
    Double share = parameters.optionalNumber("missing_share_max", 0, 1);
    ColumnExpectation expectation =
        new ColumnExpectation(
            name,
            parameters.optionalText("type").map(text -> type(parameters, text)),
            parameters.number("min", Double.NEGATIVE_INFINITY, -Double.MAX_VALUE, Double.MAX_VALUE),
            parameters.number("max", Double.POSITIVE_INFINITY, -Double.MAX_VALUE, Double.MAX_VALUE),
            parameters.optionalTexts("categories").orElse(List.of()),
            share == null ? OptionalDouble.empty() : OptionalDouble.of(share),
            parameters.flag("unique", false));
    parameters.requireNoOthers();
    if (expectation.min > expectation.max) {
      throw parameters.unexpected("min", "at most max");
    }
    return expectation;
  }

  private static Type type(GateParameters parameters, String text) {
    return Arrays.stream(Type.values())
        .filter(type -> type.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(() -> parameters.unexpected("type", "number, whole, boolean or text"));
  }

  /** Every expectation that was set; that the column is there is always one. */
  List<Expectation> check(String prefix, Table table) {
    String path = prefix + "." + name;
    Optional<Column> found = table.column(name);
    List<Expectation> results = new ArrayList<>();
    results.add(
        new Expectation(
            path + ".present", found.isPresent(), found.isPresent() ? "there" : "absent", "there"));
    if (found.isEmpty()) {
      return results;
    }
    Column column = found.get();
    type.ifPresent(
        wanted ->
            results.add(
                every(
                    path + ".type",
                    column,
                    row -> isOf(wanted, column, row),
                    wanted.name().toLowerCase(Locale.ROOT))));
    if (min != Double.NEGATIVE_INFINITY || max != Double.POSITIVE_INFINITY) {
      results.add(
          every(
              path + ".range",
              column,
              row -> column.number(row) >= min && column.number(row) <= max,
              "%s to %s".formatted(min, max)));
    }
    if (!categories.isEmpty()) {
      Set<String> allowed = new HashSet<>();
      categories.forEach(category -> allowed.add(byValue(category)));
      results.add(
          every(
              path + ".categories",
              column,
              row -> allowed.contains(byValue(column.text(row))),
              "one of " + String.join(", ", categories)));
    }
    missingShareMax.ifPresent(share -> results.add(missing(path, column, share)));
    if (unique) {
      Set<String> seen = new HashSet<>();
      results.add(
          every(path + ".unique", column, row -> seen.add(column.text(row)), "each value once"));
    }
    return results;
  }

  private static Expectation missing(String path, Column column, double share) {
    int missing = 0;
    for (int row = 0; row < column.rows(); row++) {
      missing += column.isMissing(row) ? 1 : 0;
    }
    return new Expectation(
        path + ".missing_share_max",
        missing <= share * column.rows(),
        "%d of %d missing".formatted(missing, column.rows()),
        "a share of at most " + share);
  }

  private static Expectation every(
      String name, Column column, IntPredicate holds, String expected) {
    int wrong = 0;
    int first = -1;
    for (int row = 0; row < column.rows(); row++) {
      if (!column.isMissing(row) && !holds.test(row)) {
        first = wrong++ == 0 ? row : first;
      }
    }
    return new Expectation(
        name,
        wrong == 0,
        wrong == 0
            ? "all"
            : "%d of %d not, first row %d: '%s'"
                .formatted(wrong, column.rows(), first + 1, shown(column.text(first))),
        expected);
  }

  private static String shown(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }

  private static boolean isOf(Type type, Column column, int row) {
    return switch (type) {
      case NUMBER -> !Double.isNaN(column.number(row));
      case WHOLE -> column.text(row).matches("[+-]?[0-9]+");
      case BOOLEAN ->
          switch (column.text(row).toLowerCase(Locale.ROOT)) {
            case "0", "1", "true", "false" -> true;
            default -> false;
          };
      case TEXT -> column instanceof Column.Texts;
    };
  }

  /** A number in one form, whatever it was written as. */
  private static String byValue(String text) {
    try {
      return new BigDecimal(text).stripTrailingZeros().toString();
    } catch (NumberFormatException e) {
      return text;
    }
  }
}
