package dev.slipway.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.HttpOptions;
import dev.slipway.http.limits.HttpLimits;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.serving.ServingLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServerConfigTest {
  private static final String DATABASE = "jdbc:postgresql://db.example/slipway";

  private static final List<String> TLS =
      List.of("--tls-certificate=tls.crt", "--tls-key=tls.key", "--tls-client-ca=ca.crt");
  private static final List<String> OIDC =
      List.of("--oidc-issuer=https://id.example", "--oidc-audience=slipway");
  private static final List<String> BROWSER =
      Stream.concat(
              OIDC.stream(), Stream.of("--oidc-client-id=web", "--public-url=https://own.example"))
          .toList();

  private static final List<String> S3 =
      List.of("--artifact-s3-bucket=artifacts", "--artifact-s3-credentials-file=s3.credentials");

  @Test
  void withoutAnyEverySettingHasTheDefaultOfItsModule() {
    ServerConfig config = ServerConfig.read(List.of(), Map.of());

    assertThat(config.http()).isEqualTo(HttpOptions.DEFAULT);
    assertThat(config.http().limits()).isEqualTo(HttpLimits.DEFAULT);
    assertThat(config.http().decodeLimits()).isEqualTo(DecodeLimits.DEFAULT);
    assertThat(config.serving()).isEqualTo(ServingLimits.DEFAULT);
    assertThat(config.control()).isEqualTo(ControlLimits.DEFAULT);
    assertThat(config.data()).isEqualTo(Path.of("./.slipway"));
    assertThat(config.demo()).isEmpty();
  }

  /**
   * Reading another value for one setting changes the configuration in some way: none is ignored.
   */
  @ParameterizedTest
  @EnumSource(ServerSetting.class)
  void everySettingIsReadFromItsArgumentAndItsVariable(ServerSetting setting) {
    String other =
        switch (setting) {
          case HOST, DEMO, DATA, OTLP_ENDPOINT, AUDIT_KEY_FILE, AUDIT_CHECKPOINT_FILE -> "other";
          case ADMIN_TOKEN_FILE, OIDC_AUDIENCE, OIDC_NAME_CLAIM, OIDC_ROLES_CLAIM -> "other";
          case TLS_CERTIFICATE, TLS_KEY, TLS_CLIENT_CA -> "other";
          case TLS_CLIENT_ACCOUNTS -> "spiffe://example.org/shop=shop";
          case OIDC_ISSUER -> "https://other.example";
          case OIDC_ROLES -> "ml=developer";
          case OIDC_SKEW_SECONDS -> "60";
          case DISCLOSED_DECIMALS -> "4";
          case OIDC_REFRESH_SECONDS -> "600";
          case LOCAL_CALLER -> "false";
          case INSECURE -> "true";
          case WEBHOOK_PLACES -> "hooks.internal:8000,[::1]:9000";
          case OIDC_SCOPES -> "openid email";
          case PUBLIC_URL -> "https://models.example";
          case SESSION_SECONDS -> "7200";
          case DATABASE_URL -> DATABASE;
          case ARTIFACT_S3_BUCKET -> "models";
          case ARTIFACT_S3_PREFIX, ARTIFACT_S3_REGION, ARTIFACT_S3_CREDENTIALS_FILE -> "other";
          case ARTIFACT_S3_ENDPOINT -> "https://minio.example:9000";
          case ARTIFACT_S3_PATH_STYLE -> "true";
          case DATABASE_USER, DATABASE_PASSWORD_FILE -> "other";
          default -> "300";
        };
    String key = setting.key();
    List<String> always = neededBy(key);
    List<String> withIt = new ArrayList<>(always);
    withIt.add("--" + key + "=" + other);
    ServerConfig defaults =
        ServerConfig.read(setting == ServerSetting.DATABASE_URL ? List.of() : always, Map.of());
    ServerConfig byArgument = ServerConfig.read(withIt, Map.of());
    List<String> others =
        always.stream().filter(argument -> !argument.startsWith("--" + key + "=")).toList();
    ServerConfig byVariable = ServerConfig.read(others, Map.of(setting.variable(), other));

    if (!setting.defaultValue().equals(other)) {
      assertThat(byArgument).isNotEqualTo(defaults);
    }
    assertThat(byVariable).isEqualTo(byArgument);
  }

  /** What has to be there for a setting to mean something. */
  private static List<String> neededBy(String key) {
    if (key.startsWith("oidc-client-") || key.equals("public-url")) {
      return BROWSER;
    }
    if (key.startsWith("artifact-s3-")) {
      return S3;
    }
    return switch (key.substring(0, key.indexOf('-') + 1)) {
      case "database-" -> List.of("--database-url=" + DATABASE);
      case "oidc-" -> OIDC;
      case "tls-" -> TLS;
      default -> List.of();
    };
  }

  @Test
  void anArgumentWinsOverAVariable() {
    ServerConfig config = ServerConfig.read(List.of("--port=9000"), Map.of("SLIPWAY_PORT", "9001"));

    assertThat(config.http().port()).isEqualTo(9000);
  }

  @Test
  void badValuesAreRefusedByName() {
    assertRefused("--port=eighty", "port: 'eighty' (expected: a whole number)");
    assertRefused("--port=70000", "port: 70000 (expected: 0..65535)");
    assertRefused("--limits.body-bytes-max=99999999999", "limits.body-bytes-max: 99999999999");
    assertRefused("--limits.caller-rate-per-second=-1", "caller_rate_per_second: -1.0");
    assertRefused("--limits.account-rate-per-second=-1", "account_rate_per_second: -1.0");
    assertRefused("--database-url=mysql://x", "database-url (expected: such as jdbc:postgresql:");
    assertRefused("--database-user=someone", "database-url: ''");
    assertRefused("--limits.zip-ratio-max=0", "zip ratio: 0");
    assertRefused("--limits.artifact-files-max=0", "0 files");
    assertRefused("--limits.registrations-max=0", "concurrent registrations: 0");
    assertRefused("--limits.registration-wait-seconds=-1", "registration wait: PT-1S");
    assertRefused("--limits.profile-batch-max=0", "batchMax: 0");
    assertRefused("--doctor.verify-bytes-max=-1", "-1");
    assertRefused("--local-caller=no", "local-caller: 'no' (expected: true or false)");
    assertRefused("--tls-certificate=tls.crt", "tls-key: ''");
    assertRefused("--tls-client-ca=ca.crt", "tls-certificate: ''");
    assertRefused("--tls-client-accounts=a=shop", "tls-client-ca: ''");
    assertRefused("--tls-key=tls.key", "tls-certificate: ''");
    assertRefused("--oidc-audience=slipway", "oidc-issuer: ''");
    assertRefused("--oidc-issuer=https://id.example", "oidc-audience: ''");
    assertRefused("--oidc-cli-client-id=cli", "oidc-issuer: ''");
    assertRefused("--oidc-client-id=web", "public-url: ''");
    assertRefused("--public-url=https://own.example", "oidc-client-id: ''");
    assertRefused("--oidc-client-secret-file=secret", "oidc-client-id: ''");
    assertRefused("--oidc-scopes=email", "oidc-scopes: 'email'");
    assertRefused("--session-idle-seconds=0", "session-idle-seconds: 0");
    assertRefused("--session-seconds=60", "session-seconds: 60");
    assertRefused("--oidc-roles=ml=king", "oidc-roles: 'ml=king'");
    assertRefused("--webhook-places=hooks.internal", "webhook-places: 'hooks.internal' (expected");
    assertRefused("--artifact-s3-bucket=models", "artifact-s3-credentials-file: ''");
    assertRefused("--artifact-s3-credentials-file=file", "artifact-s3-bucket: ''");
    assertRefused("--artifact-s3-endpoint=https://s3", "artifact-s3-bucket: ''");
    assertRefused("--prot=1", "--prot=1");
    assertRefused("port", "port");
  }

  @Test
  void anOidcSettingOutOfItsRangeIsRefusedByName() {
    for (String argument :
        List.of(
            "--oidc-issuer=http://id.example",
            "--oidc-skew-seconds=61",
            "--oidc-refresh-seconds=9",
            "--oidc-stale-seconds=86401",
            "--oidc-scopes=email",
            "--public-url=http://own.example",
            "--public-url=https://own.example/path",
            "--public-url=own.example",
            "--oidc-name-claim=")) {
      List<String> arguments = new ArrayList<>(BROWSER);
      arguments.add(argument);
      assertThatThrownBy(() -> ServerConfig.read(arguments, Map.of()))
          .as(argument)
          .hasMessageContaining(argument.substring(2, argument.indexOf('=')) + ": ");
    }
  }

  @Test
  void anS3SettingOutOfItsRangeIsRefusedByName() {
    for (String argument :
        List.of(
            "--artifact-s3-bucket=Models",
            "--artifact-s3-prefix=/a",
            "--artifact-s3-prefix=a//b",
            "--artifact-s3-region=Frankfurt am Main",
            "--artifact-s3-path-style=yes",
            "--artifact-s3-timeout-seconds=0",
            "--artifact-s3-timeout-seconds=3601",
            "--artifact-s3-endpoint=ftp://s3.example",
            "--artifact-s3-endpoint=https://me:hush@s3.example",
            "--artifact-s3-endpoint=https://s3.example/?hush")) {
      List<String> arguments = new ArrayList<>(S3);
      arguments.add(argument);
      assertThatThrownBy(() -> ServerConfig.read(arguments, Map.of()))
          .as(argument)
          .hasMessageContaining(argument.substring(2, argument.indexOf('=')))
          .hasMessageNotContaining("hush");
    }
  }

  @Test
  void aDatabaseUrlWithASecretIsRefusedWithoutShowingIt() {
    for (String url : List.of(DATABASE + "?password=hush", "jdbc:postgresql://me:hush@db/x")) {
      assertThatThrownBy(() -> ServerConfig.read(List.of("--database-url=" + url), Map.of()))
          .hasMessageContaining("without user and password")
          .hasMessageNotContaining("hush");
    }
  }

  @Test
  void theReferencePageListsEverySetting() throws IOException {
    Path page = Path.of(System.getProperty("slipway.root"), "docs/reference/configuration.md");
    String expected =
        Stream.of(ServerSetting.values())
            .map(
                setting ->
                    "| `%s` | `%s` | %s | %s |"
                        .formatted(
                            setting.key(),
                            setting.variable(),
                            shown(setting),
                            setting.description()))
            .reduce("", (text, line) -> text + line + "\n");

    assertThat(Files.readString(page)).contains(expected);
  }

  /** Some defaults depend on the machine, so the page says how. */
  private static String shown(ServerSetting setting) {
    return switch (setting) {
      case BUFFERED_BYTES_MAX -> "a quarter of the heap, at least 134217728";
      case WORKER_THREADS, PROFILE_THREADS_MAX -> "number of cores";
      default -> setting.defaultValue().isEmpty() ? "" : "`" + setting.defaultValue() + "`";
    };
  }

  private static void assertRefused(String argument, String message) {
    assertThatThrownBy(() -> ServerConfig.read(List.of(argument), Map.of()))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID);
              assertThat(e).hasMessageContaining(message);
            });
  }
}
