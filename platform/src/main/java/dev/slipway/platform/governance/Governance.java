package dev.slipway.platform.governance;

import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.table.TableLimits;
import dev.slipway.platform.audit.AuditTrail;
import dev.slipway.platform.deployment.Protection;
import dev.slipway.platform.governance.gate.Gate;
import dev.slipway.platform.mlflow.RegistryProtection;
import dev.slipway.platform.registry.Registry;
import dev.slipway.serving.engine.ArtifactSource;
import dev.slipway.serving.engine.EngineSelector;
import dev.slipway.store.control.ControlStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The parts of governance, put together.
 *
 * @param protection what guards protected deployments
 * @param places what guards protected aliases and stages
 */
public record Governance(
    Policies policies,
    Promotions promotions,
    ModelChecks checks,
    Protection protection,
    RegistryProtection places) {
  /**
   * @param registry examines what is to be checked
   * @param key of the audit log
   * @param build version of Slipway, for the evidence
   */
  public static Governance of(
      ControlStore store,
      Registry registry,
      AuditTrail trail,
      VerifierKey key,
      ArtifactSource artifacts,
      EngineSelector engines,
      List<Gate> gates,
      InstantSource clock,
      String build) {
    Map<String, Gate> named =
        gates.stream().collect(Collectors.toUnmodifiableMap(Gate::name, Function.identity()));
    Predicates predicates = new Predicates();
    Policies policies = new Policies(store, new PolicyFile(named, predicates), clock);
    PromotionChanges changes = new PromotionChanges(policies);
    GateRunner runner = new GateRunner(named, clock, build);
    GateInputs inputs = new GateInputs(store, artifacts, engines, TableLimits.DEFAULT);
    Promotions promotions =
        new Promotions(store, policies, changes, runner, inputs, predicates, clock);
    promotions.recover();
    return new Governance(
        policies,
        promotions,
        new ModelChecks(store, registry, policies, inputs, runner, predicates),
        new ApprovalReceipts(store, trail, key, changes),
        new ProtectedPlaces(store, policies, promotions, changes));
  }
}
