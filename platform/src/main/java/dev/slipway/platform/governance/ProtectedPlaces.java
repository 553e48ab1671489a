package dev.slipway.platform.governance;

import dev.slipway.core.governance.PromotionEvent;
import dev.slipway.core.governance.PromotionState;
import dev.slipway.core.governance.PromotionTarget;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.model.ModelRef;
import dev.slipway.platform.mlflow.RegistryProtection;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.UnitOfWork;
import java.time.Instant;

/** Guards the aliases and stages that the policy protects. */
final class ProtectedPlaces implements RegistryProtection {
  private final ControlStore store;
  private final Policies policies;
  private final Promotions promotions;
  private final PromotionChanges changes;

  ProtectedPlaces(
      ControlStore store, Policies policies, Promotions promotions, PromotionChanges changes) {
    this.store = store;
    this.policies = policies;
    this.promotions = promotions;
    this.changes = changes;
  }

  @Override
  public boolean isProtected(ControlView view, PromotionTarget target) {
    return policies.active(view).environmentOf(target).isPresent();
  }

  @Override
  public void requirePromoted(Principal principal, ModelRef ref, PromotionTarget target) {
    if (store.<Boolean>read(view -> isProtected(view, target))) {
      store.read(view -> PromotableVersions.require(view, ref, target));
      promotions.requireApproved(principal, ref, target);
    }
  }

  @Override
  public void carryOut(UnitOfWork work, ModelRef ref, PromotionTarget target, Instant now) {
    if (isProtected(work, target)) {
      changes.carryOut(
          work,
          PromotableVersions.require(work, ref, target),
          target,
          PromotionState.APPROVED,
          new PromotionEvent.CarriedOut(),
          now);
    }
  }
}
