package dev.slipway.store.table;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.Validity;
import dev.hardwood.schema.ColumnSchema;
import dev.slipway.core.table.Column;
import dev.slipway.core.table.Table;
import dev.slipway.core.table.TableLimits;
import dev.slipway.core.table.TextsBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A table from a Parquet file: its flat columns of numbers, Booleans (as 0 and 1) and texts. What
 * else it holds, such as lists, dates and decimals, is left out.
 */
final class ParquetTable {
  /** Held, since a logger that nobody holds forgets its level. */
  private static final Logger READER = Logger.getLogger("dev.hardwood");

  static {
    // At INFO it tells which instructions the processor has, in the midst of a command's output.
    READER.setLevel(Level.WARNING);
  }

  private ParquetTable() {}

  /**
   * @throws IllegalArgumentException if it is damaged, uses what is not read here, or passes a
   *     limit
   */
  static Table read(Path file, TableLimits limits) throws IOException {
    // The reader reports what it does not understand by unchecked exceptions of many types.
    try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file))) {
      long rows = reader.getFileMetaData().numRows();
      List<ColumnSchema> schema = reader.getFileSchema().getColumns();
      limits.require(rows, schema.size());
      LinkedHashMap<String, Column> columns = new LinkedHashMap<>();
      for (ColumnSchema column : schema) {
        if (isRead(column)) {
          try (ColumnReader values = reader.columnReader(column.columnIndex())) {
            columns.put(column.name(), column(column, values, (int) rows));
          }
        }
      }
      return new Table(columns);
    } catch (IOException | IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalArgumentException("Parquet: " + e, e);
    }
  }

  private static boolean isRead(ColumnSchema column) {
    LogicalType logical = column.logicalType();
    return column.maxRepetitionLevel() == 0
        && column.fieldPath().elements().size() == 1
        && switch (column.type()) {
          case BOOLEAN, FLOAT, DOUBLE -> true;
          case INT32, INT64 -> logical == null || isSigned(logical);
          case BYTE_ARRAY ->
              logical instanceof LogicalType.StringType || logical instanceof LogicalType.EnumType;
          case INT96, FIXED_LEN_BYTE_ARRAY -> false;
        };
  }

  private static boolean isSigned(LogicalType type) {
    return type instanceof LogicalType.IntType integer && integer.isSigned();
  }

  private static Column column(ColumnSchema schema, ColumnReader reader, int rows) {
    if (schema.type() == PhysicalType.BYTE_ARRAY) {
      return texts(reader, rows);
    }
    return schema.type() == PhysicalType.INT64 ? wholes(reader, rows) : numbers(reader, rows);
  }

  private static Column numbers(ColumnReader reader, int rows) {
    double[] values = new double[rows];
    BitSet givenNans = new BitSet();
    int row = 0;
    while (reader.nextBatch()) {
      int count = count(reader, row, rows);
      Validity validity = reader.getLeafValidity();
      PhysicalType type = reader.getColumnSchema().type();
      double[] batch =
          switch (type) {
            case DOUBLE -> reader.getDoubles();
            case FLOAT -> widened(reader.getFloats(), count);
            case INT32 -> widened(reader.getInts(), count);
            case BOOLEAN -> widened(reader.getBooleans(), count);
            case INT64, INT96, BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY ->
                throw new IllegalStateException(type + " is not read as numbers");
          };
      for (int i = 0; i < count; i++) {
        boolean isNull = validity.isNull(i);
        if (!isNull && Double.isNaN(batch[i])) {
          givenNans.set(row);
        }
        values[row++] = isNull ? Double.NaN : batch[i];
      }
    }
    requireAll(row, rows);
    return new Column.Numbers(values, givenNans);
  }

  /** Long numbers stay exact: where one does not fit a double, the column is kept as text. */
  private static Column wholes(ColumnReader reader, int rows) {
    long[] values = new long[rows];
    boolean[] missing = new boolean[rows];
    boolean exact = true;
    int row = 0;
    while (reader.nextBatch()) {
      int count = count(reader, row, rows);
      Validity validity = reader.getLeafValidity();
      long[] batch = reader.getLongs();
      for (int i = 0; i < count; i++, row++) {
        missing[row] = validity.isNull(i);
        values[row] = missing[row] ? 0 : batch[i];
        exact &= Math.abs((double) values[row]) < Column.WHOLE_MAX;
      }
    }
    requireAll(row, rows);
    if (exact) {
      double[] numbers = new double[rows];
      for (int i = 0; i < rows; i++) {
        numbers[i] = missing[i] ? Double.NaN : values[i];
      }
      return new Column.Numbers(numbers);
    }
    TextsBuilder texts = new TextsBuilder(rows);
    for (int i = 0; i < rows; i++) {
      texts.add(missing[i] ? null : Long.toString(values[i]));
    }
    return texts.build();
  }

  private static Column texts(ColumnReader reader, int rows) {
    TextsBuilder texts = new TextsBuilder(rows);
    int row = 0;
    while (reader.nextBatch()) {
      int count = count(reader, row, rows);
      Validity validity = reader.getLeafValidity();
      @Nullable String[] batch = reader.getStrings();
      for (int i = 0; i < count; i++) {
        texts.add(validity.isNull(i) ? null : batch[i]);
      }
      row += count;
    }
    requireAll(row, rows);
    return texts.build();
  }

  private static int count(ColumnReader reader, int row, int rows) {
    int count = reader.getRecordCount();
    if (count > rows - row) {
      throw new IllegalArgumentException(
          "Parquet: more values than the %d rows that the file says it has".formatted(rows));
    }
    return count;
  }

  private static void requireAll(int read, int rows) {
    if (read != rows) {
      throw new IllegalArgumentException(
          "Parquet: %d values (expected: %d, as the file says)".formatted(read, rows));
    }
  }

  private static double[] widened(float[] values, int count) {
    double[] wide = new double[count];
    for (int i = 0; i < count; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private static double[] widened(int[] values, int count) {
    double[] wide = new double[count];
    for (int i = 0; i < count; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private static double[] widened(boolean[] values, int count) {
    double[] wide = new double[count];
    for (int i = 0; i < count; i++) {
      wide[i] = values[i] ? 1 : 0;
    }
    return wide;
  }
}
