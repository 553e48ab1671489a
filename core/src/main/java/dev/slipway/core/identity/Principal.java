package dev.slipway.core.identity;

import dev.slipway.core.audit.entry.Actor;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whoever asks.
 *
 * @param name of the account
 * @param actor as whom the audit log knows them
 * @param rights of the account
 * @param scope what the token is narrowed to; null if it may do all that the account may
 */
public record Principal(
    String name, PrincipalKind kind, Actor actor, Rights rights, @Nullable Rights scope) {
  /**
   * How many rows a day they may ask of a deployment, by what the account and the token say.
   *
   * @return {@link Grant#SERVER_BUDGET} if neither does
   */
  public long rowsPerDay(Resource deployment) {
    long account = rights.rowsPerDay(deployment);
    long token = scope == null ? Grant.SERVER_BUDGET : scope.rowsPerDay(deployment);
    if (account == Grant.SERVER_BUDGET || token == Grant.SERVER_BUDGET) {
      return Math.max(account, token);
    }
    return Math.min(account, token);
  }

  /** A caller on the loopback without credentials. */
  public static final Principal LOCAL =
      new Principal(
          "local", PrincipalKind.LOCAL, new Actor.LocalCaller(), Rights.of(Role.DEVELOPER), null);

  /** A caller elsewhere without credentials. It can do what is open, and appears in no entry. */
  public static final Principal ANONYMOUS =
      new Principal(
          "anonymous",
          PrincipalKind.ANONYMOUS,
          new Actor.Component("anonymous"),
          new Rights(Set.of(), Set.of()),
          null);
}
