package dev.slipway.core.governance;

import dev.slipway.core.governance.EnvironmentRules.ApprovalRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Counts approvals against rules: each person fills one place of one rule, and people with several
 * roles are placed so that as many places as possible are filled (a maximum bipartite matching, by
 * augmenting paths).
 */
final class Quorum {
  private static final int NOBODY = -1;

  private final List<String> places;
  private final List<Approval> people;
  private final int[] taken;

  private Quorum(List<ApprovalRule> rules, List<Approval> approvals) {
    this.places = new ArrayList<>();
    for (ApprovalRule rule : rules) {
      for (int i = 0; i < rule.count(); i++) {
        places.add(rule.role());
      }
    }
    // Somebody who approved twice is still one person.
    this.people =
        List.copyOf(
            approvals.stream()
                .collect(Collectors.toMap(Approval::person, one -> one, (a, b) -> b))
                .values());
    this.taken = new int[places.size()];
    Arrays.fill(taken, NOBODY);
    for (int person = 0; person < people.size(); person++) {
      place(person, new boolean[places.size()]);
    }
  }

  /** Roles of the places that nobody fills; empty if there are enough approvals. */
  static List<String> open(List<ApprovalRule> rules, List<Approval> approvals) {
    Quorum quorum = new Quorum(rules, approvals);
    List<String> open = new ArrayList<>();
    for (int i = 0; i < quorum.taken.length; i++) {
      if (quorum.taken[i] == NOBODY) {
        open.add(quorum.places.get(i));
      }
    }
    return open;
  }

  private boolean place(int person, boolean[] seen) {
    for (int i = 0; i < taken.length; i++) {
      if (!seen[i] && people.get(person).roles().contains(places.get(i))) {
        seen[i] = true;
        if (taken[i] == NOBODY || place(taken[i], seen)) {
          taken[i] = person;
          return true;
        }
      }
    }
    return false;
  }
}
