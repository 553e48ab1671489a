package dev.slipway.core.search;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.search.Clause.Operand;
import java.util.ArrayList;
import java.util.List;

/** Reads a filter or an order from its beginning to its end. Not thread-safe. */
final class FilterScanner {
  private final String what;
  private final String text;
  private int at;

  /**
   * @param what the text's name in messages
   */
  FilterScanner(String what, String text) {
    this.what = what;
    this.text = text;
  }

  /** A key, and what stands before its dot; empty where there is none. */
  record Identifier(String entity, String key) {}

  void requireAtMost(int characters) {
    if (text.length() > characters) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%s: %d characters (expected: at most %d)".formatted(what, text.length(), characters));
    }
  }

  boolean atEnd() {
    skipBlanks();
    return at == text.length();
  }

  Identifier identifier() {
    String first = name();
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      return new Identifier(first, name());
    }
    // A bare key may itself have dots: of metrics.val.loss the key is val.loss.
    int dot = first.indexOf('.');
    return dot > 0
        ? new Identifier(first.substring(0, dot), first.substring(dot + 1))
        : new Identifier("", first);
  }

  private String name() {
    skipBlanks();
    if (at < text.length() && (text.charAt(at) == '`' || text.charAt(at) == '"')) {
      return quoted();
    }
    int start = at;
    while (at < text.length() && isWordPart(text.charAt(at)) && !dotBeforeQuote()) {
      at++;
    }
    if (at == start) {
      throw unexpected("a key");
    }
    return text.substring(start, at);
  }

  private boolean dotBeforeQuote() {
    return text.charAt(at) == '.'
        && at + 1 < text.length()
        && (text.charAt(at + 1) == '`' || text.charAt(at + 1) == '"');
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' || c == '/' || c == ':';
  }

  /** Reads a keyword if it is next. */
  boolean word(String keyword) {
    skipBlanks();
    int end = at + keyword.length();
    boolean next =
        text.regionMatches(true, at, keyword, 0, keyword.length())
            && (end == text.length() || !isWordPart(text.charAt(end)));
    if (next) {
      at = end;
    }
    return next;
  }

  void requireWord(String keyword) {
    if (!word(keyword)) {
      throw unexpected(keyword);
    }
  }

  Comparison symbol() {
    skipBlanks();
    // The longer ones first, since < begins <= too.
    for (Comparison comparison :
        List.of(
            Comparison.LESS_OR_EQUAL,
            Comparison.GREATER_OR_EQUAL,
            Comparison.NOT_EQUAL,
            Comparison.EQUAL,
            Comparison.LESS,
            Comparison.GREATER)) {
      if (text.startsWith(comparison.symbol(), at)) {
        at += comparison.symbol().length();
        return comparison;
      }
    }
    throw unexpected("=, !=, <, <=, >, >=, LIKE, ILIKE, IN or IS NULL");
  }

  Operand textOrNumber() {
    skipBlanks();
    if (at < text.length() && isQuote(text.charAt(at))) {
      return new Operand.Text(quoted());
    }
    int start = at;
    while (at < text.length() && isNumberPart(text.charAt(at))) {
      at++;
    }
    try {
      double number = Double.parseDouble(text.substring(start, at));
      if (Double.isFinite(number)) {
        return new Operand.Quantity(number);
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    at = start;
    throw unexpected("a number, or a text in quotes");
  }

  private static boolean isNumberPart(char c) {
    return (c >= '0' && c <= '9') || "+-.eE".indexOf(c) >= 0;
  }

  String text() {
    skipBlanks();
    if (at == text.length() || !isQuote(text.charAt(at))) {
      throw unexpected("a text in quotes");
    }
    return quoted();
  }

  private static boolean isQuote(char c) {
    return c == '\'' || c == '"';
  }

  List<String> texts(int countMax) {
    require('(');
    List<String> texts = new ArrayList<>();
    do {
      if (texts.size() == countMax) {
        throw unexpected("at most %d texts".formatted(countMax));
      }
      texts.add(text());
    } while (next(','));
    require(')');
    return texts;
  }

  private boolean next(char c) {
    skipBlanks();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void require(char c) {
    if (!next(c)) {
      throw unexpected("'%c'".formatted(c));
    }
  }

  /** Reads up to the quote that ends what the next character begins. */
  private String quoted() {
    char quote = text.charAt(at);
    StringBuilder content = new StringBuilder();
    int from = at + 1;
    while (true) {
      int end = text.indexOf(quote, from);
      if (end < 0) {
        throw unexpected("%c at the end of the text".formatted(quote));
      }
      content.append(text, from, end);
      at = end + 1;
      if (at == text.length() || text.charAt(at) != quote) {
        return content.toString();
      }
      content.append(quote);
      from = at + 1;
    }
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  SlipwayException unexpected(String expected) {
    int end = Math.min(text.length(), at + 20);
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "%s: %s at character %d (expected: %s)"
            .formatted(
                what,
                at == text.length() ? "ends" : "'" + text.substring(at, end) + "'",
                at + 1,
                expected));
  }
}
