package dev.slipway.platform.governance;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.PromotionTarget;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelRef;
import dev.slipway.platform.deployment.DeploymentStatus;
import dev.slipway.platform.deployment.Deployments;
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
  private final GateInputs inputs;

  public ProtectedDeployments(
      ControlStore store, Deployments deployments, Promotions promotions, GateInputs inputs) {
    this.store = store;
    this.deployments = deployments;
    this.promotions = promotions;
    this.inputs = inputs;
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
    boolean serves = before.map(Deployment::currentRef).filter(ref::equals).isPresent();
    if (where.isProtected() && !serves) {
      promotions.requireApproved(
          principal,
          ref,
          new PromotionTarget.OfDeployment(name, where),
          promotion -> inputs.subject(promotion, null, "", ""));
    }
    return deployments.deploy(principal.actor(), name, environment, ref);
  }
}
