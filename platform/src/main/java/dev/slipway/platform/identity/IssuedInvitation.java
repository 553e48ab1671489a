package dev.slipway.platform.identity;

import dev.slipway.core.identity.TokenSecret;
import java.time.Instant;

/**
 * A new invitation.
 *
 * @param code with which its holder gets a token, once
 */
public record IssuedInvitation(TokenSecret code, Instant expiresAt) {}
