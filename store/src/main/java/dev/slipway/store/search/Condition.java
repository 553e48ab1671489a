package dev.slipway.store.search;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.search.Clause;
import dev.slipway.core.search.Clause.Operand;
import dev.slipway.core.search.Comparison;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A piece of a WHERE clause. Only its parameters come from callers.
 *
 * @param sql with a {@code ?} for each parameter
 */
public record Condition(String sql, List<Object> parameters) {
  /** Characters of a value that its index holds. */
  private static final int INDEXED_CHARACTERS = 100;

  /** No backslash or other character that people write escapes anything in a pattern. */
  private static final String NO_ESCAPE = " ESCAPE '\u0001'";

  public Condition {
    parameters = List.copyOf(parameters);
  }

  /**
   * Compares a text column.
   *
   * @param column an SQL expression of ours
   * @throws SlipwayException BAD_REQUEST for a comparison or an operand that texts do not have
   */
  public static Condition text(String column, Clause clause) {
    return switch (clause.operand()) {
      case Operand.Text text -> textWith(column, clause, text.value());
      case Operand.Texts texts -> {
        String marks = String.join(", ", Collections.nCopies(texts.values().size(), "?"));
        String not = clause.comparison() == Comparison.NOT_IN ? " NOT" : "";
        yield new Condition(
            "%s%s IN (%s)".formatted(column, not, marks), List.copyOf(texts.values()));
      }
      case Operand.Quantity number -> throw expected(clause, "a text in quotes");
      case Operand.Nothing nothing ->
          new Condition(column + " " + clause.comparison().symbol(), List.of());
    };
  }

  private static Condition textWith(String column, Clause clause, String value) {
    return switch (clause.comparison()) {
      case EQUAL -> new Condition(column + " = ?", List.of(value));
      case NOT_EQUAL -> new Condition(column + " <> ?", List.of(value));
      case LIKE -> new Condition(column + " LIKE ?" + NO_ESCAPE, List.of(pattern(clause, value)));
      case ILIKE ->
          new Condition(
              "LOWER(" + column + ") LIKE LOWER(?)" + NO_ESCAPE, List.of(pattern(clause, value)));
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, IN, NOT_IN, IS_NULL, IS_NOT_NULL ->
          throw expected(clause, "=, !=, LIKE, ILIKE or IN");
    };
  }

  private static String pattern(Clause clause, String value) {
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw expected(clause, "a pattern without control characters");
    }
    return value;
  }

  /**
   * Compares a column of numbers.
   *
   * @throws SlipwayException BAD_REQUEST for a comparison or an operand that numbers do not have
   */
  public static Condition number(String column, Clause clause) {
    return switch (clause.comparison()) {
      case EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, NOT_EQUAL -> {
        String symbol =
            clause.comparison() == Comparison.NOT_EQUAL ? "<>" : clause.comparison().symbol();
        yield new Condition("%s %s ?".formatted(column, symbol), List.of(numberOf(clause)));
      }
      case LIKE, ILIKE, IN, NOT_IN, IS_NULL, IS_NOT_NULL ->
          throw expected(clause, "=, !=, <, <=, > or >=");
    };
  }

  private static Object numberOf(Clause clause) {
    return switch (clause.operand()) {
      case Operand.Quantity(double value)
          when value == Math.rint(value) && Math.abs(value) < 1e15 ->
          (Object) (long) value;
      case Operand.Quantity(double value) -> value;
      case Operand.Text text -> throw expected(clause, "a number");
      case Operand.Texts texts -> throw expected(clause, "a number");
      case Operand.Nothing nothing -> throw expected(clause, "a number");
    };
  }

  /**
   * Asks for a row of a table of names and values. Its value is indexed by its beginning.
   *
   * @param owner columns of ours that name the owner, such as {@code r.id}
   * @param select what the table says of the owner: {@code SELECT run_id FROM run_tag WHERE}
   */
  public static Condition named(String owner, String select, Clause clause) {
    List<Object> parameters = new ArrayList<>();
    parameters.add(clause.key());
    return switch (clause.comparison()) {
      case IS_NULL -> new Condition("%s NOT IN (%s name = ?)".formatted(owner, select), parameters);
      case IS_NOT_NULL -> new Condition("%s IN (%s name = ?)".formatted(owner, select), parameters);
      case EQUAL,
          NOT_EQUAL,
          LIKE,
          ILIKE,
          IN,
          NOT_IN,
          LESS,
          LESS_OR_EQUAL,
          GREATER,
          GREATER_OR_EQUAL -> {
        Condition value = text("value", clause);
        String indexed = "";
        if (clause.comparison() == Comparison.EQUAL
            && clause.operand() instanceof Operand.Text(String text)) {
          indexed = " AND SUBSTR(value, 1, %d) = ?".formatted(INDEXED_CHARACTERS);
          parameters.add(beginning(text));
        }
        parameters.addAll(value.parameters());
        yield new Condition(
            "%s IN (%s name = ?%s AND %s)".formatted(owner, select, indexed, value.sql()),
            parameters);
      }
    };
  }

  /** As SQL's SUBSTR, which counts characters, not halves of them. */
  private static String beginning(String text) {
    return text.codePointCount(0, text.length()) <= INDEXED_CHARACTERS
        ? text
        : text.substring(0, text.offsetByCodePoints(0, INDEXED_CHARACTERS));
  }

  /** The refusal of a clause. */
  public static SlipwayException expected(Clause clause, String expected) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "filter: %s %s (expected: %s)"
            .formatted(clause.identifier(), clause.comparison().symbol(), expected));
  }
}
