package dev.slipway.core.governance;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.model.Environment;
import java.util.Map;
import java.util.Optional;

/**
 * The rules of every protected place. A place that is in none of the maps has no rules, and what is
 * protected and has no rules can not be reached at all.
 *
 * @param environments rules by the environment's name
 * @param aliases environment whose rules protect an alias, by the alias
 * @param stages environment whose rules protect a stage, by the stage
 */
public record Policy(
    Map<String, EnvironmentRules> environments,
    Map<String, String> aliases,
    Map<String, String> stages) {
  /**
   * @throws IllegalArgumentException if an alias or a stage names an environment that has no rules
   */
  public Policy {
    environments = Map.copyOf(environments);
    aliases = Map.copyOf(aliases);
    stages = Map.copyOf(stages);
    requireKnown(environments, "aliases", aliases);
    requireKnown(environments, "stages", stages);
    if (environments.containsKey(Environment.DEV.name())) {
      throw new IllegalArgumentException(
          "environments.dev (expected: none, it is not protected; name another environment)");
    }
  }

  private static void requireKnown(
      Map<String, EnvironmentRules> environments, String what, Map<String, String> places) {
    places.forEach(
        (name, environment) -> {
          if (!environments.containsKey(environment)) {
            throw new IllegalArgumentException(
                "%s.%s: '%s' (expected: one of environments, %s)"
                    .formatted(
                        what,
                        name,
                        environment,
                        String.join(", ", environments.keySet().stream().sorted().toList())));
          }
        });
  }

  /** The environment whose rules hold at a place; empty if it is not protected. */
  public Optional<Environment> environmentOf(PromotionTarget target) {
    return switch (target) {
      case PromotionTarget.OfDeployment(String name, Environment environment) ->
          Optional.of(environment).filter(Environment::isProtected);
      case PromotionTarget.OfAlias(String model, String alias) ->
          Optional.ofNullable(aliases.get(alias)).map(Environment::new);
      case PromotionTarget.OfStage(String model, String stage) ->
          Optional.ofNullable(stages.get(stage)).map(Environment::new);
    };
  }

  /** The rules of a protected environment; empty if the policy does not know it. */
  public Optional<EnvironmentRules> rules(Environment environment) {
    return Optional.ofNullable(environments.get(environment.name()));
  }

  /** Names exactly this policy. */
  public ContentDigest digest() {
    return ContentDigest.of(PolicyJson.write(this));
  }
}
