package dev.slipway.core.identity;

import java.time.Instant;

/** Finds out who holds a credential. Thread-safe; never blocks. */
public interface Authenticator {
  /**
   * Who it is.
   *
   * @param validUntil the answer may be kept until then, while {@link #generation} stays
   */
  record Authenticated(Principal principal, Instant validUntil) {}

  /**
   * @throws dev.slipway.core.error.SlipwayException UNAUTHENTICATED if it is not known, has expired
   *     or was revoked; the message shows none of the secret
   */
  Authenticated authenticate(Credential credential, Instant now);

  /** Another number as soon as an earlier answer may no longer hold. */
  long generation();
}
