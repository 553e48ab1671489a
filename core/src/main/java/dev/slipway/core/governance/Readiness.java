package dev.slipway.core.governance;

import dev.slipway.core.governance.EnvironmentRules.GateRule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What keeps a promotion from the next step. Each answer names the command that mends it. */
public final class Readiness {
  private Readiness() {}

  /** What is missing before people are asked; empty if nothing is. */
  public static List<Missing> evidence(Promotion promotion, EnvironmentRules rules, Instant now) {
    List<Missing> missing = new ArrayList<>();
    for (GateRule rule : rules.gates()) {
      String gate = rule.gate();
      promotion
          .result(gate)
          .ifPresentOrElse(
              result -> {
                if (result.verdict() != Verdict.PASSED) {
                  missing.add(
                      new Missing(
                          "gate %s: %s".formatted(gate, result.verdict()),
                          "slipway gate explain %d %s".formatted(promotion.id(), gate)));
                } else if (result.at().plus(rules.evidenceAgeMax()).isBefore(now)) {
                  missing.add(
                      new Missing(
                          "gate %s: its evidence is of %s (expected: at most %s old)"
                              .formatted(gate, result.at(), words(rules.evidenceAgeMax())),
                          "slipway gate run %d".formatted(promotion.id())));
                }
              },
              () ->
                  missing.add(
                      new Missing(
                          "gate %s: it has not run".formatted(gate),
                          "slipway gate run %d".formatted(promotion.id()))));
    }
    promotion.unmet().forEach(words -> missing.add(new Missing(words, "")));
    return missing;
  }

  /** Which approvals are missing; empty if there are enough. */
  public static List<Missing> approvals(Promotion promotion, EnvironmentRules rules) {
    List<String> open = Quorum.open(rules.approvals(), promotion.counting());
    if (open.isEmpty()) {
      return List.of();
    }
    List<Missing> missing = new ArrayList<>();
    for (String role : open.stream().distinct().toList()) {
      long count = open.stream().filter(role::equals).count();
      missing.add(
          new Missing(
              "%d approval%s by somebody with role %s, but not by %s"
                  .formatted(
                      count,
                      count == 1 ? "" : "s",
                      role,
                      String.join(
                          ", ", promotion.origin().involved().keySet().stream().sorted().toList())),
              "slipway approve %d".formatted(promotion.id())));
    }
    return missing;
  }

  /**
   * Everything that is missing before it may be carried out at {@code now}.
   *
   * @param rules null if the policy has none for its environment
   */
  public static List<Missing> start(
      Promotion promotion, @Nullable EnvironmentRules rules, Instant now) {
    if (rules == null) {
      return List.of(
          new Missing(
              "rules of environment '%s' in the policy"
                  .formatted(promotion.binding().environment()),
              "slipway policy propose FILE"));
    }
    if (promotion.brokenGlass() != null) {
      return expiry(promotion, now);
    }
    List<Missing> missing = new ArrayList<>(evidence(promotion, rules, now));
    missing.addAll(approvals(promotion, rules));
    missing.addAll(expiry(promotion, now));
    return missing;
  }

  private static List<Missing> expiry(Promotion promotion, Instant now) {
    Instant expires = promotion.expires();
    return expires != null && !now.isBefore(expires)
        ? List.of(
            new Missing(
                "its approval expired at " + expires,
                "slipway promotion request %s --to %s"
                    .formatted(promotion.ref(), promotion.binding().target().label())))
        : List.of();
  }

  private static String words(Duration duration) {
    return duration.toHours() + " h";
  }
}
