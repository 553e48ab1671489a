package dev.slipway.core.governance;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.EnvironmentRules.BreakGlass;
import dev.slipway.core.governance.EnvironmentRules.GateRule;
import dev.slipway.core.governance.Promotion.BrokenGlass;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an event makes of a promotion. Pure: the same three give the same.
 *
 * <p>What holds in every state: approvals count only for the binding they were given for; nobody
 * who is involved approves; nothing is carried out that {@link Readiness#start} finds something
 * missing in; what is no longer open opens never again.
 */
public final class PromotionMachine {
  private PromotionMachine() {}

  /**
   * @param rules of the promotion's environment, in the policy that is in force; null if it has
   *     none for it any more: then nothing more can be decided, but what was is still superseded,
   *     reinstated, rejected, revoked or expired
   * @return the next one, or the same if the event changes nothing
   * @throws SlipwayException CONFLICT if it cannot happen in this state, PERMISSION_DENIED if that
   *     person may not
   */
  public static Promotion decide(
      Promotion promotion, PromotionEvent event, @Nullable EnvironmentRules rules, Instant now) {
    return switch (event) {
      case PromotionEvent.GatesStarted() -> {
        requireOpen(promotion, "run its gates");
        if (promotion.state() == PromotionState.GATES_RUNNING) {
          throw conflict(promotion, "its gates are running", "run them again when they ended");
        }
        yield promotion.in(PromotionState.GATES_RUNNING, now).expiring(null);
      }
      case PromotionEvent.GatesEnded(List<GateResult> results, List<String> unmet) -> {
        requireState(promotion, PromotionState.GATES_RUNNING, "end its gates");
        EnvironmentRules known = requireKnown(promotion, rules);
        yield settled(merged(promotion, results, unmet, known), known, now);
      }
      case PromotionEvent.GatesLost() ->
          promotion.state() == PromotionState.GATES_RUNNING
              ? rules == null
                  ? promotion.in(PromotionState.DRAFT, now)
                  : settled(promotion, rules, now)
              : promotion;
      case PromotionEvent.ApprovalGiven(Approval approval) ->
          approved(promotion, approval, requireKnown(promotion, rules), now);
      case PromotionEvent.Rejected(String person, String reason) -> {
        requireOpen(promotion, "be rejected");
        yield promotion.in(PromotionState.REJECTED, now).noted(reason).expiring(null);
      }
      case PromotionEvent.Rebound(Binding current) -> rebound(promotion, current, now);
      case PromotionEvent.GlassBroken broken ->
          broken(promotion, broken, requireKnown(promotion, rules), now);
      case PromotionEvent.GlassReviewed(String person, String finding) ->
          reviewed(promotion, person, finding, now);
      case PromotionEvent.CarriedOut() -> {
        requireState(promotion, PromotionState.APPROVED, "be carried out");
        List<Missing> missing = Readiness.start(promotion, rules, now);
        if (!missing.isEmpty()) {
          throw denied(promotion, missing);
        }
        yield promotion.in(PromotionState.DEPLOYED, now);
      }
      case PromotionEvent.Superseded() ->
          promotion.state() == PromotionState.DEPLOYED
              ? promotion.in(PromotionState.SUPERSEDED, now)
              : promotion;
      case PromotionEvent.Reinstated() ->
          promotion.state() == PromotionState.SUPERSEDED
              ? promotion.in(PromotionState.DEPLOYED, now)
              : promotion;
      case PromotionEvent.Revoked(String person, String reason) -> {
        if (!promotion.state().isLoadable()) {
          throw conflict(promotion, "it allows nothing", "revoke one that is approved or deployed");
        }
        yield promotion.in(PromotionState.REVOKED, now).noted(reason);
      }
      case PromotionEvent.TimePassed() -> {
        Instant expires = promotion.expires();
        yield promotion.state() == PromotionState.APPROVED
                && expires != null
                && !now.isBefore(expires)
            ? promotion.in(PromotionState.EXPIRED, now)
            : promotion;
      }
    };
  }

  private static EnvironmentRules requireKnown(
      Promotion promotion, @Nullable EnvironmentRules rules) {
    if (rules == null) {
      throw denied(promotion, Readiness.start(promotion, null, promotion.changedAt()));
    }
    return rules;
  }

  /** The refusal to carry out a promotion in which something is missing. */
  public static SlipwayException denied(Promotion promotion, List<Missing> missing) {
    return new SlipwayException(
        ErrorCode.POLICY_REFUSED,
        "promotion %d of %s to %s is %s; missing: %s"
            .formatted(
                promotion.id(),
                promotion.ref(),
                promotion.binding().target().label(),
                promotion.state(),
                String.join("; ", missing.stream().map(Missing::toString).toList())));
  }

  private static Promotion approved(
      Promotion promotion, Approval approval, EnvironmentRules rules, Instant now) {
    requireState(promotion, PromotionState.AWAITING_APPROVAL, "be approved");
    String hand = promotion.origin().involved().get(approval.person());
    if (hand != null) {
      throw new SlipwayException(
          ErrorCode.PERMISSION_DENIED,
          "promotion %d: %s %s and may not approve it (expected: somebody who had no hand in it)"
              .formatted(promotion.id(), approval.person(), hand));
    }
    if (!approval.binding().equals(promotion.binding().digest())) {
      throw conflict(
          promotion,
          "what you saw has changed",
          "look at it again: slipway promotion get " + promotion.id());
    }
    List<String> before = Quorum.open(rules.approvals(), promotion.counting());
    Promotion next = promotion.with(approval);
    if (Quorum.open(rules.approvals(), next.counting()).size() == before.size()) {
      throw new SlipwayException(
          ErrorCode.PERMISSION_DENIED,
          "promotion %d: %s fills no open place (expected: another person with role %s)"
              .formatted(promotion.id(), approval.person(), String.join(" or ", before)));
    }
    return settled(next, rules, now);
  }

  /** Where an open promotion stands, by what is missing. */
  private static Promotion settled(Promotion promotion, EnvironmentRules rules, Instant now) {
    if (!Readiness.evidence(promotion, rules, now).isEmpty()) {
      return promotion.in(PromotionState.DRAFT, now).expiring(null);
    }
    if (!Readiness.approvals(promotion, rules).isEmpty()) {
      return promotion.in(PromotionState.AWAITING_APPROVAL, now).expiring(null);
    }
    return promotion.in(PromotionState.APPROVED, now).expiring(now.plus(rules.approvalValid()));
  }

  private static Promotion merged(
      Promotion promotion, List<GateResult> results, List<String> unmet, EnvironmentRules rules) {
    Map<String, GateResult> newest = new LinkedHashMap<>();
    promotion.results().forEach(result -> newest.put(result.gate(), result));
    results.forEach(result -> newest.put(result.gate(), result));
    List<ContentDigest> evidence = new ArrayList<>();
    for (GateRule rule : rules.gates()) {
      Optional.ofNullable(newest.get(rule.gate()))
          .ifPresent(result -> evidence.add(result.evidence()));
    }
    return promotion
        .withResults(List.copyOf(newest.values()), unmet)
        .bound(promotion.binding().withEvidence(evidence));
  }

  private static Promotion rebound(Promotion promotion, Binding current, Instant now) {
    if (!promotion.state().isOpen() || promotion.binding().isAboutTheSame(current)) {
      return promotion;
    }
    // What was found out is about something else now.
    String difference = promotion.binding().difference(current);
    return promotion
        .in(PromotionState.DRAFT, now)
        .expiring(null)
        .withResults(List.of(), List.of())
        .bound(current.withEvidence(List.of()))
        .noted(difference + " has changed, so the gates must run and people decide again");
  }

  private static Promotion broken(
      Promotion promotion, PromotionEvent.GlassBroken broken, EnvironmentRules rules, Instant now) {
    requireOpen(promotion, "have its glass broken");
    BreakGlass rule = rules.breakGlass();
    if (rule == null || !broken.roles().contains(rule.role())) {
      throw new SlipwayException(
          ErrorCode.PERMISSION_DENIED,
          "promotion %d: %s may not break the glass (expected: %s)"
              .formatted(
                  promotion.id(),
                  broken.person(),
                  rule == null
                      ? "nobody, the policy has no break-glass for "
                          + promotion.binding().environment()
                      : "somebody with role " + rule.role()));
    }
    if (broken.reason().isBlank()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "reason: empty (expected: why the glass has to be broken)");
    }
    return promotion
        .in(PromotionState.APPROVED, now)
        .expiring(now.plus(rule.valid()))
        .broken(
            new BrokenGlass(
                broken.person(), broken.reason(), now, now.plus(rule.reviewWithin()), null, ""));
  }

  private static Promotion reviewed(
      Promotion promotion, String person, String finding, Instant now) {
    BrokenGlass glass = promotion.brokenGlass();
    if (glass == null || glass.reviewer() != null) {
      throw conflict(promotion, "no broken glass waits for a review", "none is needed");
    }
    if (glass.person().equals(person) || promotion.origin().involved().containsKey(person)) {
      throw new SlipwayException(
          ErrorCode.PERMISSION_DENIED,
          "promotion %d: %s had a hand in it (expected: a review by somebody else)"
              .formatted(promotion.id(), person));
    }
    if (finding.isBlank()) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "reason: empty (expected: what the review found)");
    }
    return promotion
        .in(promotion.state(), now)
        .broken(
            new BrokenGlass(
                glass.person(), glass.reason(), glass.at(), glass.reviewBy(), person, finding));
  }

  private static void requireOpen(Promotion promotion, String what) {
    if (!promotion.state().isOpen()) {
      throw conflict(
          promotion,
          "it is " + promotion.state() + " and cannot " + what,
          "an open one, of slipway promotion request");
    }
  }

  private static void requireState(Promotion promotion, PromotionState state, String what) {
    if (promotion.state() != state) {
      throw conflict(
          promotion, "it is " + promotion.state() + " and cannot " + what, state.toString());
    }
  }

  private static SlipwayException conflict(Promotion promotion, String why, String expected) {
    return new SlipwayException(
        ErrorCode.CONFLICT,
        "promotion %d: %s (expected: %s)".formatted(promotion.id(), why, expected));
  }
}
