package dev.slipway.platform.session;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.Authenticator;
import dev.slipway.core.identity.Credential;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.Rights;
import dev.slipway.platform.identity.TokenTable;
import dev.slipway.platform.session.Sessions.Session;
import java.time.Instant;
import java.util.Set;

/**
 * Accepts sessions beside other credentials. The holder is the account as it is now, with the roles
 * that the provider gave at the sign-in; disabling the account ends it. Thread-safe.
 */
public final class SessionAuthenticator implements Authenticator {
  private final Authenticator others;
  private final TokenTable accounts;
  private final Sessions sessions;

  /**
   * @param others accepts every other credential
   * @param accounts knows the accounts of this server
   */
  public SessionAuthenticator(Authenticator others, TokenTable accounts, Sessions sessions) {
    this.others = others;
    this.accounts = accounts;
    this.sessions = sessions;
  }

  @Override
  public Authenticated authenticate(Credential credential, Instant now) {
    return credential instanceof Credential.Session(String secret)
        ? holder(secret, now)
        : others.authenticate(credential, now);
  }

  private Authenticated holder(String secret, Instant now) {
    Session session =
        sessions
            .use(secret, now)
            .orElseThrow(
                () ->
                    new SlipwayException(
                        ErrorCode.UNAUTHENTICATED,
                        "session: has ended (expected: one that goes on); to mend it: open"
                            + " /login"));
    Account account = accounts.requireVouchedFor(session.account());
    Rights rights = account.rights().with(new Rights(session.roles(), Set.of()));
    return new Authenticated(
        new Principal(account.name(), account.kind(), account.actor(), rights, null),
        session.checkAgain());
  }

  @Override
  public long generation() {
    // Both only grow, so that their sum changes whenever one does.
    return others.generation() + sessions.generation();
  }
}
