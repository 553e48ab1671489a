package dev.slipway.platform.governance.holdout;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.table.Column;
import dev.slipway.core.table.Table;
import dev.slipway.core.table.TableLimits;
import dev.slipway.store.table.TableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Rows with known outcomes that a version was not trained on.
 *
 * @param digest SHA-256 of the file's bytes
 */
public record Holdout(ContentDigest digest, Table table) {
  /**
   * Reads a CSV file in UTF-8 with a header, or a Parquet file; which of both it is, its first
   * bytes tell.
   *
   * @throws SlipwayException BAD_REQUEST if it is neither, or passes a limit
   */
  public static Holdout read(Path file, TableLimits limits) {
    try {
      TableFile read = TableFile.read(file, limits);
      return new Holdout(read.digest(), read.table());
    } catch (IOException | IllegalArgumentException e) {
      throw invalid(e instanceof IOException ? e.toString() : Objects.toString(e.getMessage()), e);
    }
  }

  /**
   * @throws SlipwayException BAD_REQUEST if there is no such column
   */
  public Column column(String name) {
    return table
        .column(name)
        .orElseThrow(
            () ->
                new SlipwayException(
                    ErrorCode.BAD_REQUEST,
                    "held-out rows: no column '%s' (expected: one of %s)"
                        .formatted(
                            name, String.join(", ", table.names().stream().limit(50).toList()))));
  }

  private static SlipwayException invalid(String message, Exception cause) {
    return new SlipwayException(ErrorCode.BAD_REQUEST, "held-out rows: " + message, cause);
  }
}
