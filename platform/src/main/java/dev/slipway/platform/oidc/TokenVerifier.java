package dev.slipway.platform.oidc;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a JWT is one of the provider, for this server, and good now. Takes some tens of
 * microseconds of a core and never waits. Thread-safe.
 *
 * <p>What is cheap is looked at first, and nothing that a token says is believed before its
 * signature is checked: until then it only chooses the refusal.
 */
final class TokenVerifier {
  /** Signatures by a key that only the provider has. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256, JWSAlgorithm.EdDSA);

  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  private final OidcSettings settings;
  private final String audience;
  private final ProviderKeys keys;

  /**
   * @param audience whom the tokens have to be for
   */
  TokenVerifier(OidcSettings settings, String audience, ProviderKeys keys) {
    this.settings = settings;
    this.audience = audience;
    this.keys = keys;
  }

  /**
   * @param validUntil the answer holds until then, while the keys stay the same
   */
  record Verified(JWTClaimsSet claims, Instant validUntil) {}

  /**
   * @throws SlipwayException UNAUTHENTICATED if it is not accepted; NOT_READY if nobody can tell,
   *     since the provider has not answered for too long
   */
  Verified verify(String token, Instant now) {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      requireForm(jwt.getHeader());
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      requireAddressed(claims);
      Instant trustedUntil = requireTrustedKeys(now);
      if (!signer(jwt.getHeader().getKeyID()).hasSigned(jwt)) {
        throw refused("signature: not of that key");
      }
      Instant expiry = requireTimely(claims, now);
      return new Verified(claims, expiry.isBefore(trustedUntil) ? expiry : trustedUntil);
    } catch (ParseException | IllegalArgumentException e) {
      throw refused("not a signed JWT", e);
    }
  }

  private static void requireForm(JWSHeader header) {
    if (!ALGORITHMS.contains(header.getAlgorithm())) {
      throw refused("alg: not accepted (expected: RS256, PS256, ES256 or EdDSA)");
    }
    JOSEObjectType type = header.getType();
    if (type != null && !TYPES.contains(type.getType().toLowerCase(Locale.ROOT))) {
      throw refused("typ: not accepted (expected: JWT, at+jwt or none)");
    }
    if (header.getCriticalParams() != null) {
      throw refused("crit: not understood (expected: none)");
    }
    if (header.getKeyID() == null) {
      throw refused("kid: none (expected: the id of one of the issuer's keys)");
    }
  }

  private void requireAddressed(JWTClaimsSet claims) {
    if (!settings.issuer().equals(claims.getIssuer())) {
      throw refused("iss: not accepted (expected: %s)".formatted(settings.issuer()));
    }
    if (!claims.getAudience().contains(audience)) {
      throw refused("aud: not this server (expected: %s)".formatted(audience));
    }
    if (isEmpty(claims.getSubject())) {
      throw refused("sub: none (expected: who it is)");
    }
    if (claims.getExpirationTime() == null) {
      throw refused("exp: none (expected: when it ends)");
    }
  }

  private static boolean isEmpty(@Nullable String text) {
    return text == null || text.isEmpty();
  }

  private Instant requireTrustedKeys(Instant now) {
    Instant trustedUntil = keys.trustedUntil();
    if (trustedUntil == null || !now.isBefore(trustedUntil)) {
      keys.ask();
      throw new SlipwayException(
          ErrorCode.NOT_READY,
          "token: cannot be checked, because %s has shown its keys %s; ask again in %d s"
              .formatted(
                  settings.issuer(),
                  trustedUntil == null ? "not yet" : "too long ago",
                  keys.pause().toSeconds()));
    }
    return trustedUntil;
  }

  private ProviderKey signer(String id) {
    ProviderKey key = keys.key(id);
    if (key == null) {
      keys.ask();
      throw refused(
          "kid: not known; the issuer is asked for new keys, so ask again in %d s"
              .formatted(keys.pause().toSeconds()));
    }
    return key;
  }

  private Instant requireTimely(JWTClaimsSet claims, Instant now) {
    Instant expiry = claims.getExpirationTime().toInstant();
    if (!now.isBefore(expiry.plus(settings.skew()))) {
      throw refused("exp: %s (expected: later than now)".formatted(expiry));
    }
    Instant latest = now.plus(settings.skew());
    requireBegun("nbf", claims.getNotBeforeTime(), latest);
    requireBegun("iat", claims.getIssueTime(), latest);
    return expiry;
  }

  private static void requireBegun(String claim, @Nullable Date time, Instant latest) {
    if (time != null && time.toInstant().isAfter(latest)) {
      throw refused("%s: %s (expected: not later than now)".formatted(claim, time.toInstant()));
    }
  }

  private static SlipwayException refused(String why) {
    return new SlipwayException(ErrorCode.UNAUTHENTICATED, "token: " + why);
  }

  private static SlipwayException refused(String why, Exception cause) {
    return new SlipwayException(ErrorCode.UNAUTHENTICATED, "token: " + why, cause);
  }
}
