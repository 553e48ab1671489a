package dev.slipway.platform.oidc;

import dev.slipway.core.identity.ProviderUrl;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this server is to the provider, where people sign in.
 *
 * @param commandLineClient public client that the command line is; empty offers it no sign-in
 * @param scopes that are asked for, {@code openid} among them
 * @param browser null offers browsers no sign-in
 */
public record SignInSettings(
    String commandLineClient, List<String> scopes, @Nullable Browser browser) {
  /** Offers nobody a sign-in. */
  public static final SignInSettings NONE = new SignInSettings("", List.of("openid"), null);

  /**
   * @throws IllegalArgumentException if the scopes lack {@code openid}
   */
  public SignInSettings {
    scopes = List.copyOf(scopes);
    if (!scopes.contains("openid")) {
      throw new IllegalArgumentException(
          "oidc-scopes: '%s' (expected: openid, and others with spaces between)"
              .formatted(String.join(" ", scopes)));
    }
  }

  /**
   * The client that browsers sign in by.
   *
   * @param client its id, which ID tokens name as their audience
   * @param secretFile file with its secret, read whenever it is shown; null for a public client
   * @param publicUrl where browsers reach this server, without a path; https, or http on the
   *     loopback
   */
  public record Browser(String client, @Nullable Path secretFile, URI publicUrl) {
    /** Where the provider sends browsers back to. */
    public static final String CALLBACK = "/login/callback";

    /**
     * @throws IllegalArgumentException if the client or the URL is none
     */
    public Browser {
      if (client.isBlank()) {
        throw new IllegalArgumentException("oidc-client-id: '' (expected: a client's id)");
      }
      if (!ProviderUrl.isIssuer(publicUrl.toString()) || !publicUrl.getRawPath().isEmpty()) {
        throw new IllegalArgumentException(
            "public-url: '%s' (expected: such as https://models.example, or http on the loopback,"
                    .formatted(publicUrl)
                + " without a path)");
      }
    }

    URI callback() {
      return publicUrl.resolve(CALLBACK);
    }
  }
}
