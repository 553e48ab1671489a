package dev.slipway.platform.governance;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.error.ErrorClass;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.EnvironmentRules;
import dev.slipway.core.governance.EnvironmentRules.GateRule;
import dev.slipway.core.governance.Evidence;
import dev.slipway.core.governance.Policy;
import dev.slipway.core.governance.Verdict;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.platform.registry.ExaminedModel;
import dev.slipway.platform.registry.Registry;
import dev.slipway.store.control.ControlStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the gates of an environment on a model that is not registered, and keeps nothing: neither
 * the model, nor evidence, nor an entry of the audit log. Its evidence allows nothing; it tells
 * early what a promotion would find. Thread-safe; blocks.
 */
public final class ModelChecks {
  private static final int CONCURRENT_MAX = 2;
  private static final Duration WAIT_MAX = Duration.ofSeconds(30);

  private final ControlStore store;
  private final Registry registry;
  private final Policies policies;
  private final GateInputs inputs;
  private final GateRunner runner;
  private final Predicates predicates;
  private final Semaphore turns = new Semaphore(CONCURRENT_MAX, true);

  ModelChecks(
      ControlStore store,
      Registry registry,
      Policies policies,
      GateInputs inputs,
      GateRunner runner,
      Predicates predicates) {
    this.store = store;
    this.registry = registry;
    this.policies = policies;
    this.inputs = inputs;
    this.runner = runner;
    this.predicates = predicates;
  }

  /**
   * What is to be checked.
   *
   * @param model name under which it would be registered
   * @param files the model's file or folder
   * @param environment whose rules hold
   * @param deployment to which it would go, and whose version it is compared with; it need not
   *     exist
   * @param policy YAML whose rules hold; null means those of the policy in force
   * @param holdout file with rows whose outcome is known; null if none was given
   * @param skipped gates that are not to run
   */
  public record Request(
      String model,
      Path files,
      Environment environment,
      String deployment,
      @Nullable String policy,
      @Nullable Path holdout,
      Set<String> skipped) {
    public Request {
      skipped = Set.copyOf(skipped);
    }
  }

  /**
   * What came out.
   *
   * @param policy digest of the policy whose rules held
   * @param version with the number that it would get; null if it was refused
   * @param incumbent what serves at the deployment now; null if nothing does
   * @param refusal why it cannot be registered; empty if it can, and then no gate has run
   * @param evidence in the order of the rules; it is not kept
   * @param skipped gates of the environment that did not run because they were not to
   * @param unmet requirements that the evidence does not fulfil, in words
   */
  public record Result(
      ContentDigest policy,
      @Nullable ModelVersion version,
      @Nullable ModelVersion incumbent,
      String refusal,
      List<Evidence> evidence,
      List<String> skipped,
      List<String> unmet) {
    public Result {
      evidence = List.copyOf(evidence);
      skipped = List.copyOf(skipped);
      unmet = List.copyOf(unmet);
    }

    /** Whether nothing was found wanting. */
    public boolean passed() {
      return refusal.isEmpty()
          && unmet.isEmpty()
          && evidence.stream().allMatch(one -> one.verdict() == Verdict.PASSED);
    }
  }

  /**
   * Checks a model.
   *
   * @param progress is told the name of each gate before it runs
   * @throws SlipwayException CONFIGURATION_INVALID if the policy has mistakes; POLICY_REFUSED if it
   *     does not know the environment; BAD_REQUEST if the environment is not protected, a gate to
   *     skip is none of its gates, or the rows cannot be read; CONFLICT if the deployment is
   *     elsewhere or serves another model; TOO_MANY_REQUESTS if others take too long
   */
  public Result check(Request request, Consumer<String> progress) {
    Policy policy =
        request.policy() == null
            ? policies.active()
            : policies.check("policy.yaml", request.policy());
    EnvironmentRules rules = rules(policy, request);
    ModelVersion incumbent = incumbent(request).orElse(null);
    takeTurn();
    try {
      ExaminedModel examined;
      try {
        examined = registry.examine(request.model(), request.files());
      } catch (SlipwayException e) {
        if (e.code().errorClass() != ErrorClass.CALLER) {
          throw e;
        }
        return new Result(
            policy.digest(),
            null,
            incumbent,
            String.valueOf(e.getMessage()),
            List.of(),
            List.of(),
            List.of());
      }
      try (examined) {
        ModelVersion version = examined.version();
        List<Evidence> evidence =
            runner.run(
                rules,
                inputs.subject(version, examined.artifact(), incumbent, request.holdout()),
                progress);
        List<String> unmet =
            predicates.unmet(
                rules.requirements(),
                Predicates.facts(
                    request.model(),
                    version.ref().version(),
                    request.environment().name(),
                    evidence));
        return new Result(
            policy.digest(),
            version,
            incumbent,
            "",
            evidence,
            new TreeSet<>(request.skipped()).stream().toList(),
            unmet);
      }
    } finally {
      turns.release();
    }
  }

  /** The rules without the gates that are not to run. */
  private static EnvironmentRules rules(Policy policy, Request request) {
    if (!request.environment().isProtected()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "environment: '%s' has no gates (expected: a protected one)"
              .formatted(request.environment()));
    }
    EnvironmentRules rules = PromotionChanges.rules(policy, request.environment());
    List<String> gates = rules.gates().stream().map(GateRule::gate).toList();
    for (String skipped : request.skipped()) {
      if (!gates.contains(skipped)) {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "skip: '%s' (expected: a gate of %s: %s)"
                .formatted(skipped, request.environment(), String.join(", ", gates)));
      }
    }
    return new EnvironmentRules(
        rules.gates().stream().filter(rule -> !request.skipped().contains(rule.gate())).toList(),
        rules.approvals(),
        rules.requirements(),
        rules.approvalValid(),
        rules.evidenceAgeMax(),
        rules.breakGlass());
  }

  private Optional<ModelVersion> incumbent(Request request) {
    Optional<Deployment> deployment = store.read(view -> view.deployment(request.deployment()));
    deployment.ifPresent(
        found -> {
          if (!found.environment().equals(request.environment())) {
            throw new SlipwayException(
                ErrorCode.CONFLICT,
                "deployment %s is in %s (expected: one in %s, or one that does not exist yet)"
                    .formatted(found.name(), found.environment(), request.environment()));
          }
          if (!found.model().equals(request.model())) {
            throw new SlipwayException(
                ErrorCode.CONFLICT,
                "deployment %s serves model %s (expected: %s)"
                    .formatted(found.name(), found.model(), request.model()));
          }
        });
    return deployment.flatMap(found -> store.read(view -> view.version(found.currentRef())));
  }

  private void takeTurn() {
    try {
      if (turns.tryAcquire(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new SlipwayException(
        ErrorCode.TOO_MANY_REQUESTS,
        "%d checks are under way (expected: fewer)".formatted(CONCURRENT_MAX));
  }
}
