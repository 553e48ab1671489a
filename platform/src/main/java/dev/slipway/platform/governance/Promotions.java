package dev.slipway.platform.governance;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Approval;
import dev.slipway.core.governance.Binding;
import dev.slipway.core.governance.EnvironmentRules;
import dev.slipway.core.governance.EnvironmentRules.GateRule;
import dev.slipway.core.governance.Evidence;
import dev.slipway.core.governance.GateResult;
import dev.slipway.core.governance.Missing;
import dev.slipway.core.governance.Policy;
import dev.slipway.core.governance.Promotion;
import dev.slipway.core.governance.Promotion.Origin;
import dev.slipway.core.governance.PromotionEvent;
import dev.slipway.core.governance.PromotionMachine;
import dev.slipway.core.governance.PromotionState;
import dev.slipway.core.governance.PromotionTarget;
import dev.slipway.core.governance.Readiness;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.tracking.Run;
import dev.slipway.platform.governance.GateInputs.ServedBy;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.registry.RegistryTables;
import dev.slipway.store.tracking.RunTables;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests, gates, approvals: everything that people do with a promotion. Each change is one
 * transaction with its entry of the audit log; nothing else carries a promotion out than the
 * deployment it is for. Thread-safe; every method blocks.
 */
public final class Promotions {
  private static final Logger LOG = LoggerFactory.getLogger(Promotions.class);
  private static final int REASON_CHARACTERS_MAX = 2_000;
  private static final int PAGE = 1_000;

  private final ControlStore store;
  private final Policies policies;
  private final PromotionChanges changes;
  private final GateRunner runner;
  private final GateInputs inputs;
  private final Predicates predicates;
  private final InstantSource clock;

  Promotions(
      ControlStore store,
      Policies policies,
      PromotionChanges changes,
      GateRunner runner,
      GateInputs inputs,
      Predicates predicates,
      InstantSource clock) {
    this.store = store;
    this.policies = policies;
    this.changes = changes;
    this.runner = runner;
    this.inputs = inputs;
    this.predicates = predicates;
    this.clock = clock;
  }

  /**
   * A promotion, and what it needs next.
   *
   * @param missing before it may be carried out; empty once it was, or never will be
   */
  public record Standing(Promotion promotion, List<Missing> missing) {}

  /** Promotions whose gates were running when the process ended can run them again. */
  public void recover() {
    Instant now = now();
    for (Promotion lost :
        store.read(
            view ->
                view.governance()
                    .promotions(Set.of(PromotionState.GATES_RUNNING), Long.MAX_VALUE, PAGE))) {
      store.commit(
          work ->
              changes.apply(
                  work, PromotionChanges.system(), lost, new PromotionEvent.GatesLost(), now));
    }
  }

  /**
   * Asks for a version at a protected place. Where the same was asked for and is still open, or
   * approved, that is the answer, so that a retry is harmless.
   *
   * @param reason in the requester's words; may be empty
   * @throws SlipwayException NOT_FOUND if the version is not registered; CONFLICT if the place is
   *     not protected; POLICY_REFUSED if the policy does not know its environment
   */
  public Promotion request(
      Principal principal, ModelRef ref, PromotionTarget target, String reason) {
    requireShort(reason);
    Instant now = now();
    return store.commit(
        work -> {
          Binding binding = changes.binding(work, ref, target);
          changes.rules(work, binding.environment());
          Optional<Promotion> open =
              work.governance().promotionsOf(binding.artifact(), target.label()).stream()
                  .filter(promotion -> promotion.ref().equals(ref) && promotion.state().isOpen())
                  .findFirst();
          if (open.isPresent()) {
            Promotion current = changes.current(work, open.get(), now);
            if (current.state().isOpen()) {
              return current;
            }
          }
          Promotion promotion =
              Promotion.requested(
                  work.governance().nextPromotion(),
                  ref,
                  binding,
                  new Origin(principal.name(), involved(work, principal, ref), reason, now),
                  now);
          PromotionChanges.add(work, principal.actor(), promotion, now);
          return promotion;
        });
  }

  private static Map<String, String> involved(ControlView view, Principal principal, ModelRef ref) {
    Map<String, String> involved = new HashMap<>();
    view.governance()
        .registrant(ref)
        .ifPresent(account -> involved.put(account, "registered " + ref));
    new RegistryTables(view.sql())
        .version(ref)
        .map(found -> found.card().runId())
        .flatMap(new RunTables(view.sql())::find)
        .map(Run::userId)
        .filter(user -> !user.isEmpty())
        .ifPresent(user -> involved.merge(user, "owns the run", (a, b) -> a + " and " + b));
    involved.merge(
        principal.name(),
        "requested it",
        (registered, requested) -> registered + " and " + requested);
    return involved;
  }

  /**
   * Runs the gates of a promotion.
   *
   * @param holdout file with rows whose outcome is known; null if none was given
   * @param servedBy where the version answers already, for the gates that measure; null if nowhere
   */
  public Standing runGates(
      Principal principal, long id, @Nullable Path holdout, @Nullable ServedBy servedBy) {
    Instant started = now();
    Promotion running =
        store.commit(
            work ->
                changes.apply(
                    work,
                    principal.actor(),
                    PromotionChanges.require(work, id),
                    new PromotionEvent.GatesStarted(),
                    started));
    List<Evidence> evidence;
    EnvironmentRules rules;
    List<String> unmet;
    try {
      rules = store.read(view -> changes.rules(view, running.binding().environment()));
      evidence =
          runner.run(
              rules,
              inputs.subject(running, holdout, servedBy),
              gate -> LOG.info("promotion {}: gate {} runs", id, gate));
      unmet = unmet(running, rules, evidence);
    } catch (RuntimeException e) {
      Instant lost = now();
      store.commit(
          work ->
              changes.apply(
                  work,
                  PromotionChanges.system(),
                  PromotionChanges.require(work, id),
                  new PromotionEvent.GatesLost(),
                  lost));
      throw e;
    }
    Instant ended = now();
    store.commit(
        work -> {
          evidence.forEach(work.governance()::putEvidence);
          return changes.apply(
              work,
              principal.actor(),
              PromotionChanges.require(work, id),
              new PromotionEvent.GatesEnded(
                  evidence.stream().map(Evidence::result).toList(), unmet),
              ended);
        });
    return standing(id);
  }

  /**
   * Says yes to a promotion.
   *
   * @param binding digest of what the person saw; null means what it is now
   * @throws SlipwayException PERMISSION_DENIED for whoever had a hand in it, is no person, or fills
   *     no place; CONFLICT if it has changed since the person saw it, or waits for no approval
   */
  public Standing approve(
      Principal principal, long id, @Nullable ContentDigest binding, String reason) {
    requirePerson(principal, "approve");
    requireShort(reason);
    Instant now = now();
    Promotion changed = touch(id, now);
    store.commit(
        work -> {
          Promotion promotion = PromotionChanges.require(work, id);
          Approval approval =
              new Approval(
                  principal.name(),
                  principal.rights().roleLabels(),
                  binding == null ? changed.binding().digest() : binding,
                  reason,
                  now);
          return changes.apply(
              work, principal.actor(), promotion, new PromotionEvent.ApprovalGiven(approval), now);
        });
    return standing(id);
  }

  /**
   * Says no to a promotion, for good.
   *
   * @throws SlipwayException PERMISSION_DENIED for whoever is no person; CONFLICT if it is not open
   */
  public Standing reject(Principal principal, long id, String reason) {
    requirePerson(principal, "reject");
    requireReason(reason, "why it is rejected");
    return change(principal, id, new PromotionEvent.Rejected(principal.name(), reason));
  }

  /**
   * Approves a promotion past gates and approvals, for a short time, to be reviewed afterwards.
   *
   * @throws SlipwayException PERMISSION_DENIED for whoever lacks the role; BAD_REQUEST without a
   *     reason
   */
  public Standing breakGlass(Principal principal, long id, String reason) {
    requirePerson(principal, "break the glass of");
    requireReason(reason, "why the glass has to be broken");
    Standing broken =
        change(
            principal,
            id,
            new PromotionEvent.GlassBroken(
                principal.name(), principal.rights().roleLabels(), reason));
    LOG.error("promotion {}: the glass was broken, and somebody has to review it", id);
    return broken;
  }

  /**
   * Looks at a broken glass afterwards.
   *
   * @throws SlipwayException PERMISSION_DENIED for whoever had a hand in it
   */
  public Standing review(Principal principal, long id, String finding) {
    requirePerson(principal, "review");
    requireReason(finding, "what the review found");
    return change(principal, id, new PromotionEvent.GlassReviewed(principal.name(), finding));
  }

  /**
   * Takes back what a promotion allows. {@link ProtectedDeployments} also ends what serves by it.
   */
  Standing revoke(Principal principal, long id, String reason) {
    requirePerson(principal, "revoke");
    requireReason(reason, "why it is revoked");
    return change(principal, id, new PromotionEvent.Revoked(principal.name(), reason));
  }

  private Standing change(Principal principal, long id, PromotionEvent event) {
    Instant now = now();
    store.commit(
        work ->
            changes.apply(work, principal.actor(), PromotionChanges.require(work, id), event, now));
    return standing(id);
  }

  /** Lets the world's changes into a promotion, in a transaction of their own. */
  Promotion touch(long id, Instant now) {
    return store.commit(work -> changes.current(work, PromotionChanges.require(work, id), now));
  }

  /**
   * Refuses unless a promotion of the version to the place is approved and nothing is missing. One
   * that was not requested before is requested, and its gates run as far as they can by themselves.
   *
   * @throws SlipwayException POLICY_REFUSED with the promotion's number and what is missing
   */
  void requireApproved(Principal principal, ModelRef ref, PromotionTarget target) {
    Promotion promotion = request(principal, ref, target, "");
    if (promotion.state() == PromotionState.DRAFT && promotion.results().isEmpty()) {
      runGates(principal, promotion.id(), null, null);
    }
    Standing standing = standing(promotion.id());
    if (standing.promotion().state() != PromotionState.APPROVED || !standing.missing().isEmpty()) {
      throw PromotionMachine.denied(standing.promotion(), standing.missing());
    }
  }

  /**
   * A promotion as it stands now.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public Standing standing(long id) {
    Instant now = now();
    Promotion promotion = touch(id, now);
    if (!promotion.state().isOpen()) {
      return new Standing(promotion, List.of());
    }
    EnvironmentRules rules =
        policies.active().rules(promotion.binding().environment()).orElse(null);
    return new Standing(promotion, Readiness.start(promotion, rules, now));
  }

  /**
   * What would be missing if another policy were in force.
   *
   * @throws SlipwayException NOT_FOUND; POLICY_REFUSED if it does not know the environment
   */
  public List<Missing> missingUnder(Policy policy, long id) {
    Promotion promotion = store.read(view -> PromotionChanges.require(view, id));
    EnvironmentRules rules = PromotionChanges.rules(policy, promotion.binding().environment());
    List<Evidence> evidence = evidence(id);
    List<String> unmet = new ArrayList<>(unmet(promotion, rules, evidence));
    for (GateRule rule : rules.gates()) {
      evidence.stream()
          .filter(one -> one.gate().equals(rule.gate()))
          .filter(one -> !one.parameters().equals(rule.parameters()))
          .forEach(one -> unmet.add("gate %s: it ran with other parameters".formatted(one.gate())));
    }
    return Readiness.start(promotion.judged(unmet), rules, now());
  }

  private List<String> unmet(Promotion promotion, EnvironmentRules rules, List<Evidence> evidence) {
    return predicates.unmet(
        rules.requirements(),
        Predicates.facts(
            promotion.ref().model(),
            promotion.ref().version(),
            promotion.binding().environment().name(),
            evidence));
  }

  /** Promotions whose glass was broken and that nobody has reviewed, the most urgent first. */
  public List<Promotion> unreviewed() {
    return store.read(view -> view.governance().unreviewed());
  }

  /** Promotions, the newest first. */
  public List<Promotion> promotions(Set<PromotionState> states, long before, int count) {
    return store.read(view -> view.governance().promotions(states, before, count));
  }

  /**
   * The evidence of a promotion's gates, in the order in which they ran.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public List<Evidence> evidence(long id) {
    return store.read(
        view -> {
          List<Evidence> all = new ArrayList<>();
          for (GateResult result : PromotionChanges.require(view, id).results()) {
            all.add(evidence(view, result.evidence()));
          }
          return all;
        });
  }

  /**
   * The bytes of a piece of evidence, which its digest is of.
   *
   * @throws SlipwayException NOT_FOUND; STORE_CORRUPT if they are not what the digest says
   */
  public byte[] evidenceBytes(ContentDigest digest) {
    return store.read(view -> evidence(view, digest)).toBytes();
  }

  private static Evidence evidence(ControlView view, ContentDigest digest) {
    byte[] bytes =
        view.governance()
            .evidence(digest)
            .orElseThrow(
                () ->
                    new SlipwayException(
                        ErrorCode.NOT_FOUND, "evidence %s is not kept".formatted(digest)));
    if (!ContentDigest.of(bytes).equals(digest)) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT,
          "evidence %s has other content (%s)".formatted(digest, ContentDigest.of(bytes)));
    }
    return Evidence.parse(bytes);
  }

  private static void requirePerson(Principal principal, String what) {
    if (principal.kind() != PrincipalKind.PERSON) {
      throw new SlipwayException(
          ErrorCode.PERMISSION_DENIED,
          "%s is a %s account and may never %s a promotion (expected: a person)"
              .formatted(principal.name(), principal.kind().label(), what));
    }
  }

  private static void requireReason(String reason, String what) {
    requireShort(reason);
    if (reason.isBlank()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "reason: empty (expected: %s)".formatted(what));
    }
  }

  private static void requireShort(String reason) {
    if (reason.length() > REASON_CHARACTERS_MAX) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "reason: %d characters (expected: at most %d)"
              .formatted(reason.length(), REASON_CHARACTERS_MAX));
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
