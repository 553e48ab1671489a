package dev.slipway.platform.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.governance.EnvironmentRules;
import dev.slipway.core.governance.EnvironmentRules.Requirement;
import dev.slipway.core.governance.Evidence;
import dev.slipway.core.governance.Policy;
import dev.slipway.core.governance.PolicyJson;
import dev.slipway.core.governance.Verdict;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelRef;
import dev.slipway.platform.governance.gate.Gate;
import dev.slipway.platform.governance.gate.GateOutcome;
import dev.slipway.platform.governance.gate.GateSubject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyFileTest {
  private static final String RULES =
      """
      policy: 1
      environments:
        prod:
          gates: [{gate: counting, rows_min: 5}]
          approvals: [{role: approver, count: 1}]
          require:
            - name: rows
              expression: %s
              otherwise: give more rows
          approval_valid_hours: 72
          evidence_age_hours_max: 168
      aliases: {champion: prod}
      """;

  /** Understands one parameter. */
  private record Counting() implements Gate {
    @Override
    public String name() {
      return "counting";
    }

    @Override
    public void requireParameters(JsonObject parameters) {
      if (!parameters.members().keySet().equals(Set.of("rows_min"))) {
        throw new IllegalArgumentException(parameters.members().keySet() + " (expected: rows_min)");
      }
    }

    @Override
    public GateOutcome run(GateSubject subject, JsonObject parameters) {
      throw new UnsupportedOperationException("policies are read without running gates");
    }
  }

  private final Predicates predicates = new Predicates();
  private final PolicyFile files = new PolicyFile(Map.of("counting", new Counting()), predicates);

  private static Map<String, Object> facts(double rows) {
    return Predicates.facts(
        "fraud",
        2,
        "prod",
        List.of(
            new Evidence(
                "counting",
                Verdict.PASSED,
                new ModelRef("fraud", 2),
                new ArtifactDigest("sha256:" + "a".repeat(64)),
                new JsonObject(Map.of()),
                Map.of(),
                new JsonObject(Map.of("rows", new JsonNumber(rows))),
                List.of(),
                Instant.EPOCH,
                "1")));
  }

  private List<String> unmet(String expression, double rows) {
    Policy policy = files.read("p.yaml", RULES.formatted(expression));
    EnvironmentRules rules = policy.rules(new Environment("prod")).orElseThrow();
    return predicates.unmet(rules.requirements(), facts(rows));
  }

  @Test
  void aPredicateDecidesOnWhatTheGatesMeasured() {
    String enough = "evidence[\"counting\"].measurements.rows >= 10.0 && model == \"fraud\"";
    assertThat(unmet("'" + enough + "'", 10)).isEmpty();
    assertThat(unmet("'" + enough + "'", 9)).containsExactly("rows: give more rows");
  }

  @Test
  void whatCannotBeDecidedIsNotFulfilled() {
    assertThat(unmet("'evidence[\"absent\"].measurements.rows > 0.0'", 10))
        .singleElement()
        .asString()
        .contains("undecided");
  }

  @Test
  void aPolicyKeepsItsDigestThroughStoreAndLayout() {
    Policy policy = files.read("p.yaml", RULES.formatted("'version > 1'"));
    assertThat(files.stored(PolicyJson.write(policy))).isEqualTo(policy);
    String other =
        RULES
            .formatted("\"version > 1\"")
            .replace("[{gate: counting, rows_min: 5}]", "[{rows_min: 5, gate: counting}]");
    assertThat(files.read("p.yaml", other).digest()).isEqualTo(policy.digest());
  }

  @Test
  void everyMistakeIsNamed() {
    assertMistake(RULES.formatted("'version +'"), "environments.prod.require.rows");
    assertMistake(RULES.formatted("'version'"), "environments.prod.require.rows");
    assertMistake(RULES.formatted("'nobody > 1'"), "nobody");
    assertMistake(RULES.formatted("'true'").replace("rows_min", "rows"), "gates.counting");
    assertMistake(RULES.formatted("'true'").replace("gate: counting", "gate: other"), "other");
    assertMistake(RULES.formatted("'true'").replace("count: 1", "count: 0"), "count");
    assertMistake(RULES.formatted("'true'").replace("role: approver", "role: boss"), "boss");
    assertMistake(RULES.formatted("'true'").replace("champion: prod", "champion: live"), "live");
    assertMistake(RULES.formatted("'true'") + "policy: 1\n", "twice");
    assertMistake(
        RULES.formatted("'true'").replace("prod:", "dev:").replace(": prod", ": dev"), "dev");
    assertMistake(RULES.formatted("'true'") + "more: 1\n", "more");
    assertMistake("- a\n", "mapping");
  }

  private void assertMistake(String yaml, String named) {
    assertThatThrownBy(() -> files.read("p.yaml", yaml)).hasMessageContaining(named);
  }

  @Test
  void anExpressionHasLimits() {
    assertThat(predicates.mistake("(".repeat(200) + "true" + ")".repeat(200))).isPresent();
    assertThat(predicates.mistake("true" + " && true".repeat(2_000))).isPresent();
    assertThat(
            predicates.unmet(
                List.of(
                    new Requirement(
                        "endless",
                        "[0,1,2,3,4,5,6,7,8,9].all(a, [0,1,2,3,4,5,6,7,8,9].all(b,"
                            + " [0,1,2,3,4,5,6,7,8,9].all(c, [0,1,2,3,4,5,6,7,8,9].all(d,"
                            + " [0,1,2,3,4,5,6,7,8,9].all(e, [0,1,2,3,4,5,6,7,8,9].all(f,"
                            + " true))))))",
                        "stop")),
                facts(1)))
        .singleElement()
        .asString()
        .contains("undecided");
  }
}
