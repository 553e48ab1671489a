package dev.slipway.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Binding;
import dev.slipway.core.governance.Evidence;
import dev.slipway.core.governance.PolicyRecord;
import dev.slipway.core.governance.Promotion;
import dev.slipway.core.governance.Promotion.BrokenGlass;
import dev.slipway.core.governance.Promotion.Origin;
import dev.slipway.core.governance.PromotionState;
import dev.slipway.core.governance.PromotionTarget;
import dev.slipway.core.governance.Verdict;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelRef;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.GovernanceView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every control store does with promotions, evidence and policies. */
public abstract class GovernanceStoreKit {
  private static final Instant NOW = Instant.parse("2026-05-03T14:03:00Z");

  @TempDir Path root;
  private ControlStore store;

  /** Opens an empty store. */
  protected abstract ControlStore open(Path root);

  @BeforeEach
  void openStore() {
    store = open(root);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private <T> T read(Function<GovernanceView, T> reading) {
    return store.read(view -> reading.apply(view.governance()));
  }

  private static Promotion promotion(long id, ModelRef ref) {
    Binding binding =
        new Binding(
            new ArtifactDigest("sha256:" + "a".repeat(64)),
            new PromotionTarget.OfDeployment("fraud", new Environment("prod")),
            new Environment("prod"),
            new ContentDigest("sha256:" + "b".repeat(64)),
            null,
            List.of());
    return Promotion.requested(
        id, ref, binding, new Origin("anna", Map.of("anna", "requested it"), "", NOW), NOW);
  }

  @Test
  void aPromotionIsWrittenOnlyOnTheRevisionItWasDecidedOn() {
    Promotion first = promotion(1, new ModelRef("fraud", 2));
    Promotion second = first.judged(List.of("too few rows"));
    store.commit(
        work -> {
          assertThat(work.governance().nextPromotion()).isEqualTo(1);
          work.governance().putPromotion(first);
          return first;
        });
    assertThatThrownBy(
            () ->
                store.commit(
                    work -> {
                      work.governance().putPromotion(second);
                      return second;
                    }))
        .as("it has the revision of the first")
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    assertThat(this.<Optional<Promotion>>read(governance -> governance.promotion(1)))
        .contains(first);
    assertThat(this.<Optional<Promotion>>read(governance -> governance.promotion(2))).isEmpty();
  }

  @Test
  void brokenGlassIsFoundUntilItIsReviewedTheMostUrgentFirst() {
    List<Promotion> broken = new ArrayList<>();
    for (long id = 1; id <= 3; id++) {
      Promotion requested = promotion(id, new ModelRef("fraud", 1));
      Promotion opened =
          withGlass(
              requested,
              new BrokenGlass("ben", "it burns", NOW, NOW.plusSeconds(100 - id), null, ""));
      broken.add(opened);
      put(requested);
      put(opened);
    }
    Promotion second = broken.get(1);
    put(
        withGlass(
            second,
            new BrokenGlass("ben", "it burns", NOW, NOW.plusSeconds(98), "carl", "it did burn")));

    assertThat(this.<List<Promotion>>read(GovernanceView::unreviewed))
        .containsExactly(broken.get(2), broken.get(0));
  }

  private static Promotion withGlass(Promotion before, BrokenGlass glass) {
    return new Promotion(
        before.id(),
        before.ref(),
        before.binding(),
        before.origin(),
        before.state(),
        before.results(),
        before.unmet(),
        before.approvals(),
        before.expires(),
        glass,
        before.note(),
        before.revision() + 1,
        before.changedAt());
  }

  private void put(Promotion promotion) {
    store.commit(
        work -> {
          work.governance().putPromotion(promotion);
          return promotion;
        });
  }

  @Test
  void promotionsAreFoundByStatePlaceAndArtifact() {
    for (long id = 1; id <= 3; id++) {
      Promotion promotion = promotion(id, new ModelRef("fraud", (int) id));
      store.commit(
          work -> {
            work.governance().putPromotion(promotion);
            return promotion;
          });
    }
    Promotion third = promotion(3, new ModelRef("fraud", 3));
    assertThat(
            this.<List<Promotion>>read(
                governance ->
                    governance.promotions(Set.of(PromotionState.DRAFT), Long.MAX_VALUE, 2)))
        .extracting(Promotion::id)
        .containsExactly(3L, 2L);
    assertThat(
            this.<List<Promotion>>read(
                governance ->
                    governance.promotions(Set.of(PromotionState.APPROVED), Long.MAX_VALUE, 2)))
        .isEmpty();
    assertThat(this.<List<Promotion>>read(governance -> governance.promotions(Set.of(), 3, 5)))
        .extracting(Promotion::id)
        .containsExactly(2L, 1L);
    assertThat(
            this.<List<Promotion>>read(governance -> governance.promotionsTo("deployment/fraud")))
        .hasSize(3);
    assertThat(
            this.<List<Promotion>>read(
                governance ->
                    governance.promotionsOf(third.binding().artifact(), "deployment/other")))
        .isEmpty();
  }

  @Test
  void evidenceReceiptsAndRegistrantsAreKept() {
    Promotion promotion = promotion(1, new ModelRef("fraud", 2));
    Evidence evidence =
        new Evidence(
            "signature",
            Verdict.PASSED,
            promotion.ref(),
            promotion.binding().artifact(),
            new JsonObject(Map.of()),
            Map.of(),
            new JsonObject(Map.of("rows", new JsonNumber(3))),
            List.of("answered"),
            NOW,
            "1");
    store.commit(
        work -> {
          work.governance().putEvidence(evidence);
          work.governance().putEvidence(evidence);
          work.governance().putPromotion(promotion);
          work.governance().putApprovalEntry(1, 7);
          work.governance().putReceipt(1, new byte[] {1, 2});
          work.governance().putRegistrant(promotion.ref(), "anna");
          return promotion;
        });
    assertThat(this.<Optional<byte[]>>read(governance -> governance.evidence(evidence.digest())))
        .hasValueSatisfying(bytes -> assertThat(Evidence.parse(bytes)).isEqualTo(evidence));
    assertThat(this.<Optional<Long>>read(governance -> governance.approvalEntry(1))).contains(7L);
    assertThat(this.<Optional<byte[]>>read(governance -> governance.receipt(1)))
        .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(1, 2));
    assertThat(this.<Optional<String>>read(governance -> governance.registrant(promotion.ref())))
        .contains("anna");
    store.commit(
        work -> {
          work.governance().putApprovalEntry(1, 9);
          return promotion;
        });
    assertThat(this.<Optional<byte[]>>read(governance -> governance.receipt(1)))
        .as("the receipt of another entry is none")
        .isEmpty();
  }

  @Test
  void oneProposedPolicyIsInForceWhenItWasDecidedSo() {
    PolicyRecord proposed =
        new PolicyRecord(
            1,
            new ContentDigest("sha256:" + "c".repeat(64)),
            PolicyRecord.State.PROPOSED,
            new byte[] {'{', '}'},
            "anna",
            "stricter",
            NOW,
            "",
            NOW);
    store.commit(
        work -> {
          work.governance().putPolicy(proposed);
          return proposed;
        });
    assertThat(this.<Optional<PolicyRecord>>read(governance -> governance.activePolicy()))
        .isEmpty();
    store.commit(
        work -> {
          work.governance()
              .putPolicy(proposed.decided(PolicyRecord.State.ACTIVE, "ben", NOW.plusSeconds(1)));
          return proposed;
        });
    assertThat(this.<Optional<PolicyRecord>>read(governance -> governance.activePolicy()))
        .hasValueSatisfying(
            active -> {
              assertThat(active.decider()).isEqualTo("ben");
              assertThat(active.proposer()).isEqualTo("anna");
            });
    assertThat(this.<List<PolicyRecord>>read(governance -> governance.policies(2, 10))).hasSize(1);
  }
}
