package dev.slipway.store.monitor;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.drift.cell.Cell;
import dev.slipway.core.drift.cell.CellJson;
import dev.slipway.core.drift.cell.CellKey;
import dev.slipway.core.model.ModelRef;
import dev.slipway.store.control.SqlSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** The SQL of cells, within one transaction. */
public final class CellTable {
  private static final String COLUMNS =
      "deployment, start_seconds, span_seconds, model, version, reference, epoch, source,"
          + " row_count, counts";

  private final SqlSession sql;

  public CellTable(SqlSession sql) {
    this.sql = sql;
  }

  /** Writes a cell in place of the one before, unless that has counted more already. */
  public void put(Cell cell) {
    CellKey key = cell.key();
    sql.update(
        """
        INSERT INTO prediction_cell (%s) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT
            (deployment, start_seconds, span_seconds, model, version, reference, epoch, source)
            DO UPDATE SET row_count = EXCLUDED.row_count, counts = EXCLUDED.counts
              WHERE prediction_cell.row_count < EXCLUDED.row_count\
        """
            .formatted(COLUMNS),
        key.deployment(),
        key.start().getEpochSecond(),
        (int) key.span().toSeconds(),
        key.version().model(),
        key.version().version(),
        key.reference().value(),
        key.epoch(),
        key.source(),
        cell.counts().rows(),
        CellJson.write(cell.counts()));
  }

  /**
   * Shows the cells of a version in a deployment that begin in a period, one after the other.
   *
   * @param from inclusive
   * @param to exclusive
   */
  public void each(
      String deployment,
      ModelRef version,
      ContentDigest reference,
      Instant from,
      Instant to,
      Consumer<Cell> cells) {
    sql.each(
        """
        SELECT %s FROM prediction_cell
          WHERE deployment = ? AND start_seconds >= ? AND start_seconds < ?
            AND model = ? AND version = ? AND reference = ?\
        """
            .formatted(COLUMNS),
        row -> cells.accept(cell(row)),
        deployment,
        from.getEpochSecond(),
        to.getEpochSecond(),
        version.model(),
        version.version(),
        reference.value());
  }

  /**
   * Shows the cells of a span that begin in a period, one after the other.
   *
   * @param from inclusive
   * @param to exclusive
   */
  public void eachOfSpan(Duration span, Instant from, Instant to, Consumer<Cell> cells) {
    sql.each(
        """
        SELECT %s FROM prediction_cell
          WHERE span_seconds = ? AND start_seconds >= ? AND start_seconds < ?\
        """
            .formatted(COLUMNS),
        row -> cells.accept(cell(row)),
        (int) span.toSeconds(),
        from.getEpochSecond(),
        to.getEpochSecond());
  }

  /** One cell. */
  public Optional<Cell> find(CellKey key) {
    return sql.first(
        """
        SELECT %s FROM prediction_cell
          WHERE deployment = ? AND start_seconds = ? AND span_seconds = ? AND model = ?
            AND version = ? AND reference = ? AND epoch = ? AND source = ?\
        """
            .formatted(COLUMNS),
        CellTable::cell,
        key.deployment(),
        key.start().getEpochSecond(),
        (int) key.span().toSeconds(),
        key.version().model(),
        key.version().version(),
        key.reference().value(),
        key.epoch(),
        key.source());
  }

  /** When the earliest cell of a span begins, among those before an instant. */
  public Optional<Instant> earliest(Duration span, Instant before) {
    return sql.first(
        """
        SELECT start_seconds FROM prediction_cell WHERE span_seconds = ? AND start_seconds < ?
          ORDER BY start_seconds LIMIT 1\
        """,
        row -> Instant.ofEpochSecond(row.getLong("start_seconds")),
        (int) span.toSeconds(),
        before.getEpochSecond());
  }

  /**
   * Forgets the cells of a span that began in a period.
   *
   * @param from inclusive
   * @param to exclusive
   * @return how many
   */
  public int delete(Duration span, Instant from, Instant to) {
    return sql.update(
        "DELETE FROM prediction_cell WHERE span_seconds = ? AND start_seconds >= ? AND"
            + " start_seconds < ?",
        (int) span.toSeconds(),
        from.getEpochSecond(),
        to.getEpochSecond());
  }

  private static Cell cell(ResultSet row) throws SQLException {
    return new Cell(
        new CellKey(
            row.getString("source"),
            row.getString("deployment"),
            new ModelRef(row.getString("model"), row.getInt("version")),
            new ContentDigest(row.getString("reference")),
            row.getLong("epoch"),
            Instant.ofEpochSecond(row.getLong("start_seconds")),
            Duration.ofSeconds(row.getLong("span_seconds"))),
        CellJson.readCounts(row.getBytes("counts")));
  }
}
