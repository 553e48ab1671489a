package dev.slipway.platform.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.AccountName;
import dev.slipway.core.identity.Authenticator;
import dev.slipway.core.identity.Credential;
import dev.slipway.core.identity.Credential.Basic;
import dev.slipway.core.identity.Credential.Bearer;
import dev.slipway.core.identity.Credential.Certificate;
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
  private static final String EMAIL = "email";

  private final OidcSettings settings;
  private final TokenTable own;
  private final ProviderKeys keys;
  private final TokenVerifier verifier;

  /**
   * @param own knows the tokens of this server, and its accounts
   */
  public OidcAuthenticator(OidcSettings settings, TokenTable own, ProviderKeys keys) {
    this.settings = settings;
    this.own = own;
    this.keys = keys;
    this.verifier = new TokenVerifier(settings, keys);
  }

  @Override
  public Authenticated authenticate(Credential credential, Instant now) {
    return switch (credential) {
      case Bearer(String token) when isForeign(token) -> holder(verifier.verify(token, now));
      case Bearer bearer -> own.authenticate(bearer, now);
      case Basic basic -> own.authenticate(basic, now);
      case Certificate certificate -> own.authenticate(certificate, now);
    };
  }

  /** A JWT has dots, a token of this server has none. */
  private static boolean isForeign(String token) {
    return !token.startsWith(TokenSecret.TOKEN) && token.indexOf('.') >= 0;
  }

  private Authenticated holder(Verified verified) {
    JWTClaimsSet claims = verified.claims();
    Account account = own.requireVouchedFor(name(claims));
    Rights rights =
        account.rights().with(new Rights(settings.roles().of(claims.getClaims()), Set.of()));
    return new Authenticated(
        new Principal(account.name(), account.kind(), account.actor(), rights, null),
        verified.validUntil());
  }

  /** Whoever can give themselves any address is not its owner. */
  private String name(JWTClaimsSet claims) {
    String claim = settings.nameClaim();
    if (claim.equals(EMAIL) && !Boolean.TRUE.equals(claims.getClaim("email_verified"))) {
      throw refused("email: not verified (expected: email_verified is true)");
    }
    if (!(claims.getClaim(claim) instanceof String name)) {
      throw refused("%s: none (expected: the name of an account)".formatted(claim));
    }
    try {
      return AccountName.require(name);
    } catch (SlipwayException e) {
      throw refused("%s: names no account: %s".formatted(claim, e.getMessage()));
    }
  }

  private static SlipwayException refused(String why) {
    return new SlipwayException(ErrorCode.UNAUTHENTICATED, "token: " + why);
  }

  @Override
  public long generation() {
    // Both only grow, so that their sum changes whenever one does.
    return own.generation() + keys.generation();
  }
}
