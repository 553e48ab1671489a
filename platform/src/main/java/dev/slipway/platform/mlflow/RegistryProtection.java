package dev.slipway.platform.mlflow;

import dev.slipway.core.governance.PromotionTarget;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.model.ModelRef;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.UnitOfWork;
import java.time.Instant;

/** What guards the aliases and stages that a policy protects. */
public interface RegistryProtection {
  /** Whether a place is protected now. */
  boolean isProtected(ControlView view, PromotionTarget target);

  /**
   * Lets a version come to a place, if nobody protects it or a promotion allows it.
   *
   * @throws dev.slipway.core.error.SlipwayException POLICY_REFUSED with the number of the
   *     promotion, which is requested if there was none
   */
  void requirePromoted(Principal principal, ModelRef ref, PromotionTarget target);

  /**
   * Takes part in the commit that brings it there.
   *
   * @throws dev.slipway.core.error.SlipwayException if nothing allows it any more
   */
  void carryOut(UnitOfWork work, ModelRef ref, PromotionTarget target, Instant now);
}
