package dev.slipway.platform.governance;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.EnvironmentRules;
import dev.slipway.core.governance.EnvironmentRules.GateRule;
import dev.slipway.core.governance.EnvironmentRules.Requirement;
import dev.slipway.core.governance.Policy;
import dev.slipway.core.governance.PolicyJson;
import dev.slipway.platform.governance.gate.Gate;
import dev.slipway.platform.yaml.YamlJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads policies and finds their mistakes: unknown keys, gates and roles, parameters that a gate
 * does not understand, predicates that do not compile.
 */
public final class PolicyFile {
  /**
   * Who can approve. Others would be people who cannot: a rule that asks for them is never
   * fulfilled.
   */
  private static final Set<String> ROLES = Set.of("approver", "operator", "reviewer", "admin");

  private final Map<String, Gate> gates;
  private final Predicates predicates;

  /**
   * @param gates by name
   */
  public PolicyFile(Map<String, Gate> gates, Predicates predicates) {
    this.gates = Map.copyOf(gates);
    this.predicates = predicates;
  }

  /**
   * Reads the YAML of a policy.
   *
   * @param file name for messages
   * @throws SlipwayException CONFIGURATION_INVALID with every mistake that was found
   */
  public Policy read(String file, String yaml) {
    byte[] json = YamlJson.parse(file, yaml).toString().getBytes(StandardCharsets.UTF_8);
    Policy policy;
    try {
      policy = PolicyJson.read(json, gates.keySet(), ROLES);
    } catch (IllegalArgumentException | SlipwayException e) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID, "%s: %s".formatted(file, e.getMessage()), e);
    }
    List<String> mistakes = mistakes(policy);
    if (!mistakes.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID, file + ": " + String.join("; ", mistakes));
    }
    return policy;
  }

  /**
   * A policy as it is kept.
   *
   * @throws SlipwayException STORE_CORRUPT if it is none
   */
  public Policy stored(byte[] canonical) {
    try {
      return PolicyJson.read(canonical, gates.keySet(), ROLES);
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT, "the stored policy cannot be read: " + e.getMessage(), e);
    }
  }

  private List<String> mistakes(Policy policy) {
    List<String> mistakes = new ArrayList<>();
    new TreeMap<>(policy.environments())
        .forEach((name, rules) -> collect("environments." + name, rules, mistakes));
    return mistakes;
  }

  private void collect(String where, EnvironmentRules rules, List<String> mistakes) {
    for (GateRule rule : rules.gates()) {
      Gate gate = Objects.requireNonNull(gates.get(rule.gate()), "gates are known by now");
      try {
        gate.requireParameters(rule.parameters());
      } catch (IllegalArgumentException e) {
        mistakes.add("%s.gates.%s: %s".formatted(where, rule.gate(), e.getMessage()));
      }
    }
    for (Requirement requirement : rules.requirements()) {
      predicates
          .mistake(requirement.expression())
          .ifPresent(
              mistake ->
                  mistakes.add("%s.require.%s: %s".formatted(where, requirement.name(), mistake)));
    }
    if (rules.approvals().isEmpty() && rules.gates().isEmpty()) {
      mistakes.add(
          where + ": neither gates nor approvals (expected: one of them, or no such environment)");
    }
  }
}
