package dev.slipway.server;

import dev.slipway.core.identity.Authenticator;
import dev.slipway.core.protection.AccountUses;
import dev.slipway.http.control.Mount;
import dev.slipway.http.control.signin.BrowserSignIn;
import dev.slipway.http.control.signin.ProviderRoute;
import dev.slipway.http.identity.Access;
import dev.slipway.http.identity.SessionCookie;
import dev.slipway.platform.identity.TokenTable;
import dev.slipway.platform.oidc.OidcAuthenticator;
import dev.slipway.platform.oidc.OidcSettings;
import dev.slipway.platform.oidc.ProviderKeys;
import dev.slipway.platform.oidc.SignIn;
import dev.slipway.platform.oidc.SignInSettings.Browser;
import dev.slipway.platform.session.SessionAuthenticator;
import dev.slipway.platform.session.Sessions;
import dev.slipway.server.config.AccessSettings;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Who gets in, and the ways to come in.
 *
 * @param mounts of the ways to come in; they come before those of everything else
 */
record Entrance(Access access, List<Mount> mounts) {
  Entrance {
    mounts = List.copyOf(mounts);
  }

  /**
   * @param table knows the accounts and the tokens of this server
   * @param uses counts what accounts ask
   * @param parts gets what has to be closed
   */
  static Entrance open(
      AccessSettings settings,
      TokenTable table,
      AccountUses uses,
      SecureRandom random,
      InstantSource clock,
      CloseStack parts) {
    OidcSettings oidc = settings.oidc();
    List<Mount> mounts = new ArrayList<>();
    mounts.add(
        new ProviderRoute(
                oidc == null ? "" : oidc.issuer(),
                settings.signIn().commandLineClient(),
                settings.signIn().scopes())
            .mount());
    if (oidc == null) {
      return new Entrance(new Access(table, settings.localCaller(), uses, clock), mounts);
    }
    ProviderKeys keys = parts.push(new ProviderKeys(oidc, clock));
    Authenticator tokens = new OidcAuthenticator(oidc, table, keys);
    Browser browser = settings.signIn().browser();
    if (browser == null) {
      return new Entrance(new Access(tokens, settings.localCaller(), uses, clock), mounts);
    }
    Sessions sessions = new Sessions(settings.sessions(), random);
    SignIn signIn =
        parts.push(
            new SignIn(
                oidc, browser, settings.signIn().scopes(), keys, table, sessions, random, clock));
    mounts.addAll(
        new BrowserSignIn(signIn, sessions, browser.publicUrl(), settings.sessions().lifetime())
            .mounts());
    return new Entrance(
        new Access(
            new SessionAuthenticator(tokens, table, sessions),
            settings.localCaller(),
            uses,
            clock,
            SessionCookie.ofSession(browser.publicUrl())),
        mounts);
  }
}
