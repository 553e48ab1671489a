/**
 * Accounts, their tokens and invitations, and who a token belongs to. Start at {@link
 * dev.slipway.platform.identity.Accounts} and {@link dev.slipway.platform.identity.Tokens}; {@link
 * dev.slipway.platform.identity.TokenTable} is what every request asks. Whether somebody may do
 * what they ask is decided before these are called, by {@code core.identity.Authorizer}.
 */
@NullMarked
package dev.slipway.platform.identity;

import org.jspecify.annotations.NullMarked;
