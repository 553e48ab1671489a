package dev.slipway.platform.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.Commitment;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Promotion;
import dev.slipway.core.governance.PromotionTarget;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Rights;
import dev.slipway.core.identity.Role;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelRef;
import dev.slipway.platform.ControlPlane;
import dev.slipway.platform.doctor.Check;
import dev.slipway.platform.governance.gate.Gates;
import dev.slipway.platform.registry.StoredArtifacts;
import dev.slipway.serving.engine.EngineSelector;
import dev.slipway.serving.engine.WarmUp;
import dev.slipway.testkit.engine.LinearEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What follows when nobody looks at a broken glass. */
class OverdueReviewTest {
  private static final Principal ANNA = person("anna", Role.DEVELOPER, Role.ADMIN);
  private static final Principal BEN = person("ben", Role.OPERATOR, Role.APPROVER);
  private static final Principal CARL = person("carl", Role.APPROVER);

  @TempDir Path folder;
  private volatile Instant now = Instant.parse("2026-05-03T12:00:00Z");
  private ControlPlane plane;
  private Promotions promotions;

  @BeforeEach
  void start() {
    plane = new ControlPlane(folder.resolve("data"), () -> now);
    Governance governance =
        Governance.of(
            plane.store,
            plane.registry,
            plane.trail,
            plane.trail.log().verifier(),
            new StoredArtifacts(plane.blobs),
            new EngineSelector(List.of(new LinearEngine()), new WarmUp(version -> List.of())),
            Gates.all(version -> List.of(), "test"),
            () -> now,
            "test");
    promotions = governance.promotions();
    Policies policies = governance.policies();
    policies.approve(CARL, policies.propose(ANNA, "policy.yaml", POLICY, "less").id());
  }

  @AfterEach
  void stop() {
    plane.close();
  }

  @Test
  void anEnvironmentIsClosedUntilSomebodyElseHasReviewedWhatWentAroundTheRules() throws Exception {
    Promotion first = promotions.request(ANNA, register(1), place("live"), "");
    promotions.breakGlass(BEN, first.id(), "the old one answers nonsense");
    assertThat(promotions.unreviewed()).extracting(Promotion::id).containsExactly(first.id());
    assertThat(review()).isEqualTo(Check.Status.WARNING);

    Promotion second = promotions.request(ANNA, register(2), place("other"), "");
    now = now.plus(Duration.ofHours(25));
    assertThat(review()).isEqualTo(Check.Status.FAILED);
    assertThatThrownBy(() -> promotions.breakGlass(BEN, second.id(), "again"))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.POLICY_REFUSED))
        .hasMessageContaining("environment prod is closed")
        .hasMessageContaining("slipway promotion review " + first.id());
    Promotion elsewhere =
        promotions.request(
            ANNA,
            register(3),
            new PromotionTarget.OfDeployment("lab", new Environment("stage")),
            "");
    promotions.breakGlass(BEN, elsewhere.id(), "another environment is not closed");

    assertThatThrownBy(() -> promotions.review(BEN, first.id(), "I did well"))
        .hasMessageContaining("had a hand in it");
    promotions.review(CARL, first.id(), "it was right");
    promotions.breakGlass(BEN, second.id(), "again");
    assertThat(promotions.unreviewed())
        .extracting(Promotion::id)
        .containsExactly(second.id(), elsewhere.id());
  }

  private Check.Status review() {
    return plane.doctor.examine().stream()
        .filter(check -> check.name().equals("reviews"))
        .findFirst()
        .orElseThrow()
        .status();
  }

  private ModelRef register(double weight) throws Exception {
    Path model = LinearEngine.write(folder.resolve("m" + weight), weight, 1);
    return plane.registry.register(ANNA, "m", model, false).version().ref();
  }

  private static PromotionTarget place(String deployment) {
    return new PromotionTarget.OfDeployment(deployment, new Environment("prod"));
  }

  private static Principal person(String name, Role... roles) {
    return new Principal(
        name,
        PrincipalKind.PERSON,
        new Actor.Person(Commitment.of(new byte[Commitment.SALT_BYTES], name)),
        Rights.of(roles),
        null);
  }

  private static final String POLICY =
      """
      policy: 1
      environments:
        prod:
          gates: [{gate: artifact-scan}]
          approvals: [{role: approver, count: 1}]
          approval_valid_hours: 72
          evidence_age_hours_max: 168
          break_glass: {role: operator, valid_minutes: 60, review_within_hours: 24}
        stage:
          gates: [{gate: artifact-scan}]
          approvals: [{role: approver, count: 1}]
          approval_valid_hours: 72
          evidence_age_hours_max: 168
          break_glass: {role: operator, valid_minutes: 60, review_within_hours: 24}
      aliases: {champion: prod}
      stages: {Production: prod}
      """;
}
