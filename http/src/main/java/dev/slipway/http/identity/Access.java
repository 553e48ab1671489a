package dev.slipway.http.identity;

import dev.slipway.core.identity.Authenticator;
import dev.slipway.core.protection.AccountUses;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Who gets in, and how much they may ask.
 *
 * @param authenticator knows the holders of credentials
 * @param localCaller whether a caller on the loopback needs none, and is {@code local}
 * @param uses counts what accounts ask
 * @param clock tells whether credentials have expired
 * @param cookie of the sessions of people who signed in; null where nobody can
 */
public record Access(
    Authenticator authenticator,
    boolean localCaller,
    AccountUses uses,
    InstantSource clock,
    @Nullable SessionCookie cookie) {
  /** Where nobody can sign in. */
  public Access(
      Authenticator authenticator, boolean localCaller, AccountUses uses, InstantSource clock) {
    this(authenticator, localCaller, uses, clock, null);
  }
}
