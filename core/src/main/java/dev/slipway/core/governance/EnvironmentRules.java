package dev.slipway.core.governance;

import dev.slipway.core.audit.json.JsonValue.JsonObject;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds in a protected environment.
 *
 * @param gates that must have passed, in the order in which they run
 * @param approvals that are needed, each person counting for one of them
 * @param requirements over the evidence
 * @param approvalValid how long after the last approval a deployment may start
 * @param evidenceAgeMax how old evidence may be when a deployment starts
 * @param breakGlass who may do without gates and approvals; null means nobody
 */
public record EnvironmentRules(
    List<GateRule> gates,
    List<ApprovalRule> approvals,
    List<Requirement> requirements,
    Duration approvalValid,
    Duration evidenceAgeMax,
    @Nullable BreakGlass breakGlass) {
  /** A gate and what it is told. */
  public record GateRule(String gate, JsonObject parameters) {}

  /**
   * So many people with a role.
   *
   * @param count {@code >= 1}
   */
  public record ApprovalRule(String role, int count) {}

  /**
   * A predicate over the evidence.
   *
   * @param expression in CEL; true means fulfilled
   * @param otherwise what to tell whoever does not fulfil it
   */
  public record Requirement(String name, String expression, String otherwise) {}

  /**
   * The way around the rules for an emergency.
   *
   * @param role who may go it
   * @param valid how long a deployment may start after the glass was broken
   * @param reviewWithin how soon somebody else must have looked at it
   */
  public record BreakGlass(String role, Duration valid, Duration reviewWithin) {}

  public EnvironmentRules {
    gates = List.copyOf(gates);
    approvals = List.copyOf(approvals);
    requirements = List.copyOf(requirements);
  }

  /** The people that are needed in all. */
  public int approversNeeded() {
    return approvals.stream().mapToInt(ApprovalRule::count).sum();
  }
}
