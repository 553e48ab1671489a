package dev.slipway.platform.oidc;

import dev.slipway.core.identity.TokenSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sign-ins that were begun and have not come back. Each can come back once. There are at most a
 * number of them: past it the oldest is forgotten, so that a flood of new ones keeps nobody out for
 * longer than it lasts. Thread-safe.
 */
final class PendingSignIns {
  /** How long somebody may take at the provider. */
  static final Duration LIFETIME = Duration.ofMinutes(10);

  private final int max;
  private final Map<String, Pending> byState = new LinkedHashMap<>();

  /**
   * @param nonce that the ID token has to name
   * @param verifier that the provider wants to see with the code, RFC 7636
   * @param returnPath where the browser goes then
   * @param bindingHash SHA-256 of what the browser keeps meanwhile
   */
  record Pending(
      String nonce, String verifier, String returnPath, String bindingHash, Instant expiry) {}

  /**
   * @param max how many are kept, {@code >= 1}
   */
  PendingSignIns(int max) {
    this.max = max;
  }

  synchronized void add(String state, Pending pending, Instant now) {
    // They expire in the order in which they came.
    Iterator<Pending> oldest = byState.values().iterator();
    while (oldest.hasNext() && (!now.isBefore(oldest.next().expiry()) || byState.size() >= max)) {
      oldest.remove();
    }
    byState.put(TokenSecret.hash(state), pending);
  }

  /** Uses one up. */
  synchronized Optional<Pending> take(String state, Instant now) {
    return Optional.ofNullable(byState.remove(TokenSecret.hash(state)))
        .filter(pending -> now.isBefore(pending.expiry()));
  }

  synchronized int count() {
    return byState.size();
  }
}
