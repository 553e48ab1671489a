package dev.slipway.core.search;

import dev.slipway.core.search.Clause.Operand;
import java.util.ArrayList;
import java.util.List;

/**
 * Clauses that must all hold.
 *
 * <pre>
 * filter     = clause { AND clause }
 * clause     = identifier comparison operand
 *            | identifier [ NOT ] IN ( text { , text } )
 *            | identifier IS [ NOT ] NULL
 * identifier = [ word . ] key           key: a bare word, `back-quoted` or "double-quoted"
 * comparison = = | != | < | <= | > | >= | LIKE | ILIKE
 * operand    = 'text' | "text" | number  a doubled quote within a text stands for itself
 * </pre>
 *
 * Keywords count in any case. A filter is at most {@value #CHARACTERS_MAX} characters long and has
 * at most {@value #CLAUSES_MAX} clauses.
 */
public record Filter(List<Clause> clauses) {
  /** Most characters (UTF-16 code units) of a filter. */
  public static final int CHARACTERS_MAX = 20_000;

  /** Most clauses, and most texts of one {@code IN}. */
  public static final int CLAUSES_MAX = 100;

  /** Most texts of one {@code IN}. */
  public static final int TEXTS_MAX = 1_000;

  /** Lets everything pass. */
  public static final Filter ALL = new Filter(List.of());

  public Filter {
    clauses = List.copyOf(clauses);
  }

  /**
   * Reads a filter; blank text lets everything pass.
   *
   * @throws dev.slipway.core.error.SlipwayException BAD_REQUEST, with the place, if it is not of
   *     the form above
   */
  public static Filter parse(String text) {
    if (text.isBlank()) {
      return ALL;
    }
    FilterScanner scanner = new FilterScanner("filter", text);
    scanner.requireAtMost(CHARACTERS_MAX);
    List<Clause> clauses = new ArrayList<>();
    do {
      if (clauses.size() == CLAUSES_MAX) {
        throw scanner.unexpected("at most %d clauses".formatted(CLAUSES_MAX));
      }
      clauses.add(clause(scanner));
    } while (scanner.word("AND"));
    if (!scanner.atEnd()) {
      throw scanner.unexpected("AND or the end");
    }
    return new Filter(clauses);
  }

  private static Clause clause(FilterScanner scanner) {
    FilterScanner.Identifier name = scanner.identifier();
    Comparison comparison = comparison(scanner);
    Operand operand =
        switch (comparison) {
          case IS_NULL, IS_NOT_NULL -> new Operand.Nothing();
          case IN, NOT_IN -> new Operand.Texts(scanner.texts(TEXTS_MAX));
          case LIKE, ILIKE -> new Operand.Text(scanner.text());
          case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
              scanner.textOrNumber();
        };
    return new Clause(name.entity(), name.key(), comparison, operand);
  }

  private static Comparison comparison(FilterScanner scanner) {
    if (scanner.word("LIKE")) {
      return Comparison.LIKE;
    }
    if (scanner.word("ILIKE")) {
      return Comparison.ILIKE;
    }
    if (scanner.word("IN")) {
      return Comparison.IN;
    }
    if (scanner.word("NOT")) {
      scanner.requireWord("IN");
      return Comparison.NOT_IN;
    }
    if (scanner.word("IS")) {
      boolean negated = scanner.word("NOT");
      scanner.requireWord("NULL");
      return negated ? Comparison.IS_NOT_NULL : Comparison.IS_NULL;
    }
    return scanner.symbol();
  }
}
