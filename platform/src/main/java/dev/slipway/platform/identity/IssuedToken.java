package dev.slipway.platform.identity;

import dev.slipway.core.identity.AccessToken;
import dev.slipway.core.identity.TokenSecret;

/**
 * A new token.
 *
 * @param secret shown to its holder now and never again
 */
public record IssuedToken(AccessToken token, TokenSecret secret) {}
