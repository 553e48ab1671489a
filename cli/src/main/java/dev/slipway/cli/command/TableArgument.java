package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.ExitCode;
import dev.slipway.core.table.Column;
import dev.slipway.core.table.Table;
import dev.slipway.core.table.TableLimits;
import dev.slipway.store.table.TableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A table that the caller named. */
final class TableArgument {
  private TableArgument() {}

  /**
   * Reads a CSV or Parquet file.
   *
   * @param what the action, to be read after "could not"
   * @throws CliFailure if it is not there or cannot be read
   */
  static Table read(Path folder, String name, String what, String next) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new CliFailure(ExitCode.NOT_FOUND, what, name + ": no such file", next);
    }
    try {
      return TableFile.read(file, TableLimits.DEFAULT).table();
    } catch (IOException | IllegalArgumentException e) {
      throw new CliFailure(
          ExitCode.ERROR,
          what,
          "%s: %s".formatted(name, e instanceof IOException ? e.toString() : e.getMessage()),
          next);
    }
  }

  /**
   * @param file its name, for the message
   * @throws CliFailure if there is no such column
   */
  static Column column(Table table, String file, String column, String what, String next) {
    return table
        .column(column)
        .orElseThrow(
            () ->
                new CliFailure(
                    ExitCode.USAGE,
                    what,
                    "%s: no column '%s' (expected: one of %s)"
                        .formatted(
                            file,
                            column,
                            String.join(", ", table.names().stream().limit(50).toList())),
                    next));
  }
}
