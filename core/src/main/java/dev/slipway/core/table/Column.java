package dev.slipway.core.table;

import java.util.BitSet;
import java.util.List;

/** The values of one column. Immutable by agreement: whoever reads the arrays leaves them alone. */
public sealed interface Column {
  /** Least magnitude from which a double no longer tells every whole number from the next. */
  double WHOLE_MAX = 9_007_199_254_740_992.0;

  int rows();

  /** Whether there is no value that can be used as one. */
  boolean isMissing(int row);

  /** Whether something was given that is no finite number, such as an infinity or {@code NaN}. */
  boolean isInvalidNumber(int row);

  /** The value as text: a whole number without a point; a missing value is empty. */
  String text(int row);

  /** The value as a number; NaN if it is missing or no number. */
  double number(int row);

  /**
   * Numbers that a double holds exactly as they were given, or as nearly as it can if they have a
   * fraction.
   *
   * @param values NaN is a missing one
   * @param given rows whose NaN was given as such, while others were left empty
   */
  record Numbers(double[] values, BitSet given) implements Column {
    /** Numbers of which no NaN was given as such. */
    public Numbers(double[] values) {
      this(values, new BitSet());
    }

    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public boolean isMissing(int row) {
      return Double.isNaN(values[row]);
    }

    @Override
    public boolean isInvalidNumber(int row) {
      return Double.isInfinite(values[row]) || given.get(row);
    }

    @Override
    public String text(int row) {
      double value = values[row];
      if (Double.isNaN(value)) {
        return "";
      }
      return value == Math.rint(value) && Math.abs(value) < WHOLE_MAX
          ? Long.toString((long) value)
          : Double.toString(value);
    }

    @Override
    public double number(int row) {
      return values[row];
    }
  }

  /**
   * Texts, each different one kept once.
   *
   * @param codes place in {@code values} for each row; negative is a missing one
   */
  record Texts(int[] codes, List<String> values) implements Column {
    public Texts {
      values = List.copyOf(values);
    }

    @Override
    public int rows() {
      return codes.length;
    }

    @Override
    public boolean isMissing(int row) {
      return codes[row] < 0;
    }

    @Override
    public boolean isInvalidNumber(int row) {
      return codes[row] >= 0 && !Double.isFinite(number(row));
    }

    @Override
    public String text(int row) {
      return codes[row] < 0 ? "" : values.get(codes[row]);
    }

    @Override
    public double number(int row) {
      return NumberText.parse(text(row));
    }
  }
}
