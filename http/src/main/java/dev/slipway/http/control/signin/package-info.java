/**
 * How people come in by an OpenID provider. Start with {@link
 * dev.slipway.http.control.signin.BrowserSignIn} for browsers; {@link
 * dev.slipway.http.control.signin.ProviderRoute} tells the command line where to ask.
 */
@NullMarked
package dev.slipway.http.control.signin;

import org.jspecify.annotations.NullMarked;
