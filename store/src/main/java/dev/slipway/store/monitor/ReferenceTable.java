package dev.slipway.store.monitor;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.drift.cell.CellJson;
import dev.slipway.core.drift.cell.FrozenReference;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelRef;
import dev.slipway.store.control.SqlSession;
import dev.slipway.store.control.StoredTime;
import java.time.Instant;
import java.util.Optional;

/** The SQL of the references of versions, within one transaction. */
public final class ReferenceTable {
  private final SqlSession sql;

  public ReferenceTable(SqlSession sql) {
    this.sql = sql;
  }

  /** A version's reference and when it was frozen. */
  public record Row(FrozenReference frozen, Instant createdAt) {}

  /**
   * @throws SlipwayException STORE_CORRUPT if it is not what its digest says
   */
  public Optional<Row> find(ModelRef ref) {
    return sql.first(
        "SELECT digest, document, created_micros FROM model_reference WHERE model = ? AND version"
            + " = ?",
        row -> {
          byte[] document = row.getBytes("document");
          ContentDigest digest = new ContentDigest(row.getString("digest"));
          if (!ContentDigest.of(document).equals(digest)) {
            throw new SlipwayException(
                ErrorCode.STORE_CORRUPT,
                "the reference of %s is not what its digest says".formatted(ref));
          }
          return new Row(
              new FrozenReference(digest, CellJson.readReference(document)),
              StoredTime.fromMicros(row.getLong("created_micros")));
        },
        ref.model(),
        ref.version());
  }

  /** Freezes the reference of a version that has none. */
  public void add(ModelRef ref, FrozenReference frozen, Instant now) {
    sql.update(
        "INSERT INTO model_reference (model, version, digest, document, created_micros) VALUES (?,"
            + " ?, ?, ?, ?)",
        ref.model(),
        ref.version(),
        frozen.digest().value(),
        CellJson.write(frozen.reference()),
        StoredTime.toMicros(now));
  }
}
