package dev.slipway.platform.governance;

import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.audit.checkpoint.WitnessQuorum;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.audit.receipt.Receipt;
import dev.slipway.core.audit.verify.Finding;
import dev.slipway.core.audit.verify.ReceiptCheck;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Promotion;
import dev.slipway.core.governance.PromotionEvent;
import dev.slipway.core.governance.PromotionState;
import dev.slipway.core.governance.PromotionTarget;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.platform.audit.AuditTrail;
import dev.slipway.platform.deployment.Protection;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.DeploymentChange.Kind;
import dev.slipway.store.control.UnitOfWork;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets into a protected environment only what the audit log proves to have been approved for it.
 * The rows of the database are not believed: the entry that approved has to be in the signed log,
 * and has to name the artifact and the binding.
 */
public final class ApprovalReceipts implements Protection {
  /** How long a decision that was just committed may take to be signed. */
  private static final Duration SIGNED_MAX = Duration.ofSeconds(10);

  private final ControlStore store;
  private final AuditTrail trail;
  private final VerifierKey key;
  private final PromotionChanges changes;

  /**
   * @param key of the log
   */
  ApprovalReceipts(
      ControlStore store, AuditTrail trail, VerifierKey key, PromotionChanges changes) {
    this.store = store;
    this.trail = trail;
    this.key = key;
    this.changes = changes;
  }

  @Override
  public void requireLoadable(String deployment, Environment environment, ModelVersion version) {
    PromotionTarget target = new PromotionTarget.OfDeployment(deployment, environment);
    List<Promotion> promotions =
        store
            .read(view -> view.governance().promotionsOf(version.digest(), target.label()))
            .stream()
            .filter(promotion -> promotion.state().isLoadable())
            .toList();
    if (promotions.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.POLICY_REFUSED,
          "%s may not be loaded in %s: no promotion to %s allows it (expected: one, of slipway deploy %s --to %s --env %s)"
              .formatted(
                  version.ref(),
                  environment,
                  target.label(),
                  version.ref(),
                  deployment,
                  environment));
    }
    SlipwayException first = null;
    for (Promotion promotion : promotions) {
      try {
        requireReceipt(promotion);
        return;
      } catch (SlipwayException e) {
        first = first == null ? e : first;
      }
    }
    throw first == null ? new IllegalStateException("there is a promotion") : first;
  }

  private void requireReceipt(Promotion promotion) {
    long index =
        store
            .read(view -> view.governance().approvalEntry(promotion.id()))
            .orElseThrow(() -> forged(promotion, "no entry of the audit log approved it"));
    byte[] leaf = trail.entry(index).leaf();
    requireAbout(promotion, AuditEntry.parse(leaf));
    Optional<byte[]> kept = store.read(view -> view.governance().receipt(promotion.id()));
    Receipt receipt;
    try {
      receipt = kept.isPresent() ? Receipt.parse(kept.get()) : trail.receipt(index, SIGNED_MAX);
    } catch (IllegalArgumentException e) {
      throw forged(promotion, "its receipt cannot be read: " + e.getMessage());
    }
    if (receipt.proof().index() != index) {
      throw forged(promotion, "its receipt is of another entry");
    }
    Optional<Finding> refusal = ReceiptCheck.refusal(receipt, leaf, key, WitnessQuorum.NONE);
    if (refusal.isPresent()) {
      throw forged(promotion, refusal.get().toString());
    }
    if (kept.isEmpty()) {
      store.commit(
          work -> {
            work.governance().putReceipt(promotion.id(), receipt.toBytes());
            return true;
          });
    }
  }

  private static void requireAbout(Promotion promotion, AuditEntry entry) {
    Subject subject = new Subject(PromotionChanges.SUBJECT, Long.toString(promotion.id()));
    if (!entry.action().equals(PromotionChanges.APPROVED)
        || !entry.subject().equals(subject)
        || !entry.evidence().equals(PromotionChanges.named(promotion.binding()))) {
      throw forged(promotion, "the entry that approved it is about something else");
    }
  }

  private static SlipwayException forged(Promotion promotion, String why) {
    return new SlipwayException(
        ErrorCode.POLICY_REFUSED,
        "%s may not be loaded at %s: promotion %d has no valid receipt: %s"
            .formatted(promotion.ref(), promotion.binding().target().label(), promotion.id(), why));
  }

  @Override
  public long onChange(
      UnitOfWork work,
      @Nullable Deployment before,
      Deployment after,
      ModelVersion version,
      Kind kind,
      Instant now) {
    PromotionTarget target = new PromotionTarget.OfDeployment(after.name(), after.environment());
    return switch (kind) {
      case DEPLOY ->
          changes.carryOut(
              work, version, target, PromotionState.APPROVED, new PromotionEvent.CarriedOut(), now);
      case UNDO ->
          changes.carryOut(
              work,
              version,
              target,
              PromotionState.SUPERSEDED,
              new PromotionEvent.Reinstated(),
              now);
    };
  }
}
