package dev.slipway.platform.governance;

import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.error.ErrorClass;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.EnvironmentRules;
import dev.slipway.core.governance.EnvironmentRules.GateRule;
import dev.slipway.core.governance.Evidence;
import dev.slipway.core.governance.Verdict;
import dev.slipway.platform.governance.gate.Gate;
import dev.slipway.platform.governance.gate.GateOutcome;
import dev.slipway.platform.governance.gate.GateSubject;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs gates and makes evidence of what they find. */
final class GateRunner {
  private final Map<String, Gate> gates;
  private final InstantSource clock;
  private final String build;

  /**
   * @param gates by name
   * @param build version of Slipway, for the evidence
   */
  GateRunner(Map<String, Gate> gates, InstantSource clock, String build) {
    this.gates = Map.copyOf(gates);
    this.clock = clock;
    this.build = build;
  }

  /**
   * Runs every gate of an environment. One that lacks something it needs is inconclusive, and its
   * evidence says what; the others run all the same.
   *
   * @param progress is told the name of each gate before it runs
   * @return in the order of the rules
   */
  List<Evidence> run(EnvironmentRules rules, GateSubject subject, Consumer<String> progress) {
    List<Evidence> evidence = new ArrayList<>();
    for (GateRule rule : rules.gates()) {
      progress.accept(rule.gate());
      evidence.add(run(rule, subject));
    }
    return evidence;
  }

  private Evidence run(GateRule rule, GateSubject subject) {
    Gate gate = gates.get(rule.gate());
    GateOutcome outcome;
    if (gate == null) {
      outcome = inconclusive("this release has no gate of that name");
    } else {
      try {
        outcome = gate.run(subject, rule.parameters());
      } catch (SlipwayException e) {
        if (e.code().errorClass() != ErrorClass.CALLER) {
          throw e;
        }
        outcome = inconclusive(String.valueOf(e.getMessage()));
      }
    }
    Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new Evidence(
        rule.gate(),
        outcome.verdict(),
        subject.candidate().ref(),
        subject.candidate().digest(),
        rule.parameters(),
        outcome.inputs(),
        outcome.measurements(),
        outcome.findings(),
        at,
        build);
  }

  private static GateOutcome inconclusive(String why) {
    return new GateOutcome(Verdict.INCONCLUSIVE, Map.of(), new JsonObject(Map.of()), List.of(why));
  }
}
