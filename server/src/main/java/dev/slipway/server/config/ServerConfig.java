package dev.slipway.server.config;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.protection.DisclosureRules;
import dev.slipway.core.protection.ExtractionRules;
import dev.slipway.core.protection.ProtectionRules;
import dev.slipway.http.HttpOptions;
import dev.slipway.http.call.CompressionRange;
import dev.slipway.http.limits.HttpLimits;
import dev.slipway.http.tls.TlsFiles;
import dev.slipway.platform.doctor.DoctorLimits;
import dev.slipway.platform.identity.CertificateNames;
import dev.slipway.platform.oidc.ClaimedRoles;
import dev.slipway.platform.oidc.KeyPace;
import dev.slipway.platform.oidc.OidcSettings;
import dev.slipway.platform.registry.RegistryLimits;
import dev.slipway.platform.session.SessionLimits;
import dev.slipway.platform.upload.UploadLimits;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.serving.ServingLimits;
import dev.slipway.serving.profile.ProfileLimits;
import dev.slipway.store.blob.TreeLimits;
import dev.slipway.store.control.PostgresSettings;
import dev.slipway.store.s3.S3Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the server was told.
 *
 * @param control what registering, uploads, profiling and the doctor may use
 * @param data folder of the state
 * @param database PostgreSQL database of the control state; null for SQLite in the data folder
 * @param artifacts where artifacts of runs and versions are kept in S3; null for the data folder
 * @param audit where the audit log's key and last checkpoint lie
 * @param access who gets in
 * @param demo example to deploy at the start; empty for none
 * @param otlpEndpoint where traces go; empty for nowhere
 * @param webhookPlaces each {@code host:port}, which webhooks may reach without TLS and whatever
 *     its address
 */
public record ServerConfig(
    HttpOptions http,
    ServingLimits serving,
    ControlLimits control,
    Path data,
    @Nullable PostgresSettings database,
    @Nullable S3Settings artifacts,
    AuditFiles audit,
    AccessSettings access,
    ProtectionRules protection,
    String demo,
    String otlpEndpoint,
    Set<String> webhookPlaces) {
  public ServerConfig {
    webhookPlaces = Set.copyOf(webhookPlaces);
  }

  private static final Pattern PLACE =
      Pattern.compile("(?:[a-z0-9.-]+|\\[[0-9a-f:.]+]):[0-9]{1,5}");

  /**
   * Reads the arguments, then the environment, then the defaults.
   *
   * @param arguments each {@code --key=value}
   * @throws SlipwayException CONFIGURATION_INVALID, with one line that names the setting
   */
  public static ServerConfig read(List<String> arguments, Map<String, String> environment) {
    Map<ServerSetting, String> values = new EnumMap<>(ServerSetting.class);
    for (ServerSetting setting : ServerSetting.values()) {
      values.put(setting, environment.getOrDefault(setting.variable(), setting.defaultValue()));
    }
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (!argument.startsWith("--") || equals < 0) {
        throw invalid("argument '%s' (expected: --setting=value)".formatted(argument));
      }
      ServerSetting setting =
          ServerSetting.named(argument.substring(2, equals))
              .orElseThrow(
                  () ->
                      invalid(
                          "argument '%s' names no setting (docs/reference/configuration.md lists them)"
                              .formatted(argument)));
      values.put(setting, argument.substring(equals + 1));
    }
    try {
      return assemble(new SettingValues(values));
    } catch (IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  private static ServerConfig assemble(SettingValues values) {
    HttpLimits limits =
        new HttpLimits(
            values.integer(ServerSetting.BODY_BYTES_MAX),
            values.integer(ServerSetting.DECOMPRESSED_BYTES_MAX),
            values.number(ServerSetting.BUFFERED_BYTES_MAX),
            values.number(ServerSetting.ARTIFACT_BYTES_MAX),
            values.integer(ServerSetting.HEADER_BYTES_MAX),
            values.integer(ServerSetting.CONNECTIONS_MAX),
            values.decimal(ServerSetting.CALLER_RATE_PER_SECOND),
            values.decimal(ServerSetting.ACCOUNT_RATE_PER_SECOND),
            values.integer(ServerSetting.CONTROL_REQUESTS_MAX),
            values.integer(ServerSetting.IDLE_SECONDS),
            values.integer(ServerSetting.BODY_SECONDS),
            values.integer(ServerSetting.STREAMS_PER_CONNECTION_MAX),
            values.integer(ServerSetting.STREAM_IN_FLIGHT_MAX));
    DecodeLimits decode =
        new DecodeLimits(
            values.number(ServerSetting.TENSOR_ELEMENTS_MAX),
            values.integer(ServerSetting.TENSOR_COUNT_MAX),
            values.integer(ServerSetting.TENSOR_RANK_MAX),
            values.integer(ServerSetting.STRING_BYTES_MAX),
            values.integer(ServerSetting.NAME_BYTES_MAX),
            values.integer(ServerSetting.NUMBER_BYTES_MAX),
            values.integer(ServerSetting.JSON_DEPTH_MAX));
    HttpOptions http =
        new HttpOptions(
            values.text(ServerSetting.HOST),
            values.integer(ServerSetting.PORT),
            values.integer(ServerSetting.EVENT_LOOPS),
            limits,
            decode,
            HttpOptions.DEFAULT.drainGrace(),
            Duration.ofSeconds(values.number(ServerSetting.DRAIN_SECONDS)),
            new CompressionRange(
                values.integer(ServerSetting.COMPRESSION_BYTES_MIN),
                values.integer(ServerSetting.COMPRESSION_BYTES_MAX)),
            version(),
            tls(values));
    ServingLimits serving =
        new ServingLimits(
            values.integer(ServerSetting.CONCURRENT_REQUESTS_MAX),
            values.integer(ServerSetting.QUEUE_CAPACITY_DEFAULT),
            values.integer(ServerSetting.WORKER_THREADS),
            values.number(ServerSetting.MODEL_MEMORY_BYTES_MAX),
            values.number(ServerSetting.CACHE_BYTES_MAX));
    return new ServerConfig(
        http,
        serving,
        control(values),
        path(values.text(ServerSetting.DATA)),
        database(values),
        artifacts(values),
        new AuditFiles(
            values.path(ServerSetting.AUDIT_KEY_FILE),
            values.path(ServerSetting.AUDIT_CHECKPOINT_FILE)),
        new AccessSettings(
            values.flag(ServerSetting.LOCAL_CALLER),
            values.flag(ServerSetting.INSECURE),
            oidc(values),
            SignInValues.read(values),
            SessionLimits.DEFAULT.withTimes(
                Duration.ofSeconds(values.number(ServerSetting.SESSION_IDLE_SECONDS)),
                Duration.ofSeconds(values.number(ServerSetting.SESSION_SECONDS))),
            CertificateNames.parse(values.text(ServerSetting.TLS_CLIENT_ACCOUNTS)),
            values.path(ServerSetting.ADMIN_TOKEN_FILE)),
        new ProtectionRules(
            new DisclosureRules(
                values.integer(ServerSetting.DISCLOSED_DECIMALS),
                values.decimal(ServerSetting.LABEL_THRESHOLD)),
            new ExtractionRules(
                values.number(ServerSetting.EXTRACTION_ROWS_PER_HOUR),
                ExtractionRules.DEFAULT.variedShare(),
                ExtractionRules.DEFAULT.window()),
            values.number(ServerSetting.ACCOUNT_ROWS_PER_DAY)),
        values.text(ServerSetting.DEMO),
        values.text(ServerSetting.OTLP_ENDPOINT),
        places(values.text(ServerSetting.WEBHOOK_PLACES)));
  }

  private static Set<String> places(String text) {
    Set<String> places = new HashSet<>();
    for (String place : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      if (!PLACE.matcher(place).matches()) {
        throw new IllegalArgumentException(
            "webhook-places: '%s' (expected: HOST:PORT, with commas between, in lower case)"
                .formatted(place));
      }
      places.add(place);
    }
    return places;
  }

  private static @Nullable PostgresSettings database(SettingValues values) {
    String url = values.text(ServerSetting.DATABASE_URL);
    String user = values.text(ServerSetting.DATABASE_USER);
    Path passwordFile = values.path(ServerSetting.DATABASE_PASSWORD_FILE);
    if (url.isEmpty() && !(user.isEmpty() && passwordFile == null)) {
      throw new IllegalArgumentException(
          "database-url: '' (expected: a database for database-user or database-password-file)");
    }
    return url.isEmpty() ? null : PostgresSettings.of(url, user, passwordFile);
  }

  private static @Nullable S3Settings artifacts(SettingValues values) {
    String bucket = values.text(ServerSetting.ARTIFACT_S3_BUCKET);
    String endpoint = values.text(ServerSetting.ARTIFACT_S3_ENDPOINT);
    Path credentials = values.path(ServerSetting.ARTIFACT_S3_CREDENTIALS_FILE);
    if (bucket.isEmpty()) {
      if (!endpoint.isEmpty() || credentials != null) {
        throw new IllegalArgumentException(
            "artifact-s3-bucket: '' (expected: a bucket for artifact-s3-endpoint or"
                + " artifact-s3-credentials-file)");
      }
      return null;
    }
    if (credentials == null) {
      throw new IllegalArgumentException(
          "artifact-s3-credentials-file: '' (expected: a file for artifact-s3-bucket)");
    }
    return new S3Settings(
        bucket,
        values.text(ServerSetting.ARTIFACT_S3_PREFIX),
        S3Settings.endpoint(endpoint),
        values.text(ServerSetting.ARTIFACT_S3_REGION),
        values.flag(ServerSetting.ARTIFACT_S3_PATH_STYLE),
        credentials,
        Duration.ofSeconds(values.number(ServerSetting.ARTIFACT_S3_TIMEOUT_SECONDS)));
  }

  private static @Nullable TlsFiles tls(SettingValues values) {
    Path certificate = values.path(ServerSetting.TLS_CERTIFICATE);
    Path key = values.path(ServerSetting.TLS_KEY);
    Path clientAuthorities = values.path(ServerSetting.TLS_CLIENT_CA);
    boolean hasAccounts = !values.text(ServerSetting.TLS_CLIENT_ACCOUNTS).isEmpty();
    if (clientAuthorities == null && hasAccounts) {
      throw new IllegalArgumentException(
          "tls-client-ca: '' (expected: a file for tls-client-accounts)");
    }
    if (certificate == null && key == null && clientAuthorities == null) {
      return null;
    }
    if (certificate == null || key == null) {
      throw new IllegalArgumentException(
          "%s: '' (expected: a file, as another setting of tls is there)"
              .formatted(certificate == null ? "tls-certificate" : "tls-key"));
    }
    return new TlsFiles(certificate, key, clientAuthorities);
  }

  private static @Nullable OidcSettings oidc(SettingValues values) {
    String issuer = values.text(ServerSetting.OIDC_ISSUER);
    String audience = values.text(ServerSetting.OIDC_AUDIENCE);
    ClaimedRoles roles =
        ClaimedRoles.parse(
            values.text(ServerSetting.OIDC_ROLES_CLAIM), values.text(ServerSetting.OIDC_ROLES));
    if (issuer.isEmpty()) {
      if (!audience.isEmpty() || !roles.byValue().isEmpty()) {
        throw new IllegalArgumentException(
            "oidc-issuer: '' (expected: a provider for oidc-audience and oidc-roles)");
      }
      return null;
    }
    return new OidcSettings(
        issuer,
        audience,
        values.text(ServerSetting.OIDC_NAME_CLAIM),
        roles,
        Duration.ofSeconds(values.number(ServerSetting.OIDC_SKEW_SECONDS)),
        new KeyPace(
            Duration.ofSeconds(values.number(ServerSetting.OIDC_REFRESH_SECONDS)),
            Duration.ofSeconds(values.number(ServerSetting.OIDC_STALE_SECONDS)),
            KeyPace.DEFAULT.pause()));
  }

  private static ControlLimits control(SettingValues values) {
    return new ControlLimits(
        new RegistryLimits(
            values.integer(ServerSetting.REGISTRATIONS_MAX),
            Duration.ofSeconds(values.number(ServerSetting.REGISTRATION_WAIT_SECONDS))),
        new UploadLimits(
            new TreeLimits(
                values.number(ServerSetting.ARTIFACT_BYTES_MAX),
                values.integer(ServerSetting.ARTIFACT_FILES_MAX),
                values.integer(ServerSetting.ARTIFACT_PATH_BYTES_MAX)),
            values.integer(ServerSetting.ZIP_RATIO_MAX)),
        new DoctorLimits(
            values.number(ServerSetting.DISK_WARNING_BYTES),
            values.number(ServerSetting.DISK_FAILED_BYTES),
            values.number(ServerSetting.VERIFY_BYTES_MAX)),
        new ProfileLimits(
            Duration.ofSeconds(values.number(ServerSetting.PROFILE_SECONDS)),
            values.integer(ServerSetting.PROFILE_BATCH_MAX),
            values.integer(ServerSetting.PROFILE_THREADS_MAX)));
  }

  /** The release, as the jar's manifest names it. */
  public static String version() {
    String version = ServerConfig.class.getPackage().getImplementationVersion();
    return version == null ? HttpOptions.DEFAULT.serverVersion() : version;
  }

  private static Path path(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("data: '' (expected: a folder)");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("data: '%s' (expected: a folder)".formatted(text), e);
    }
  }

  private static SlipwayException invalid(String message) {
    return new SlipwayException(ErrorCode.CONFIGURATION_INVALID, message);
  }
}
