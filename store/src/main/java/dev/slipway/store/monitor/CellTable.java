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
import java.util.List;
import java.util.Optional;

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

  public void delete(CellKey key) {
    sql.update(
        """
        DELETE FROM prediction_cell WHERE deployment = ? AND start_seconds = ? AND span_seconds = ?
          AND model = ? AND version = ? AND reference = ? AND epoch = ? AND source = ?\
        """,
        key.deployment(),
        key.start().getEpochSecond(),
        (int) key.span().toSeconds(),
        key.version().model(),
        key.version().version(),
        key.reference().value(),
        key.epoch(),
        key.source());
  }

  /**
   * The cells of a version in a deployment that begin in a period, the earliest first.
   *
   * @param from inclusive
   * @param to exclusive
   */
  public List<Cell> between(
      String deployment, ModelRef version, ContentDigest reference, Instant from, Instant to) {
    return sql.list(
        """
        SELECT %s FROM prediction_cell
          WHERE deployment = ? AND start_seconds >= ? AND start_seconds < ?
            AND model = ? AND version = ? AND reference = ?
          ORDER BY start_seconds\
        """
            .formatted(COLUMNS),
        CellTable::cell,
        deployment,
        from.getEpochSecond(),
        to.getEpochSecond(),
        version.model(),
        version.version(),
        reference.value());
  }

  /**
   * Cells of a span that begin in a period, the earliest first.
   *
   * @param from inclusive
   * @param to exclusive
   */
  public List<Cell> ofSpan(Duration span, Instant from, Instant to) {
    return sql.list(
        """
        SELECT %s FROM prediction_cell
          WHERE span_seconds = ? AND start_seconds >= ? AND start_seconds < ?
          ORDER BY start_seconds\
        """
            .formatted(COLUMNS),
        CellTable::cell,
        (int) span.toSeconds(),
        from.getEpochSecond(),
        to.getEpochSecond());
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
   * Forgets the cells of a span that began before an instant.
   *
   * @return how many
   */
  public int deleteBefore(Duration span, Instant before) {
    return sql.update(
        "DELETE FROM prediction_cell WHERE span_seconds = ? AND start_seconds < ?",
        (int) span.toSeconds(),
        before.getEpochSecond());
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
