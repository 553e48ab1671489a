package dev.slipway.core.identity;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What an account has, or what a token of it is narrowed to. */
public record Rights(Set<Role> roles, Set<Grant> grants) {
  /** Most grants of one account or token. */
  public static final int GRANTS_MAX = 1_000;

  public static final Rights NONE = new Rights(Set.of(), Set.of());

  /**
   * @throws IllegalArgumentException past {@link #GRANTS_MAX}
   */
  public Rights {
    roles = Set.copyOf(roles);
    grants = Set.copyOf(grants);
    if (grants.size() > GRANTS_MAX) {
      throw new IllegalArgumentException(
          "grants: %d (expected: at most %d)".formatted(grants.size(), GRANTS_MAX));
    }
  }

  public static Rights of(Role... roles) {
    return new Rights(Set.of(roles), Set.of());
  }

  /**
   * Reads labels of roles and written grants.
   *
   * @throws IllegalArgumentException if one is not known
   */
  public static Rights parse(Collection<String> roles, Collection<String> grants) {
    Set<Role> known = EnumSet.noneOf(Role.class);
    for (String label : roles) {
      known.add(
          Role.labelled(label)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "role: '%s' (expected: viewer, developer, operator, approver, reviewer, auditor or admin)"
                              .formatted(label))));
    }
    return new Rights(
        known, grants.stream().map(Grant::parse).collect(Collectors.toUnmodifiableSet()));
  }

  boolean allow(Action action, Resource resource) {
    for (Role role : roles) {
      if (role.actions().contains(action)) {
        return true;
      }
    }
    for (Grant grant : grants) {
      if (grant.covers(action, resource)) {
        return true;
      }
    }
    Action more = action.impliedBy();
    if (more != null) {
      return allow(more, resource);
    }
    // Whoever may do anything here may see what the server is.
    return action == Action.READ_SERVER && !grants.isEmpty();
  }

  /**
   * How many rows a day these rights let somebody ask of a deployment.
   *
   * @return {@link Grant#SERVER_BUDGET} if they do not say
   */
  public long rowsPerDay(Resource deployment) {
    if (roles.stream().anyMatch(role -> role.actions().contains(Action.INFER))) {
      return Grant.SERVER_BUDGET;
    }
    long most = Grant.SERVER_BUDGET;
    for (Grant grant : grants) {
      if (grant.isInference() && grant.resource().covers(deployment)) {
        if (grant.rowsPerDay() == Grant.SERVER_BUDGET) {
          return Grant.SERVER_BUDGET;
        }
        most = Math.max(most, grant.rowsPerDay());
      }
    }
    return most;
  }

  /** With more roles and grants; a grant replaces that of the same right, with its budget. */
  public Rights with(Rights more) {
    Set<Grant> both = new LinkedHashSet<>(without(more).grants);
    both.addAll(more.grants);
    return new Rights(union(roles, more.roles), both);
  }

  /** Without some roles and grants, whatever the budgets of those grants are. */
  public Rights without(Rights less) {
    Set<Role> leftRoles = new LinkedHashSet<>(roles);
    leftRoles.removeAll(less.roles);
    Set<Grant> leftGrants = new LinkedHashSet<>(grants);
    leftGrants.removeIf(grant -> less.grants.stream().anyMatch(grant::isSameRight));
    return new Rights(leftRoles, leftGrants);
  }

  private static <T> Set<T> union(Set<T> one, Set<T> other) {
    Set<T> both = new LinkedHashSet<>(one);
    both.addAll(other);
    return both;
  }

  /** Labels of the roles, in a fixed order. */
  public Set<String> roleLabels() {
    return roles.stream().map(Role::label).collect(Collectors.toCollection(TreeSet::new));
  }

  /** The grants as they are written, in a fixed order. */
  public Set<String> grantTexts() {
    return grants.stream().map(Grant::toString).collect(Collectors.toCollection(TreeSet::new));
  }
}
