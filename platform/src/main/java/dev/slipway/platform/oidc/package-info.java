/**
 * People and services that an OpenID provider vouches for. Start with {@link
 * dev.slipway.platform.oidc.OidcAuthenticator}: it reads the bearer tokens that are no tokens of
 * this server. Verifying one never waits for the network; the provider's keys are fetched aside, by
 * {@link dev.slipway.platform.oidc.ProviderKeys}. {@link dev.slipway.platform.oidc.SignIn} lets
 * people in with a browser, and does wait for the provider.
 */
@NullMarked
package dev.slipway.platform.oidc;

import org.jspecify.annotations.NullMarked;
