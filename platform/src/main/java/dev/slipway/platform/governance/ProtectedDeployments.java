package dev.slipway.platform.governance;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.PromotionTarget;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelRef;
import dev.slipway.platform.deployment.DeploymentStatus;
import dev.slipway.platform.deployment.Deployments;
import dev.slipway.platform.governance.Promotions.Standing;
import dev.slipway.store.control.ControlStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Deploys anywhere: at once where nothing is protected; elsewhere it asks for a promotion, runs the
 * gates that need nothing from anybody, and goes live when people have approved. The same call
 * again goes as far as it can by then.
 */
public final class ProtectedDeployments {
  private final ControlStore store;
  private final Deployments deployments;
  private final Promotions promotions;

  public ProtectedDeployments(ControlStore store, Deployments deployments, Promotions promotions) {
    this.store = store;
    this.deployments = deployments;
    this.promotions = promotions;
  }

  /**
   * Lets a deployment serve a version.
   *
   * @param environment where a new deployment answers; null means where it is, and DEV for a new
   *     one
   * @throws SlipwayException as {@link Deployments#deploy}; POLICY_REFUSED with the promotion's
   *     number and what it misses
   */
  public DeploymentStatus deploy(
      Principal principal, String name, @Nullable Environment environment, ModelRef ref) {
    Optional<Deployment> before = store.read(view -> view.deployment(name));
    Environment where =
        before
            .map(Deployment::environment)
            .orElse(environment == null ? Environment.DEV : environment);
    if (before.isEmpty() && environment == null) {
      requireNotMeantElsewhere(name);
    }
    boolean serves = before.map(Deployment::currentRef).filter(ref::equals).isPresent();
    if (where.isProtected() && !serves) {
      promotions.requireApproved(principal, ref, new PromotionTarget.OfDeployment(name, where));
    }
    return deployments.deploy(principal.actor(), name, environment, ref);
  }

  /** Whoever forgets the environment does not want the name to be taken in another for ever. */
  private void requireNotMeantElsewhere(String name) {
    String label = new PromotionTarget.OfDeployment(name, Environment.DEV).label();
    store.read(view -> view.governance().promotionsTo(label)).stream()
        .filter(promotion -> promotion.state().isOpen())
        .findFirst()
        .ifPresent(
            promotion -> {
              Environment meant = promotion.binding().environment();
              throw new SlipwayException(
                  ErrorCode.CONFLICT,
                  "deployment %s is not there yet, and promotion %d is for it in %s (expected: --env %s, or --env dev)"
                      .formatted(name, promotion.id(), meant, meant));
            });
  }

  /**
   * Takes back what a promotion allows. What serves by it stops at once; undoing the deployment
   * first keeps it answering.
   *
   * @throws SlipwayException as {@link Promotions#revoke}
   */
  public Standing revoke(Principal principal, long id, String reason) {
    Standing revoked = promotions.revoke(principal, id, reason);
    if (revoked.promotion().binding().target()
        instanceof PromotionTarget.OfDeployment(String name, Environment environment)) {
      deployments.withdrawUnlessLoadable(name);
    }
    return revoked;
  }
}
