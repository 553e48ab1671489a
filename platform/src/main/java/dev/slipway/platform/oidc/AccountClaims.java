package dev.slipway.platform.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.AccountName;
import dev.slipway.core.identity.Role;
import dev.slipway.platform.identity.TokenTable;
import java.util.Set;

/** Reads who the holder of a token is here, and what they bring along. Thread-safe. */
record AccountClaims(OidcSettings settings, TokenTable accounts) {
  private static final String EMAIL = "email";

  /**
   * @throws SlipwayException UNAUTHENTICATED if they name no account that is there and enabled
   */
  Account account(JWTClaimsSet claims) {
    return accounts.requireVouchedFor(name(claims));
  }

  Set<Role> roles(JWTClaimsSet claims) {
    return settings.roles().of(claims.getClaims());
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
}
