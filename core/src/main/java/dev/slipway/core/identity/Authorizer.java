package dev.slipway.core.identity;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.identity.Decision.Allowed;
import dev.slipway.core.identity.Decision.Denied;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may do what. What no rule allows is denied. In this order: what is open is allowed; a
 * caller who is not known is denied; what is out of reach of the kind of caller is denied; then the
 * account's rights have to allow it, and so does the token's scope where it has one.
 */
public final class Authorizer {
  private static final Allowed ALLOWED = new Allowed();

  private Authorizer() {}

  /**
   * @param resource of the action's kind
   */
  public static Decision decide(Principal principal, Action action, Resource resource) {
    if (action.isOpen()) {
      return ALLOWED;
    }
    if (principal.kind() == PrincipalKind.ANONYMOUS) {
      return new Denied(
          ErrorCode.UNAUTHENTICATED,
          "credentials: none (expected: a token, as 'Authorization: Bearer TOKEN')",
          "export SLIPWAY_TOKEN=TOKEN, of slipway token create");
    }
    if (!principal.kind().canEver(action)) {
      return new Denied(ErrorCode.PERMISSION_DENIED, outOfReach(principal, action), other(action));
    }
    if (!principal.rights().allow(action, resource) && !isOwnToken(principal, action, resource)) {
      return new Denied(
          ErrorCode.PERMISSION_DENIED,
          "%s may not %s on %s (missing: %s)"
              .formatted(principal.name(), action.label(), resource, missing(action, resource)),
          allow(principal, action, resource));
    }
    Rights scope = principal.scope();
    if (scope != null && !scope.allow(action, resource)) {
      return new Denied(
          ErrorCode.PERMISSION_DENIED,
          "%s may %s on %s, but this token may not: its scope leaves it out"
              .formatted(principal.name(), action.label(), resource),
          "slipway token create --account %s".formatted(principal.name()));
    }
    return ALLOWED;
  }

  /**
   * How much of a deployment's answers somebody may see.
   *
   * @return null if nothing, and then {@link #decide} on {@link Action#INFER} says why
   */
  public static @Nullable Disclosure disclosure(Principal principal, Resource deployment) {
    for (Disclosure disclosure : Disclosure.values()) {
      if (decide(principal, disclosure.action(), deployment) instanceof Allowed) {
        return disclosure;
      }
    }
    return null;
  }

  /** A person may make tokens for their own account. */
  private static boolean isOwnToken(Principal principal, Action action, Resource resource) {
    return action == Action.MANAGE_TOKENS
        && principal.kind() == PrincipalKind.PERSON
        && resource.equals(Resource.account(principal.name()));
  }

  private static String outOfReach(Principal principal, Action action) {
    return principal.kind() == PrincipalKind.LOCAL
        ? "a caller without credentials may never %s (expected: a token)".formatted(action.label())
        : "%s is a service account, which may never %s (expected: a person)"
            .formatted(principal.name(), action.label());
  }

  private static String missing(Action action, Resource resource) {
    String roles =
        Arrays.stream(Role.values())
            .filter(role -> role.actions().contains(action))
            .map(Role::label)
            .collect(Collectors.joining(" or "));
    return action.isGrantable()
        ? "role %s, or grant %s".formatted(roles, new Grant(action, resource))
        : "role " + roles;
  }

  private static String allow(Principal principal, Action action, Resource resource) {
    return action.isGrantable()
        ? "slipway user allow %s --grant %s"
            .formatted(principal.name(), new Grant(action, resource))
        : "slipway user allow %s --role %s".formatted(principal.name(), leastRole(action));
  }

  /** How to become somebody who may. */
  private static String other(Action action) {
    return "slipway user create NAME --role " + leastRole(action);
  }

  /** The role that allows it and the least else. */
  private static String leastRole(Action action) {
    Role least = Role.ADMIN;
    for (Role role : Role.values()) {
      boolean less =
          !least.actions().contains(action) || role.actions().size() < least.actions().size();
      if (role.actions().contains(action) && less) {
        least = role;
      }
    }
    return least.label();
  }
}
