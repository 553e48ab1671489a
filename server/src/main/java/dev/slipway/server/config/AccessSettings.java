package dev.slipway.server.config;

import dev.slipway.platform.identity.CertificateNames;
import dev.slipway.platform.oidc.OidcSettings;
import dev.slipway.platform.oidc.SignInSettings;
import dev.slipway.platform.session.SessionLimits;
import dev.slipway.store.data.DataFolder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who gets in.
 *
 * @param localCaller whether a caller on the loopback needs no credentials
 * @param insecure whether to listen elsewhere than on the loopback without TLS
 * @param oidc the OpenID provider whose tokens are accepted; null for none
 * @param signIn how people sign in by it
 * @param sessions how many browsers stay signed in, and how long
 * @param certificates which accounts client certificates are
 * @param administratorToken file of the local administrator's token; null means in the data folder
 */
public record AccessSettings(
    boolean localCaller,
    boolean insecure,
    @Nullable OidcSettings oidc,
    SignInSettings signIn,
    SessionLimits sessions,
    CertificateNames certificates,
    @Nullable Path administratorToken) {
  /** The file of the local administrator's token. */
  public Path tokenFile(DataFolder data) {
    return administratorToken == null ? data.administratorToken() : administratorToken;
  }
}
