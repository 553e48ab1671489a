package dev.slipway.store.control;

import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.RegisteredModel;
import dev.slipway.core.model.VersionCard;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The SQL of the control plane, the same for every dialect, inside somebody's transaction. */
final class JdbcUnitOfWork implements UnitOfWork {
  private final SqlSession sql;
  private final JdbcGovernance governance;

  JdbcUnitOfWork(SqlSession sql) {
    this.sql = sql;
    this.governance = new JdbcGovernance(sql);
  }

  @Override
  public GovernanceWork governance() {
    return governance;
  }

  @Override
  public Optional<RegisteredModel> model(String name) {
    return sql.first(
        "SELECT * FROM registered_model WHERE name = ? AND deleted = 0",
        JdbcUnitOfWork::readModel,
        name);
  }

  @Override
  public List<RegisteredModel> models(String after, int count) {
    return sql.list(
        "SELECT * FROM registered_model WHERE name > ? AND deleted = 0 ORDER BY name LIMIT ?",
        JdbcUnitOfWork::readModel,
        after,
        count);
  }

  @Override
  public Optional<ModelVersion> version(ModelRef ref) {
    return sql.first(
        "SELECT * FROM model_version WHERE model = ? AND version = ?",
        JdbcUnitOfWork::readVersion,
        ref.model(),
        ref.version());
  }

  @Override
  public Optional<ModelVersion> latestVersion(String model) {
    return sql.first(
        "SELECT * FROM model_version WHERE model = ? ORDER BY version DESC LIMIT 1",
        JdbcUnitOfWork::readVersion,
        model);
  }

  @Override
  public List<ModelVersion> versions(String model) {
    return sql.list(
        "SELECT * FROM model_version WHERE model = ? ORDER BY version DESC",
        JdbcUnitOfWork::readVersion,
        model);
  }

  @Override
  public Set<ArtifactDigest> artifacts() {
    return Set.copyOf(
        sql.list(
            """
            SELECT digest FROM model_version
            UNION SELECT digest FROM version_card WHERE digest <> ''\
            """,
            row -> new ArtifactDigest(row.getString("digest"))));
  }

  @Override
  public Optional<Deployment> deployment(String name) {
    return sql.first(
        "SELECT * FROM deployment WHERE name = ?",
        row -> readDeployment(row, row.getString("name")),
        name);
  }

  @Override
  public List<Deployment> deployments(String after, int count) {
    return sql.list(
        "SELECT * FROM deployment WHERE name > ? ORDER BY name LIMIT ?",
        row -> readDeployment(row, row.getString("name")),
        after,
        count);
  }

  @Override
  public List<DeploymentChange> history(String deployment) {
    return sql.list(
        "SELECT * FROM deployment_history WHERE deployment = ? ORDER BY revision DESC",
        JdbcUnitOfWork::readChange,
        deployment);
  }

  @Override
  public List<DeploymentChange> servedBy(ModelRef ref) {
    return sql.list(
        """
        SELECT * FROM deployment_history WHERE model = ? AND current_version = ?
        ORDER BY changed_micros, deployment, revision\
        """,
        JdbcUnitOfWork::readChange,
        ref.model(),
        ref.version());
  }

  private static DeploymentChange readChange(ResultSet row) throws SQLException {
    return new DeploymentChange(
        readDeployment(row, row.getString("deployment")),
        DeploymentChange.Kind.valueOf(row.getString("kind")),
        row.getLong("epoch"),
        row.getObject("audit_index") == null ? null : row.getLong("audit_index"),
        row.getObject("promotion") == null ? null : row.getLong("promotion"));
  }

  @Override
  public Optional<ContentDigest> versionState(ModelRef ref) {
    return sql.first(
        "SELECT * FROM model_version WHERE model = ? AND version = ?",
        StoredState::ofVersion,
        ref.model(),
        ref.version());
  }

  @Override
  public long auditSize() {
    return SequenceNumber.last(sql, "audit");
  }

  @Override
  public List<byte[]> auditLeaves(long from, long to) {
    List<byte[]> leaves =
        sql.list(
            "SELECT leaf FROM audit_leaf WHERE entry >= ? AND entry < ? ORDER BY entry",
            row -> row.getBytes("leaf"),
            from,
            to);
    if (leaves.size() != to - from) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT,
          "of the audit entries %d to %d only %d are in the database"
              .formatted(from, to - 1, leaves.size()));
    }
    return leaves;
  }

  @Override
  public IdentityWork identity() {
    return new JdbcIdentities(sql);
  }

  @Override
  public long epoch() {
    return SequenceNumber.last(sql, "epoch");
  }

  @Override
  public Optional<String> obstacle(ModelRef ref) {
    return sql.first(
            "SELECT obstacle FROM version_card WHERE model = ? AND version = ?",
            row -> row.getString("obstacle"),
            ref.model(),
            ref.version())
        .filter(obstacle -> !obstacle.isEmpty());
  }

  @Override
  public SqlSession sql() {
    return sql;
  }

  @Override
  public ModelVersion addVersion(VersionDraft draft) {
    ModelVersion version = draft.numbered(nextVersion(draft.model(), draft.registeredAt()));
    putVersion(version);
    putCard(VersionCard.of(version));
    return version;
  }

  @Override
  public int nextVersion(String model, Instant now) {
    // The row of the model is written first, so that two of these exclude each other in every
    // dialect and numbers have no gaps.
    long micros = StoredTime.toMicros(now);
    sql.update(
        """
        INSERT INTO registered_model (name, latest_version, created_micros, updated_micros)
        VALUES (?, 1, ?, ?)
        ON CONFLICT (name) DO UPDATE SET latest_version = registered_model.latest_version + 1,
          updated_micros = excluded.updated_micros, deleted = 0\
        """,
        model,
        micros,
        micros);
    return model(model).orElseThrow().latestVersion();
  }

  @Override
  public void putVersion(ModelVersion version) {
    sql.update(
        """
        INSERT INTO model_version (model, version, digest, format, primary_file, signature,
          settings, description, example_request, size_bytes, registered_micros)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """,
        version.ref().model(),
        version.ref().version(),
        version.digest().value(),
        version.format().name(),
        version.primaryFile(),
        ModelJson.write(version.signature()).toString(),
        ModelJson.write(version.settings()).toString(),
        version.description(),
        version.exampleRequest(),
        version.sizeBytes(),
        StoredTime.toMicros(version.registeredAt()));
  }

  @Override
  public void putCard(VersionCard card) {
    sql.update(
        """
        INSERT INTO version_card (model, version, source, run_id, run_link, logged_model_id, stage,
          description, digest, obstacle, created_micros, updated_micros)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """,
        card.ref().model(),
        card.ref().version(),
        card.source(),
        card.runId(),
        card.runLink(),
        card.loggedModelId(),
        card.stage(),
        card.description(),
        card.digest(),
        card.obstacle(),
        StoredTime.toMicros(card.createdAt()),
        StoredTime.toMicros(card.updatedAt()));
  }

  @Override
  public void putDeployment(DeploymentChange change) {
    Deployment after = change.after();
    if (version(after.currentRef()).isEmpty()) {
      throw new SlipwayException(
          ErrorCode.NOT_FOUND, "model version %s is not registered".formatted(after.currentRef()));
    }
    int changed =
        after.revision() == 1
            ? sql.update(
                """
                INSERT INTO deployment (name, environment, model, current_version,
                  previous_version, revision, changed_micros)
                VALUES (?, ?, ?, ?, ?, 1, ?) ON CONFLICT (name) DO NOTHING\
                """,
                after.name(),
                after.environment().name(),
                after.model(),
                after.current(),
                after.previous(),
                StoredTime.toMicros(after.changedAt()))
            : sql.update(
                """
                UPDATE deployment SET model = ?, current_version = ?, previous_version = ?,
                  revision = ?, changed_micros = ?
                WHERE name = ? AND revision = ?\
                """,
                after.model(),
                after.current(),
                after.previous(),
                after.revision(),
                StoredTime.toMicros(after.changedAt()),
                after.name(),
                after.revision() - 1);
    if (changed != 1) {
      throw new SlipwayException(
          ErrorCode.CONFLICT,
          "deployment %s has changed meanwhile (expected: revision %d)"
              .formatted(after.name(), after.revision() - 1));
    }
    sql.update(
        """
        INSERT INTO deployment_history (deployment, environment, revision, kind, model,
          current_version, previous_version, epoch, changed_micros, audit_index, promotion)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """,
        after.name(),
        after.environment().name(),
        after.revision(),
        change.kind().name(),
        after.model(),
        after.current(),
        after.previous(),
        change.epoch(),
        StoredTime.toMicros(after.changedAt()),
        change.auditIndex(),
        change.promotion());
  }

  @Override
  public long append(AuditEntry entry) {
    long index = SequenceNumber.next(sql, "audit") - 1;
    sql.update("INSERT INTO audit_leaf (entry, leaf) VALUES (?, ?)", index, entry.toBytes());
    return index;
  }

  @Override
  public long nextEpoch() {
    return SequenceNumber.next(sql, "epoch");
  }

  private static RegisteredModel readModel(ResultSet row) throws SQLException {
    return new RegisteredModel(
        row.getString("name"),
        row.getInt("latest_version"),
        StoredTime.fromMicros(row.getLong("created_micros")));
  }

  private static ModelVersion readVersion(ResultSet row) throws SQLException {
    return new ModelVersion(
        new ModelRef(row.getString("model"), row.getInt("version")),
        new ArtifactDigest(row.getString("digest")),
        ArtifactFormat.valueOf(row.getString("format")),
        row.getString("primary_file"),
        ModelJson.readSignature(row.getString("signature")),
        ModelJson.readSettings(row.getString("settings")),
        row.getString("description"),
        row.getString("example_request"),
        row.getLong("size_bytes"),
        StoredTime.fromMicros(row.getLong("registered_micros")));
  }

  private static Deployment readDeployment(ResultSet row, String name) throws SQLException {
    return new Deployment(
        name,
        new Environment(row.getString("environment")),
        row.getString("model"),
        row.getInt("current_version"),
        row.getInt("previous_version"),
        row.getLong("revision"),
        StoredTime.fromMicros(row.getLong("changed_micros")));
  }
}
