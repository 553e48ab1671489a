package dev.slipway.platform.monitor;

import dev.slipway.core.drift.BinCounts;
import dev.slipway.core.drift.BinRules;
import dev.slipway.core.drift.CategoricalCounter;
import dev.slipway.core.drift.CategoricalReference;
import dev.slipway.core.drift.FeatureDrift;
import dev.slipway.core.drift.FeatureReference;
import dev.slipway.core.drift.NumericCounter;
import dev.slipway.core.drift.NumericReference;
import dev.slipway.core.drift.ReferenceWindows;
import dev.slipway.core.drift.cell.FieldPlace;
import dev.slipway.core.drift.cell.FieldReference;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.NumberElements;
import dev.slipway.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The values of one column in the order of the rows, as the model sees them. */
abstract sealed class ColumnSamples {
  /** Parts of the reference data, whose differences from the whole are what is usual. */
  private static final int WINDOWS_MAX = 20;

  private static final int WINDOW_ROWS_MIN = 50;

  int rows;

  private ColumnSamples() {}

  static ColumnSamples of(DataType datatype, int rows) {
    return datatype == DataType.BYTES ? new Texts(rows) : new Numbers(rows);
  }

  /** Adds the rows of a tensor to its columns. */
  static void addAll(List<ColumnSamples> columns, Tensor tensor) {
    ByteBuffer data = tensor.data();
    int at = 0;
    int end = tensor.byteLength();
    int column = 0;
    while (at < end) {
      at = columns.get(column).add(tensor.datatype(), data, at);
      column = column + 1 == columns.size() ? 0 : column + 1;
    }
  }

  /** Adds the element at a place; where the next one begins. */
  abstract int add(DataType datatype, ByteBuffer data, int at);

  /** The bins, and the counts of all rows. */
  abstract FeatureReference whole(String name);

  /** The counts of some rows. */
  abstract BinCounts counts(FeatureReference reference, int from, int to);

  final int rows() {
    return rows;
  }

  /** The whole, and how parts of it in the order of the rows differ from it. */
  final FieldReference reference(FieldPlace place, String name) {
    FeatureReference reference = whole(name);
    int parts = Math.clamp(rows / WINDOW_ROWS_MIN, 2, WINDOWS_MAX);
    List<ReferenceWindows.Window> windows = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      int from = (int) ((long) rows * part / parts);
      int to = (int) ((long) rows * (part + 1) / parts);
      windows.add(
          new ReferenceWindows.Window(
              FeatureDrift.of(reference, counts(reference, from, to)).psi(), to - from));
    }
    return new FieldReference(place, reference, new ReferenceWindows(rows, windows));
  }

  /** NaN is a missing number. */
  private static final class Numbers extends ColumnSamples {
    private final double[] values;

    Numbers(int rows) {
      values = new double[rows];
    }

    @Override
    int add(DataType datatype, ByteBuffer data, int at) {
      values[rows++] = NumberElements.at(datatype, data, at);
      return at + datatype.byteSize();
    }

    @Override
    FeatureReference whole(String name) {
      double[] given = Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
      return NumericReference.of(name, given, values.length - given.length, BinRules.DEFAULT);
    }

    @Override
    BinCounts counts(FeatureReference reference, int from, int to) {
      NumericCounter counter = new NumericCounter((NumericReference) reference);
      for (int row = from; row < to; row++) {
        if (Double.isNaN(values[row])) {
          counter.addMissing(1);
        } else {
          counter.add(values[row]);
        }
      }
      return counter.counts();
    }
  }

  /** An empty text is missing. */
  private static final class Texts extends ColumnSamples {
    private final int[] codes;
    private final List<String> texts = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();

    Texts(int rows) {
      codes = new int[rows];
    }

    @Override
    int add(DataType datatype, ByteBuffer data, int at) {
      byte[] utf8 = new byte[data.getInt(at)];
      data.get(at + Integer.BYTES, utf8);
      String text = new String(utf8, StandardCharsets.UTF_8);
      codes[rows++] =
          places.computeIfAbsent(
              text,
              added -> {
                texts.add(added);
                return texts.size() - 1;
              });
      return at + Integer.BYTES + utf8.length;
    }

    @Override
    FeatureReference whole(String name) {
      Map<String, Long> frequencies = new HashMap<>();
      for (int code : codes) {
        frequencies.merge(texts.get(code), 1L, Long::sum);
      }
      long missing = frequencies.getOrDefault("", 0L);
      frequencies.remove("");
      return CategoricalReference.of(name, frequencies, missing, BinRules.DEFAULT);
    }

    @Override
    BinCounts counts(FeatureReference reference, int from, int to) {
      CategoricalCounter counter = new CategoricalCounter((CategoricalReference) reference);
      for (int row = from; row < to; row++) {
        String text = texts.get(codes[row]);
        if (text.isEmpty()) {
          counter.addMissing(1);
        } else {
          counter.add(text);
        }
      }
      return counter.counts();
    }
  }
}
