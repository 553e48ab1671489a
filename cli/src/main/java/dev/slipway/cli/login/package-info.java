/**
 * Logging in by an OpenID provider. Start with {@link dev.slipway.cli.login.DeviceFlow}, which gets
 * tokens, and {@link dev.slipway.cli.login.Logins}, which keeps and renews them. Knows nothing of
 * the server but its URL.
 */
@NullMarked
package dev.slipway.cli.login;

import org.jspecify.annotations.NullMarked;
