package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.ExitCode;
import dev.slipway.core.drift.batch.ColumnPairs;
import dev.slipway.core.table.Table;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The two files that monitoring compares, and which of their columns. */
final class TwoTables {
  @Parameters(
      index = "0",
      paramLabel = "REFERENCE",
      description = "rows as they should be, such as the training data: CSV or Parquet")
  private String reference = "";

  @Parameters(index = "1", paramLabel = "CURRENT", description = "rows of today: CSV or Parquet")
  private String current = "";

  @Option(
      names = "--columns",
      paramLabel = "NAME",
      split = ",",
      description = "only these columns; again, or with commas, for further ones")
  private List<String> columns = List.of();

  @Option(
      names = "--categorical",
      paramLabel = "NAME",
      split = ",",
      description = "columns of numbers that are names, such as a merchant's")
  private List<String> categorical = List.of();

  String reference() {
    return reference;
  }

  String current() {
    return current;
  }

  /**
   * Reads both files and pairs their columns.
   *
   * @param what the action, to be read after "could not"
   * @throws CliFailure if a file is not there or cannot be read, or a column is in neither
   */
  ColumnPairs read(Path folder, String what, String next) {
    Table before = TableArgument.read(folder, reference, what, next);
    Table now = TableArgument.read(folder, current, what, next);
    try {
      return ColumnPairs.of(
          before, now, new LinkedHashSet<>(columns), new LinkedHashSet<>(categorical));
    } catch (IllegalArgumentException e) {
      throw new CliFailure(ExitCode.USAGE, what, String.valueOf(e.getMessage()), next);
    }
  }
}
