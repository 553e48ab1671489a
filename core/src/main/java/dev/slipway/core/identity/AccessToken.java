package dev.slipway.core.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token as the server knows it.
 *
 * @param id by which people name it; no secret
 * @param account whose rights it has
 * @param hash of its {@link TokenSecret}
 * @param purpose what its maker says it is for
 * @param scope what it is narrowed to; null for all that the account may
 * @param revokedAt null while it is not
 */
public record AccessToken(
    String id,
    String account,
    String hash,
    String purpose,
    @Nullable Rights scope,
    Instant createdAt,
    Instant expiresAt,
    @Nullable Instant revokedAt) {
  /** Digits of the hash that make the id. */
  private static final int ID_DIGITS = 12;

  /** The id of the token with that hash, so that a token that was found leads to its entry. */
  public static String idOf(String hash) {
    return hash.substring(0, ID_DIGITS);
  }

  public boolean isActive(Instant now) {
    return revokedAt == null && now.isBefore(expiresAt);
  }

  /** The same, but revoked. */
  public AccessToken revoked(Instant now) {
    return new AccessToken(id, account, hash, purpose, scope, createdAt, expiresAt, now);
  }

  /** Without the hash, which is nobody's business. */
  @Override
  public String toString() {
    return "AccessToken[id=%s, account=%s]".formatted(id, account);
  }
}
