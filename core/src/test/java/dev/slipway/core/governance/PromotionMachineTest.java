package dev.slipway.core.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.EnvironmentRules.ApprovalRule;
import dev.slipway.core.governance.EnvironmentRules.BreakGlass;
import dev.slipway.core.governance.EnvironmentRules.GateRule;
import dev.slipway.core.governance.Promotion.Origin;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PromotionMachineTest {
  private static final Instant START = Instant.parse("2026-05-03T14:00:00Z");
  private static final Set<String> APPROVER = Set.of("approver");
  private static final List<String> PEOPLE = List.of("rita", "anna", "ben", "cleo");

  private static final EnvironmentRules RULES =
      new EnvironmentRules(
          List.of(new GateRule("signature", none()), new GateRule("scan", none())),
          List.of(new ApprovalRule("approver", 2)),
          List.of(),
          Duration.ofDays(3),
          Duration.ofDays(7),
          new BreakGlass("operator", Duration.ofMinutes(60), Duration.ofDays(1)));

  private static JsonObject none() {
    return new JsonObject(Map.of());
  }

  private static ContentDigest digest(String of) {
    return ContentDigest.of(of.getBytes(StandardCharsets.UTF_8));
  }

  private static Binding binding(String artifact, String policy, @Nullable String incumbent) {
    return new Binding(
        new ArtifactDigest(digest(artifact).value()),
        new PromotionTarget.OfDeployment("fraud", new Environment("prod")),
        new Environment("prod"),
        digest(policy),
        incumbent == null ? null : new ArtifactDigest(digest(incumbent).value()),
        List.of());
  }

  private static Promotion requested() {
    return Promotion.requested(
        1,
        new ModelRef("fraud", 2),
        binding("two", "policy", "one"),
        new Origin(
            "rita", Map.of("rita", "asked for it", "anna", "registered fraud/2"), "weekly", START),
        START);
  }

  private static GateResult result(String gate, Verdict verdict, Instant at) {
    return new GateResult(gate, verdict, digest(gate + verdict + at), at);
  }

  private static Promotion next(Promotion promotion, PromotionEvent event, Instant now) {
    return PromotionMachine.decide(promotion, event, RULES, now);
  }

  private static Promotion gated(Promotion promotion, Instant now) {
    return next(
        next(promotion, new PromotionEvent.GatesStarted(), now),
        new PromotionEvent.GatesEnded(
            List.of(result("signature", Verdict.PASSED, now), result("scan", Verdict.PASSED, now)),
            List.of()),
        now);
  }

  private static PromotionEvent yes(Promotion promotion, String person, Instant now) {
    return new PromotionEvent.ApprovalGiven(
        new Approval(person, APPROVER, promotion.binding().digest(), "", now));
  }

  @Test
  void twoOthersApproveAndItIsCarriedOut() {
    Promotion gated = gated(requested(), START);
    assertThat(gated.state()).isEqualTo(PromotionState.AWAITING_APPROVAL);
    Promotion one = next(gated, yes(gated, "ben", START), START);
    assertThat(one.state()).isEqualTo(PromotionState.AWAITING_APPROVAL);
    Promotion two = next(one, yes(one, "cleo", START), START);
    assertThat(two.state()).isEqualTo(PromotionState.APPROVED);
    assertThat(two.expires()).isEqualTo(START.plus(Duration.ofDays(3)));
    assertThat(next(two, new PromotionEvent.CarriedOut(), START).state())
        .isEqualTo(PromotionState.DEPLOYED);
  }

  @Test
  void whoeverHadAHandInItCannotApprove() {
    Promotion gated = gated(requested(), START);
    for (String person : List.of("rita", "anna")) {
      assertThatThrownBy(() -> next(gated, yes(gated, person, START), START))
          .isInstanceOfSatisfying(
              SlipwayException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED))
          .hasMessageContaining(person);
    }
  }

  @Test
  void thePersonWhoApprovedIsCountedOnce() {
    Promotion gated = gated(requested(), START);
    Promotion one = next(gated, yes(gated, "ben", START), START);
    assertThatThrownBy(() -> next(one, yes(one, "ben", START), START))
        .hasMessageContaining("fills no open place");
  }

  @Test
  void anApprovalOfWhatHasChangedCountsForNothing() {
    Promotion gated = gated(requested(), START);
    PromotionEvent early = yes(gated, "ben", START);
    Promotion changed =
        next(gated, new PromotionEvent.Rebound(binding("two", "policy", "three")), START);
    assertThat(changed.state()).isEqualTo(PromotionState.DRAFT);
    assertThat(changed.note()).contains("what serves at deployment/fraud");
    Promotion again = gated(changed, START.plusSeconds(1));
    assertThatThrownBy(() -> next(again, early, START)).hasMessageContaining("has changed");
  }

  @Test
  void aNewPolicyLeavesApprovalsBehind() {
    Promotion gated = gated(requested(), START);
    Promotion one = next(gated, yes(gated, "ben", START), START);
    Promotion two = next(one, yes(one, "cleo", START), START);
    Promotion changed =
        next(two, new PromotionEvent.Rebound(binding("two", "stricter", "one")), START);
    assertThat(changed.counting()).isEmpty();
    assertThatThrownBy(() -> next(changed, new PromotionEvent.CarriedOut(), START))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
  }

  @Test
  void anApprovalThatExpiredAtThisMomentStartsNothing() {
    Promotion gated = gated(requested(), START);
    Promotion one = next(gated, yes(gated, "ben", START), START);
    Promotion two = next(one, yes(one, "cleo", START), START);
    Instant end = START.plus(Duration.ofDays(3));
    assertThat(next(two, new PromotionEvent.CarriedOut(), end.minusNanos(1)).state())
        .isEqualTo(PromotionState.DEPLOYED);
    assertThatThrownBy(() -> next(two, new PromotionEvent.CarriedOut(), end))
        .hasMessageContaining("expired");
    assertThat(next(two, new PromotionEvent.TimePassed(), end).state())
        .isEqualTo(PromotionState.EXPIRED);
  }

  @Test
  void aFailedGateSaysSoAndHowToSeeWhy() {
    Promotion running = next(requested(), new PromotionEvent.GatesStarted(), START);
    Promotion failed =
        next(
            running,
            new PromotionEvent.GatesEnded(
                List.of(
                    result("signature", Verdict.PASSED, START),
                    result("scan", Verdict.FAILED, START)),
                List.of()),
            START);
    assertThat(failed.state()).isEqualTo(PromotionState.DRAFT);
    assertThat(Readiness.start(failed, RULES, START))
        .extracting(Missing::toString)
        .first()
        .isEqualTo("gate scan: FAILED: slipway gate explain 1 scan");
  }

  @Test
  void brokenGlassNeedsTheRoleAReasonAndAReviewBySomebodyElse() {
    Promotion draft = requested();
    assertThatThrownBy(
            () -> next(draft, new PromotionEvent.GlassBroken("ben", APPROVER, "fire"), START))
        .hasMessageContaining("role operator");
    Promotion broken =
        next(draft, new PromotionEvent.GlassBroken("ben", Set.of("operator"), "fire"), START);
    assertThat(broken.state()).isEqualTo(PromotionState.APPROVED);
    Promotion live = next(broken, new PromotionEvent.CarriedOut(), START);
    assertThatThrownBy(
            () -> next(live, new PromotionEvent.GlassReviewed("ben", "fine by me"), START))
        .hasMessageContaining("somebody else");
    Promotion reviewed = next(live, new PromotionEvent.GlassReviewed("cleo", "right"), START);
    assertThat(reviewed.state()).isEqualTo(PromotionState.DEPLOYED);
    assertThat(reviewed.brokenGlass()).extracting("reviewer").isEqualTo("cleo");
  }

  @Test
  void peopleWithSeveralRolesArePlacedWhereTheyFit() {
    List<ApprovalRule> rules =
        List.of(new ApprovalRule("approver", 1), new ApprovalRule("reviewer", 1));
    Approval both = new Approval("ben", Set.of("approver", "reviewer"), digest("x"), "", START);
    Approval only = new Approval("cleo", Set.of("approver"), digest("x"), "", START);
    assertThat(Quorum.open(rules, List.of(both, only))).isEmpty();
    assertThat(Quorum.open(rules, List.of(only, both))).isEmpty();
    assertThat(Quorum.open(rules, List.of(both))).hasSize(1);
  }

  @Test
  void withoutRulesNothingNewIsAllowedAndWhatWasIsStillTakenBack() {
    Promotion gated = gated(requested(), START);
    Promotion one = next(gated, yes(gated, "ben", START), START);
    Promotion two = next(one, yes(one, "cleo", START), START);
    assertThat(Readiness.start(two, null, START)).isNotEmpty();
    for (Promotion promotion : List.of(gated, one)) {
      assertThatThrownBy(() -> ruleless(promotion, yes(promotion, "cleo", START)))
          .isInstanceOfSatisfying(
              SlipwayException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.POLICY_REFUSED));
    }
    assertThatThrownBy(() -> ruleless(two, new PromotionEvent.CarriedOut()))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.POLICY_REFUSED));
    Promotion live = next(two, new PromotionEvent.CarriedOut(), START);
    Promotion superseded = ruleless(live, new PromotionEvent.Superseded());
    assertThat(superseded.state()).isEqualTo(PromotionState.SUPERSEDED);
    assertThat(ruleless(superseded, new PromotionEvent.Reinstated()).state())
        .isEqualTo(PromotionState.DEPLOYED);
    assertThat(ruleless(live, new PromotionEvent.Revoked("ben", "bad")).state())
        .isEqualTo(PromotionState.REVOKED);
    assertThat(ruleless(gated, new PromotionEvent.Rejected("ben", "no")).state())
        .isEqualTo(PromotionState.REJECTED);
    Promotion running = next(requested(), new PromotionEvent.GatesStarted(), START);
    assertThat(ruleless(running, new PromotionEvent.GatesLost()).state())
        .isEqualTo(PromotionState.DRAFT);
  }

  private static Promotion ruleless(Promotion promotion, PromotionEvent event) {
    return PromotionMachine.decide(promotion, event, null, START);
  }

  /** One thing that may be tried, whatever the state. */
  record Attempt(int kind, int person, int minutes) {}

  @Provide
  Arbitrary<List<Attempt>> attempts() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 11),
            Arbitraries.integers().between(0, PEOPLE.size() - 1),
            Arbitraries.integers().between(0, 3_000))
        .as(Attempt::new)
        .list()
        .ofMaxSize(40);
  }

  /** Whatever is tried in whatever order, these hold. */
  @Property(tries = 2_000)
  void nothingIsCarriedOutWithoutWhatThePolicyWants(@ForAll("attempts") List<Attempt> attempts) {
    Promotion promotion = requested();
    Instant now = START;
    for (Attempt attempt : attempts) {
      now = now.plus(Duration.ofMinutes(attempt.minutes()));
      Promotion before = promotion;
      try {
        promotion = PromotionMachine.decide(promotion, event(attempt, promotion, now), RULES, now);
      } catch (SlipwayException refused) {
        assertThat(refused.code()).isNotEqualTo(ErrorCode.INTERNAL);
        continue;
      }
      assertThat(promotion.revision()).isBetween(before.revision(), before.revision() + 1);
      if (!promotion.equals(before)) {
        assertThat(promotion.revision()).isEqualTo(before.revision() + 1);
      }
      if (!before.state().isOpen()) {
        assertThat(promotion.state().isOpen()).as("%s reopened", before.state()).isFalse();
      }
      if (before.state() == PromotionState.REVOKED) {
        assertThat(promotion.state()).isEqualTo(PromotionState.REVOKED);
      }
      if (promotion.state() == PromotionState.DEPLOYED && before.state().isOpen()) {
        requireAllowed(before, now);
      }
      assertThat(PromotionJson.read(PromotionJson.write(promotion))).isEqualTo(promotion);
    }
  }

  /** The rules once more, in other words than the machine's. */
  private static void requireAllowed(Promotion promotion, Instant now) {
    assertThat(promotion.expires()).isNotNull().isAfter(now);
    if (promotion.brokenGlass() != null) {
      return;
    }
    Set<String> people = new HashSet<>();
    for (Approval approval : promotion.approvals()) {
      if (approval.binding().equals(promotion.binding().digest())) {
        people.add(approval.person());
      }
    }
    people.removeAll(List.of("rita", "anna"));
    assertThat(people).hasSizeGreaterThanOrEqualTo(2);
    for (String gate : List.of("signature", "scan")) {
      GateResult result = promotion.result(gate).orElseThrow();
      assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
      assertThat(Duration.between(result.at(), now)).isLessThanOrEqualTo(Duration.ofDays(7));
    }
  }

  private static PromotionEvent event(Attempt attempt, Promotion promotion, Instant now) {
    String person = PEOPLE.get(attempt.person());
    return switch (attempt.kind()) {
      case 0 -> new PromotionEvent.GatesStarted();
      case 1, 2 ->
          new PromotionEvent.GatesEnded(
              List.of(
                  result("signature", Verdict.PASSED, now),
                  result(
                      "scan", attempt.minutes() % 4 == 0 ? Verdict.FAILED : Verdict.PASSED, now)),
              List.of());
      case 3, 4, 5 -> yes(promotion, person, now);
      case 6 -> new PromotionEvent.CarriedOut();
      case 7 ->
          new PromotionEvent.Rebound(
              binding("two", "policy", attempt.minutes() % 2 == 0 ? "one" : null));
      case 8 ->
          attempt.minutes() % 5 == 0
              ? new PromotionEvent.GlassBroken(person, Set.of("operator"), "fire")
              : new PromotionEvent.GatesLost();
      case 9 ->
          attempt.minutes() % 5 == 0
              ? new PromotionEvent.Rejected(person, "no")
              : new PromotionEvent.TimePassed();
      case 10 ->
          attempt.minutes() % 2 == 0
              ? new PromotionEvent.Superseded()
              : new PromotionEvent.Reinstated();
      default ->
          attempt.minutes() % 3 == 0
              ? new PromotionEvent.Revoked(person, "bad")
              : new PromotionEvent.GlassReviewed(person, "right");
    };
  }
}
