package dev.slipway.platform.oidc;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.util.Optional;
import java.util.Set;

/**
 * A public key with which the provider signs, and the algorithms that it signs by. What a token
 * says its algorithm is never widens that. Thread-safe.
 */
record ProviderKey(JWK jwk, Set<JWSAlgorithm> algorithms, JWSVerifier verifier) {
  private static final int RSA_BITS_MIN = 2_048;

  /**
   * @return empty if it is of a sort that is not accepted: symmetric, weak, for encryption
   */
  static Optional<ProviderKey> of(JWK jwk) throws JOSEException {
    if (jwk.isPrivate() || (jwk.getKeyUse() != null && !KeyUse.SIGNATURE.equals(jwk.getKeyUse()))) {
      return Optional.empty();
    }
    return switch (jwk) {
      case RSAKey rsa when rsa.size() >= RSA_BITS_MIN ->
          of(jwk, Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256), new RSASSAVerifier(rsa));
      case ECKey curve when Curve.P_256.equals(curve.getCurve()) ->
          of(jwk, Set.of(JWSAlgorithm.ES256), new ECDSAVerifier(curve));
      case OctetKeyPair pair when Curve.Ed25519.equals(pair.getCurve()) ->
          of(jwk, Set.of(JWSAlgorithm.EdDSA), new Ed25519Verifier(pair));
      default -> Optional.empty();
    };
  }

  private static Optional<ProviderKey> of(
      JWK jwk, Set<JWSAlgorithm> algorithms, JWSVerifier verifier) {
    Algorithm only = jwk.getAlgorithm();
    if (only == null) {
      return Optional.of(new ProviderKey(jwk, algorithms, verifier));
    }
    return algorithms.stream()
        .filter(only::equals)
        .findFirst()
        .map(algorithm -> new ProviderKey(jwk, Set.of(algorithm), verifier));
  }

  boolean hasSigned(SignedJWT token) {
    try {
      return algorithms.contains(token.getHeader().getAlgorithm()) && token.verify(verifier);
    } catch (JOSEException e) {
      return false;
    }
  }
}
