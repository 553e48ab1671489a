package dev.slipway.store.control;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Evidence;
import dev.slipway.core.governance.PolicyRecord;
import dev.slipway.core.governance.Promotion;
import dev.slipway.core.governance.Promotion.BrokenGlass;
import dev.slipway.core.governance.PromotionJson;
import dev.slipway.core.governance.PromotionState;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ModelRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The SQL of promotions, evidence and policies. */
final class JdbcGovernance implements GovernanceWork {
  private final SqlSession sql;

  JdbcGovernance(SqlSession sql) {
    this.sql = sql;
  }

  @Override
  public Optional<Promotion> promotion(long id) {
    return sql.first("SELECT body FROM promotion WHERE id = ?", JdbcGovernance::readPromotion, id);
  }

  @Override
  public List<Promotion> promotions(Set<PromotionState> states, long before, int count) {
    List<@Nullable Object> parameters = new ArrayList<>();
    parameters.add(before);
    states.stream().map(PromotionState::name).sorted().forEach(parameters::add);
    parameters.add(count);
    String among =
        states.isEmpty()
            ? ""
            : " AND state IN (" + String.join(", ", states.stream().map(one -> "?").toList()) + ")";
    return sql.list(
        "SELECT body FROM promotion WHERE id < ?" + among + " ORDER BY id DESC LIMIT ?",
        JdbcGovernance::readPromotion,
        parameters.toArray());
  }

  @Override
  public List<Promotion> unreviewed() {
    return sql.list(
        "SELECT body FROM promotion WHERE review_by_micros IS NOT NULL ORDER BY review_by_micros,"
            + " id",
        JdbcGovernance::readPromotion);
  }

  @Override
  public List<Promotion> promotionsTo(String target) {
    return sql.list(
        "SELECT body FROM promotion WHERE target = ? ORDER BY id DESC",
        JdbcGovernance::readPromotion,
        target);
  }

  @Override
  public List<Promotion> promotionsOf(ArtifactDigest artifact, String target) {
    return sql.list(
        "SELECT body FROM promotion WHERE target = ? AND artifact = ? ORDER BY id DESC",
        JdbcGovernance::readPromotion,
        target,
        artifact.value());
  }

  @Override
  public List<Promotion> promotionsOfVersion(ModelRef ref) {
    return sql.list(
        "SELECT body FROM promotion WHERE model = ? AND version = ? ORDER BY id",
        JdbcGovernance::readPromotion,
        ref.model(),
        ref.version());
  }

  @Override
  public Optional<Long> approvalEntry(long promotion) {
    return sql.first(
        "SELECT entry FROM promotion_receipt WHERE promotion = ?",
        row -> row.getLong("entry"),
        promotion);
  }

  @Override
  public Optional<byte[]> receipt(long promotion) {
    return sql.first(
        "SELECT receipt FROM promotion_receipt WHERE promotion = ? AND receipt IS NOT NULL",
        row -> row.getBytes("receipt"),
        promotion);
  }

  @Override
  public Optional<byte[]> evidence(ContentDigest digest) {
    return sql.first(
        "SELECT body FROM evidence WHERE digest = ?", row -> row.getBytes("body"), digest.value());
  }

  @Override
  public Optional<String> registrant(ModelRef ref) {
    return sql.first(
        "SELECT account FROM version_registrant WHERE model = ? AND version = ?",
        row -> row.getString("account"),
        ref.model(),
        ref.version());
  }

  @Override
  public Optional<PolicyRecord> policy(long id) {
    return sql.first("SELECT * FROM policy WHERE id = ?", JdbcGovernance::readPolicy, id);
  }

  @Override
  public Optional<PolicyRecord> activePolicy() {
    return sql.first(
        "SELECT * FROM policy WHERE state = ? ORDER BY id DESC LIMIT 1",
        JdbcGovernance::readPolicy,
        PolicyRecord.State.ACTIVE.name());
  }

  @Override
  public List<PolicyRecord> policies(long before, int count) {
    return sql.list(
        "SELECT * FROM policy WHERE id < ? ORDER BY id DESC LIMIT ?",
        JdbcGovernance::readPolicy,
        before,
        count);
  }

  @Override
  public long nextPromotion() {
    return SequenceNumber.next(sql, "promotion");
  }

  @Override
  public void putPromotion(Promotion promotion) {
    byte[] body = PromotionJson.write(promotion);
    int changed =
        promotion.revision() == 1
            ? sql.update(
                """
                INSERT INTO promotion
                  (id, target, artifact, model, version, state, revision, body, review_by_micros)
                VALUES (?, ?, ?, ?, ?, ?, 1, ?, NULL) ON CONFLICT (id) DO NOTHING\
                """,
                promotion.id(),
                promotion.binding().target().label(),
                promotion.binding().artifact().value(),
                promotion.ref().model(),
                promotion.ref().version(),
                promotion.state().name(),
                body)
            : sql.update(
                """
                UPDATE promotion
                SET artifact = ?, state = ?, revision = ?, body = ?, review_by_micros = ?
                WHERE id = ? AND revision = ?\
                """,
                promotion.binding().artifact().value(),
                promotion.state().name(),
                promotion.revision(),
                body,
                reviewBy(promotion),
                promotion.id(),
                promotion.revision() - 1);
    if (changed != 1) {
      throw new SlipwayException(
          ErrorCode.CONFLICT,
          "promotion %d has changed meanwhile (expected: revision %d)"
              .formatted(promotion.id(), promotion.revision() - 1));
    }
  }

  private static @Nullable Long reviewBy(Promotion promotion) {
    BrokenGlass glass = promotion.brokenGlass();
    return glass == null || glass.reviewer() != null ? null : StoredTime.toMicros(glass.reviewBy());
  }

  @Override
  public void putApprovalEntry(long promotion, long entry) {
    sql.update(
        """
        INSERT INTO promotion_receipt (promotion, entry, receipt) VALUES (?, ?, NULL)
        ON CONFLICT (promotion) DO UPDATE SET entry = excluded.entry, receipt = NULL\
        """,
        promotion,
        entry);
  }

  @Override
  public void putReceipt(long promotion, byte[] receipt) {
    sql.update("UPDATE promotion_receipt SET receipt = ? WHERE promotion = ?", receipt, promotion);
  }

  @Override
  public void putEvidence(Evidence evidence) {
    sql.update(
        "INSERT INTO evidence (digest, body) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
        evidence.digest().value(),
        evidence.toBytes());
  }

  @Override
  public void putRegistrant(ModelRef ref, String account) {
    sql.update(
        """
        INSERT INTO version_registrant (model, version, account) VALUES (?, ?, ?)
        ON CONFLICT (model, version) DO NOTHING\
        """,
        ref.model(),
        ref.version(),
        account);
  }

  @Override
  public long nextPolicy() {
    return SequenceNumber.next(sql, "policy");
  }

  @Override
  public void putPolicy(PolicyRecord policy) {
    sql.update(
        """
        INSERT INTO policy (id, digest, state, body, proposer, reason, proposed_micros, decider,
          decided_micros) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, decider = excluded.decider,
          decided_micros = excluded.decided_micros\
        """,
        policy.id(),
        policy.digest().value(),
        policy.state().name(),
        policy.body(),
        policy.proposer(),
        policy.reason(),
        StoredTime.toMicros(policy.proposedAt()),
        policy.decider(),
        StoredTime.toMicros(policy.decidedAt()));
  }

  private static Promotion readPromotion(ResultSet row) throws SQLException {
    try {
      return PromotionJson.read(row.getBytes("body"));
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT, "a stored promotion cannot be read: " + e.getMessage(), e);
    }
  }

  private static PolicyRecord readPolicy(ResultSet row) throws SQLException {
    return new PolicyRecord(
        row.getLong("id"),
        new ContentDigest(row.getString("digest")),
        PolicyRecord.State.valueOf(row.getString("state")),
        row.getBytes("body"),
        row.getString("proposer"),
        row.getString("reason"),
        StoredTime.fromMicros(row.getLong("proposed_micros")),
        row.getString("decider"),
        StoredTime.fromMicros(row.getLong("decided_micros")));
  }
}
