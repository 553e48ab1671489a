package dev.slipway.store.control;

import dev.slipway.core.governance.Evidence;
import dev.slipway.core.governance.PolicyRecord;
import dev.slipway.core.governance.Promotion;
import dev.slipway.core.model.ModelRef;

/** Changes promotions, evidence and policies, inside somebody's unit of work. */
public interface GovernanceWork extends GovernanceView {
  /** Takes the number of the next promotion. */
  long nextPromotion();

  /**
   * Writes a promotion.
   *
   * @param promotion its {@code revision()} is one more than the one it was decided on
   * @throws dev.slipway.core.error.SlipwayException CONFLICT if it has changed since
   */
  void putPromotion(Promotion promotion);

  /** Writes down which audit entry approved a promotion; a later one takes the earlier's place. */
  void putApprovalEntry(long promotion, long entry);

  /** Keeps the receipt of the entry that approved a promotion. */
  void putReceipt(long promotion, byte[] receipt);

  /** Keeps evidence; the same again changes nothing. */
  void putEvidence(Evidence evidence);

  /** Writes down who registered a version. */
  void putRegistrant(ModelRef ref, String account);

  /** Takes the number of the next policy. */
  long nextPolicy();

  /** Writes a policy, or what became of it. */
  void putPolicy(PolicyRecord policy);
}
