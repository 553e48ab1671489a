package dev.slipway.server.config;

import dev.slipway.platform.oidc.SignInSettings;
import dev.slipway.platform.oidc.SignInSettings.Browser;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads how people sign in. */
final class SignInValues {
  private SignInValues() {}

  /**
   * @throws IllegalArgumentException if a setting is there without one that it needs
   */
  static SignInSettings read(SettingValues values) {
    String commandLine = values.text(ServerSetting.OIDC_CLI_CLIENT_ID);
    Browser browser = browser(values);
    if (values.text(ServerSetting.OIDC_ISSUER).isEmpty()
        && (!commandLine.isEmpty() || browser != null)) {
      throw new IllegalArgumentException(
          "oidc-issuer: '' (expected: a provider for oidc-client-id and oidc-cli-client-id)");
    }
    return new SignInSettings(
        commandLine,
        List.of(values.text(ServerSetting.OIDC_SCOPES).strip().split(" +", -1)),
        browser);
  }

  private static @Nullable Browser browser(SettingValues values) {
    String client = values.text(ServerSetting.OIDC_CLIENT_ID);
    Path secretFile = values.path(ServerSetting.OIDC_CLIENT_SECRET_FILE);
    String publicUrl = values.text(ServerSetting.PUBLIC_URL);
    if (client.isEmpty() && secretFile == null && publicUrl.isEmpty()) {
      return null;
    }
    if (client.isEmpty()) {
      throw new IllegalArgumentException(
          "oidc-client-id: '' (expected: a client for oidc-client-secret-file and public-url)");
    }
    try {
      return new Browser(client, secretFile, new URI(publicUrl.replaceFirst("/$", "")));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "public-url: '%s' (expected: such as https://models.example)".formatted(publicUrl), e);
    }
  }
}
