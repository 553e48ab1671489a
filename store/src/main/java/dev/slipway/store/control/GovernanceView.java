package dev.slipway.store.control;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.governance.PolicyRecord;
import dev.slipway.core.governance.Promotion;
import dev.slipway.core.governance.PromotionState;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ModelRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The promotions, evidence and policies of one consistent state. */
public interface GovernanceView {
  Optional<Promotion> promotion(long id);

  /**
   * Promotions, the newest first.
   *
   * @param states only those; empty means all
   * @param before numbers smaller than this
   * @param count at most so many, {@code >= 1}
   */
  List<Promotion> promotions(Set<PromotionState> states, long before, int count);

  /**
   * The promotions to one place, the newest first.
   *
   * @param target its label
   */
  List<Promotion> promotionsTo(String target);

  /**
   * The promotions of an artifact to one place, the newest first.
   *
   * @param target its label
   */
  List<Promotion> promotionsOf(ArtifactDigest artifact, String target);

  /** Promotions whose glass was broken and that nobody has reviewed, the most urgent first. */
  List<Promotion> unreviewed();

  /** The promotions of a version, the oldest first. */
  List<Promotion> promotionsOfVersion(ModelRef ref);

  /** The number of the audit entry that approved a promotion. */
  Optional<Long> approvalEntry(long promotion);

  /** The receipt of the audit entry that approved a promotion; empty if it was not kept yet. */
  Optional<byte[]> receipt(long promotion);

  /** The bytes of a piece of evidence. */
  Optional<byte[]> evidence(ContentDigest digest);

  /** Account that registered a version; empty if it was not written down. */
  Optional<String> registrant(ModelRef ref);

  Optional<PolicyRecord> policy(long id);

  /** The policy in force; empty while the built-in one is. */
  Optional<PolicyRecord> activePolicy();

  /** Policies, the newest first, with numbers smaller than {@code before}. */
  List<PolicyRecord> policies(long before, int count);
}
