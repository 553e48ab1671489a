package dev.slipway.engine.trees.format;

import dev.slipway.core.error.SlipwayException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON-like value, with lists of numbers kept flat. */
sealed interface Document {
  /** Deepest nesting of a document; real models need 8. */
  int DEPTH_MOST = 32;

  /** Members that are read by nobody and can be as large as the trees themselves. */
  Set<String> SKIPPED = Set.of("loss_changes", "sum_hessian", "parents", "cats", "attributes");

  Truth YES = new Truth(true);

  Truth NO = new Truth(false);

  Nothing NULL = new Nothing();

  record Fields(Map<String, Document> members) implements Document {}

  record Items(List<Document> items) implements Document {}

  /** A list of numbers only; FP32 and integers up to 2^53 are exact. */
  record Numbers(double[] values) implements Document {}

  record Numeral(double value) implements Document {}

  record Text(String value) implements Document {}

  record Truth(boolean value) implements Document {}

  record Nothing() implements Document {}

  /** A place in a document, which knows its path for messages. */
  record Cursor(String path, Document value) {
    Cursor at(String member) {
      Cursor found = find(member);
      if (found == null) {
        throw Rejection.invalid("%s: no member '%s'", path, member);
      }
      return found;
    }

    @Nullable Cursor find(String member) {
      if (!(value instanceof Fields fields)) {
        throw wrong("an object");
      }
      Document found = fields.members().get(member);
      return found == null ? null : new Cursor(path + "." + member, found);
    }

    int size() {
      return switch (value) {
        case Items items -> items.items().size();
        case Numbers numbers -> numbers.values().length;
        case Fields f -> throw wrong("a list");
        case Numeral n -> throw wrong("a list");
        case Text t -> throw wrong("a list");
        case Truth t -> throw wrong("a list");
        case Nothing n -> throw wrong("a list");
      };
    }

    Cursor item(int index) {
      Document item =
          switch (value) {
            case Items items -> items.items().get(index);
            case Numbers numbers -> new Numeral(numbers.values()[index]);
            case Fields f -> throw wrong("a list");
            case Numeral n -> throw wrong("a list");
            case Text t -> throw wrong("a list");
            case Truth t -> throw wrong("a list");
            case Nothing n -> throw wrong("a list");
          };
      return new Cursor(path + "[" + index + "]", item);
    }

    String text() {
      if (value instanceof Text text) {
        return text.value();
      }
      throw wrong("a string");
    }

    /** A list of numbers, or of truth values as 0 and 1. */
    double[] numbers() {
      if (value instanceof Numbers numbers) {
        return numbers.values();
      }
      if (value instanceof Items items) {
        double[] values = new double[items.items().size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = item(i).number();
        }
        return values;
      }
      throw wrong("a list of numbers");
    }

    int[] integers() {
      double[] numbers = numbers();
      int[] integers = new int[numbers.length];
      for (int i = 0; i < numbers.length; i++) {
        integers[i] = (int) numbers[i];
        if (integers[i] != numbers[i]) {
          throw Rejection.invalid("%s[%d]: %s (expected: an integer)", path, i, numbers[i]);
        }
      }
      return integers;
    }

    /** A number, also where a string holds it. */
    double number() {
      return switch (value) {
        case Numeral number -> number.value();
        case Truth truth -> truth.value() ? 1 : 0;
        case Text text -> parse(text.value());
        case Fields f -> throw wrong("a number");
        case Items i -> throw wrong("a number");
        case Numbers n -> throw wrong("a number");
        case Nothing n -> throw wrong("a number");
      };
    }

    int integer(int least, int most) {
      double number = number();
      if (!(number >= least && number <= most) || number != (int) number) {
        throw Rejection.invalid(
            "%s: %s (expected: an integer in %d..%d)", path, number, least, most);
      }
      return (int) number;
    }

    private double parse(String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw Rejection.invalid("%s: '%s' (expected: a number)", path, Rejection.quote(text));
      }
    }

    private SlipwayException wrong(String expected) {
      return Rejection.invalid("%s: %s (expected: %s)", path, kind(), expected);
    }

    private String kind() {
      return switch (value) {
        case Fields f -> "an object";
        case Items i -> "a list";
        case Numbers n -> "a list of numbers";
        case Numeral n -> "a number";
        case Text t -> "a string";
        case Truth t -> "a truth value";
        case Nothing n -> "null";
      };
    }
  }
}
