package dev.slipway.core.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A code with which a person gets their first token, once.
 *
 * @param hash of its {@link TokenSecret}
 * @param account whose it is; null if whoever redeems it makes an administrator's account
 * @param usedAt null while it can be redeemed
 */
public record Invitation(
    String hash, @Nullable String account, Instant expiresAt, @Nullable Instant usedAt) {
  public boolean isOpen(Instant now) {
    return usedAt == null && now.isBefore(expiresAt);
  }
}
