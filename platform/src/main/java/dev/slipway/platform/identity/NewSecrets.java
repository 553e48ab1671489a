package dev.slipway.platform.identity;

import dev.slipway.core.audit.entry.Commitment;
import dev.slipway.core.identity.TokenSecret;
import java.security.SecureRandom;

/** Makes what nobody can guess. */
record NewSecrets(SecureRandom random) {
  TokenSecret next(String prefix) {
    return TokenSecret.of(prefix, bytes(TokenSecret.RANDOM_BYTES));
  }

  byte[] salt() {
    return bytes(Commitment.SALT_BYTES);
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
