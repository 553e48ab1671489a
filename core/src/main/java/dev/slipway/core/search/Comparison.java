package dev.slipway.core.search;

/** How a clause compares. */
public enum Comparison {
  EQUAL("="),
  NOT_EQUAL("!="),
  LESS("<"),
  LESS_OR_EQUAL("<="),
  GREATER(">"),
  GREATER_OR_EQUAL(">="),
  /** A pattern with {@code %} for any text and {@code _} for any character; case counts. */
  LIKE("LIKE"),
  /** As {@link #LIKE}, and case does not count. */
  ILIKE("ILIKE"),
  IN("IN"),
  NOT_IN("NOT IN"),
  IS_NULL("IS NULL"),
  IS_NOT_NULL("IS NOT NULL");

  private final String symbol;

  Comparison(String symbol) {
    this.symbol = symbol;
  }

  /** As it is written in a filter. */
  public String symbol() {
    return symbol;
  }
}
