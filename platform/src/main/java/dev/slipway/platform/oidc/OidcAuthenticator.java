package dev.slipway.platform.oidc;

import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.Authenticator;
import dev.slipway.core.identity.Credential;
import dev.slipway.core.identity.Credential.Basic;
import dev.slipway.core.identity.Credential.Bearer;
import dev.slipway.core.identity.Credential.Certificate;
import dev.slipway.core.identity.Credential.Session;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.Rights;
import dev.slipway.core.identity.TokenSecret;
import dev.slipway.platform.identity.TokenTable;
import dev.slipway.platform.oidc.TokenVerifier.Verified;
import java.time.Instant;
import java.util.Set;

/**
 * Accepts tokens of an OpenID provider beside those of this server. The holder is the account that
 * the token names, which has to be there and enabled: so a person is the same in the log whichever
 * way they come in, and disabling them holds for both. They have the rights of the account and the
 * roles that the token brings. Thread-safe.
 */
public final class OidcAuthenticator implements Authenticator {
  private final TokenTable own;
  private final AccountClaims claims;
  private final ProviderKeys keys;
  private final TokenVerifier verifier;

  /**
   * @param own knows the tokens of this server, and its accounts
   */
  public OidcAuthenticator(OidcSettings settings, TokenTable own, ProviderKeys keys) {
    this.own = own;
    this.claims = new AccountClaims(settings, own);
    this.keys = keys;
    this.verifier = new TokenVerifier(settings, settings.audience(), keys);
  }

  @Override
  public Authenticated authenticate(Credential credential, Instant now) {
    return switch (credential) {
      case Bearer(String token) when isForeign(token) -> holder(verifier.verify(token, now));
      case Bearer bearer -> own.authenticate(bearer, now);
      case Basic basic -> own.authenticate(basic, now);
      case Certificate certificate -> own.authenticate(certificate, now);
      case Session session -> own.authenticate(session, now);
    };
  }

  /** A JWT has dots, a token of this server has none. */
  private static boolean isForeign(String token) {
    return !token.startsWith(TokenSecret.TOKEN) && token.indexOf('.') >= 0;
  }

  private Authenticated holder(Verified verified) {
    Account account = claims.account(verified.claims());
    Rights rights = account.rights().with(new Rights(claims.roles(verified.claims()), Set.of()));
    return new Authenticated(
        new Principal(account.name(), account.kind(), account.actor(), rights, null),
        verified.validUntil());
  }

  @Override
  public long generation() {
    // Both only grow, so that their sum changes whenever one does.
    return own.generation() + keys.generation();
  }
}
