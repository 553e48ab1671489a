/**
 * Who asks, and what they may do: values and pure decisions, without I/O.
 *
 * <p>The way of a request: its credentials are a {@link dev.slipway.core.identity.Credential}; an
 * {@link dev.slipway.core.identity.Authenticator} makes a {@link
 * dev.slipway.core.identity.Principal} of them; {@link dev.slipway.core.identity.Authorizer#decide}
 * says whether that principal may take an {@link dev.slipway.core.identity.Action} on a {@link
 * dev.slipway.core.identity.Resource}. What is not allowed somewhere is denied, and a denial says
 * what is missing and the command that mends it. Every way into the server asks, whatever its
 * protocol.
 *
 * <p>A principal's rights are those of its account: {@link dev.slipway.core.identity.Role roles},
 * which hold everywhere, and {@link dev.slipway.core.identity.Grant grants}, each of which allows
 * one action on one model or deployment. A token may narrow them, and never widens them.
 */
@NullMarked
package dev.slipway.core.identity;

import org.jspecify.annotations.NullMarked;
