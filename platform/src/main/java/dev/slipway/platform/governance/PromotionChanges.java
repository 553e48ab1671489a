package dev.slipway.platform.governance;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Binding;
import dev.slipway.core.governance.EnvironmentRules;
import dev.slipway.core.governance.Policy;
import dev.slipway.core.governance.Promotion;
import dev.slipway.core.governance.PromotionEvent;
import dev.slipway.core.governance.PromotionJson;
import dev.slipway.core.governance.PromotionMachine;
import dev.slipway.core.governance.PromotionState;
import dev.slipway.core.governance.PromotionTarget;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.UnitOfWork;
import dev.slipway.store.registry.RegistryTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies events to promotions inside a unit of work: what a promotion is bound to is looked up
 * again first, in the same transaction, so that no decision is taken on what is no longer so.
 */
final class PromotionChanges {
  static final String SUBJECT = "promotion";

  /** Nothing is missing any more; what serving loads has to have this entry. */
  static final String APPROVED = "promotion.approved";

  private final Policies policies;

  PromotionChanges(Policies policies) {
    this.policies = policies;
  }

  /** What a promotion of a version to a place is bound to now, without evidence. */
  Binding binding(ControlView view, ModelRef ref, PromotionTarget target) {
    Policy policy = policies.active(view);
    Environment environment =
        policy
            .environmentOf(target)
            .orElseThrow(
                () ->
                    new SlipwayException(
                        ErrorCode.CONFLICT,
                        "%s is not protected (expected: a place that needs a promotion)"
                            .formatted(target.label())));
    ModelVersion version = PromotableVersions.require(view, ref, target);
    return new Binding(
        version.digest(),
        target,
        environment,
        policy.digest(),
        incumbent(view, target).map(ModelVersion::digest).orElse(null),
        List.of());
  }

  /** What is at a place. */
  static Optional<ModelVersion> incumbent(ControlView view, PromotionTarget target) {
    return switch (target) {
      case PromotionTarget.OfDeployment(String name, Environment environment) ->
          view.deployment(name).flatMap(deployment -> view.version(deployment.currentRef()));
      case PromotionTarget.OfAlias(String model, String alias) ->
          new RegistryTables(view.sql())
              .aliased(model, alias)
              .flatMap(ref -> PromotableVersions.find(view, ref));
      case PromotionTarget.OfStage(String model, String stage) ->
          new RegistryTables(view.sql())
              .inStage(model, stage).stream()
                  .max(Comparator.naturalOrder())
                  .flatMap(version -> PromotableVersions.find(view, new ModelRef(model, version)));
    };
  }

  /**
   * The rules that hold in an environment now.
   *
   * @throws SlipwayException POLICY_REFUSED if the policy does not know it
   */
  EnvironmentRules rules(ControlView view, Environment environment) {
    return rules(policies.active(view), environment);
  }

  /** As {@link #rules(ControlView, Environment)}, in this policy. */
  static EnvironmentRules rules(Policy policy, Environment environment) {
    return policy
        .rules(environment)
        .orElseThrow(
            () ->
                new SlipwayException(
                    ErrorCode.POLICY_REFUSED,
                    "environment '%s' has no rules in the policy (expected: dev or %s; slipway policy propose FILE adds one)"
                        .formatted(
                            environment,
                            String.join(
                                ", ", policy.environments().keySet().stream().sorted().toList()))));
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  static Promotion require(ControlView view, long id) {
    return view.governance()
        .promotion(id)
        .orElseThrow(
            () ->
                new SlipwayException(
                    ErrorCode.NOT_FOUND, "promotion %d was never requested".formatted(id)));
  }

  /** Lets time pass and what it is bound to change, as far as they have. */
  Promotion current(UnitOfWork work, Promotion promotion, Instant now) {
    Promotion next = promotion;
    PromotionTarget target = next.binding().target();
    if (next.state().isOpen() && next.state() != PromotionState.GATES_RUNNING) {
      // A place that is not protected any more binds to nothing.
      if (policies.active(work).environmentOf(target).isPresent()) {
        Binding binding = binding(work, next.ref(), target);
        next = step(work, system(), next, new PromotionEvent.Rebound(binding), now);
      }
      next = step(work, system(), next, new PromotionEvent.TimePassed(), now);
    }
    return next;
  }

  /** Applies an event to what a promotion is by now, and commits both. */
  Promotion apply(
      UnitOfWork work, Actor actor, Promotion promotion, PromotionEvent event, Instant now) {
    return step(work, actor, current(work, promotion, now), event, now);
  }

  /**
   * Brings a version to a place in the current transaction, and supersedes what was there.
   *
   * @param from state in which the promotion that allows it has to be
   * @return number of that promotion
   * @throws SlipwayException POLICY_REFUSED if there is none; what the machine says against it
   */
  long carryOut(
      UnitOfWork work,
      ModelVersion version,
      PromotionTarget target,
      PromotionState from,
      PromotionEvent event,
      Instant now) {
    Promotion allowing =
        work.governance().promotionsOf(version.digest(), target.label()).stream()
            .filter(promotion -> promotion.state() == from)
            .findFirst()
            .orElseThrow(
                () ->
                    new SlipwayException(
                        ErrorCode.POLICY_REFUSED,
                        "%s may not go to %s: no promotion of it is %s"
                            .formatted(version.ref(), target.label(), from)));
    for (Promotion other : work.governance().promotionsTo(target.label())) {
      if (other.state() == PromotionState.DEPLOYED && other.id() != allowing.id()) {
        apply(work, system(), other, new PromotionEvent.Superseded(), now);
      }
    }
    return apply(work, system(), allowing, event, now).id();
  }

  /** Writes a new promotion. */
  static void add(UnitOfWork work, Actor actor, Promotion promotion, Instant now) {
    work.governance().putPromotion(promotion);
    work.append(entry(actor, "promotion.requested", null, promotion, now));
  }

  private Promotion step(
      UnitOfWork work, Actor actor, Promotion before, PromotionEvent event, Instant now) {
    if (event instanceof PromotionEvent.CarriedOut || event instanceof PromotionEvent.GlassBroken) {
      requireReviewed(work, before.binding().environment(), now);
    }
    EnvironmentRules rules =
        policies.active(work).rules(before.binding().environment()).orElse(null);
    Promotion after = PromotionMachine.decide(before, event, rules, now);
    if (after.equals(before)) {
      return before;
    }
    work.governance().putPromotion(after);
    work.append(entry(actor, action(event), before, after, now));
    if (after.state() == PromotionState.APPROVED && before.state() != PromotionState.APPROVED) {
      // Serving asks for the receipt of this entry, and of no other.
      long approved = work.append(entry(system(), APPROVED, before, after, now));
      work.governance().putApprovalEntry(after.id(), approved);
    }
    return after;
  }

  /**
   * While a review is overdue nothing new reaches its environment. What serves goes on, also after
   * a restart, and can go back.
   *
   * @throws SlipwayException POLICY_REFUSED
   */
  private static void requireReviewed(UnitOfWork work, Environment environment, Instant now) {
    for (Promotion waiting : work.governance().unreviewed()) {
      if (waiting.binding().environment().equals(environment) && waiting.isReviewOverdue(now)) {
        throw new SlipwayException(
            ErrorCode.POLICY_REFUSED,
            "environment %s is closed: the glass of promotion %d was broken and nobody has reviewed it in time (expected: slipway promotion review %d --reason TEXT, by somebody who had no hand in it)"
                .formatted(environment, waiting.id(), waiting.id()));
      }
    }
  }

  private static AuditEntry entry(
      Actor actor, String action, @Nullable Promotion before, Promotion after, Instant now) {
    return AuditEntry.of(actor, action, new Subject(SUBJECT, Long.toString(after.id())), now)
        .withStates(
            before == null ? null : PromotionJson.digest(before), PromotionJson.digest(after))
        .decidedOn(after.binding().policy(), named(after.binding()));
  }

  /** What the entry names: the artifact, the binding that was decided on, and the evidence. */
  static List<ContentDigest> named(Binding binding) {
    Set<ContentDigest> named = new LinkedHashSet<>();
    named.add(ContentDigest.of(binding.artifact()));
    named.add(binding.digest());
    named.addAll(binding.evidence());
    return new ArrayList<>(named);
  }

  static Actor system() {
    return new Actor.Component("governance");
  }

  private static String action(PromotionEvent event) {
    return switch (event) {
      case PromotionEvent.GatesStarted started -> "promotion.gates-started";
      case PromotionEvent.GatesEnded ended -> "promotion.gates-ended";
      case PromotionEvent.GatesLost lost -> "promotion.gates-lost";
      case PromotionEvent.ApprovalGiven given -> "promotion.approval-given";
      case PromotionEvent.Rejected rejected -> "promotion.rejected";
      case PromotionEvent.Rebound rebound -> "promotion.voided";
      case PromotionEvent.GlassBroken broken -> "promotion.glass-broken";
      case PromotionEvent.GlassReviewed reviewed -> "promotion.glass-reviewed";
      case PromotionEvent.CarriedOut carriedOut -> "promotion.carried-out";
      case PromotionEvent.Superseded superseded -> "promotion.superseded";
      case PromotionEvent.Reinstated reinstated -> "promotion.reinstated";
      case PromotionEvent.Revoked revoked -> "promotion.revoked";
      case PromotionEvent.TimePassed passed -> "promotion.expired";
    };
  }
}
