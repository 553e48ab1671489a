package dev.slipway.server.config;

import dev.slipway.core.protection.ProtectionRules;
import dev.slipway.http.HttpOptions;
import dev.slipway.http.call.CompressionRange;
import dev.slipway.http.limits.HttpLimits;
import dev.slipway.platform.oidc.KeyPace;
import dev.slipway.platform.session.SessionLimits;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.serving.ServingLimits;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A setting of the server. Given as {@code --key=value}, else by the environment variable {@link
 * #variable()}, else its default.
 */
public enum ServerSetting {
  HOST("host", HttpOptions.DEFAULT.host(), "address to listen on"),
  PORT("port", HttpOptions.DEFAULT.port(), "port to listen on, 0 for any free one"),
  DATA("data", "./.slipway", "folder in which the state is kept"),
  DATABASE_URL(
      "database-url",
      "",
      "control database, such as jdbc:postgresql://host/slipway; empty means SQLite in the data"
          + " folder"),
  DATABASE_USER("database-user", "", "user of that database; empty means the system's user"),
  DATABASE_PASSWORD_FILE(
      "database-password-file",
      "",
      "file with the password of that user, read whenever a connection is made"),
  ARTIFACT_S3_BUCKET(
      "artifact-s3-bucket",
      "",
      "S3 bucket in which artifacts of runs and versions are kept; empty means in the data folder"),
  ARTIFACT_S3_PREFIX(
      "artifact-s3-prefix",
      "slipway",
      "what their keys begin with; one server writes below a prefix"),
  ARTIFACT_S3_ENDPOINT(
      "artifact-s3-endpoint",
      "",
      "URL of the S3 service, such as https://minio.example:9000; empty means Amazon's"),
  ARTIFACT_S3_REGION(
      "artifact-s3-region", "us-east-1", "region that requests to it are signed for"),
  ARTIFACT_S3_PATH_STYLE(
      "artifact-s3-path-style",
      "false",
      "whether the bucket is named in the path instead of the host, as MinIO and Ceph want it"),
  ARTIFACT_S3_CREDENTIALS_FILE(
      "artifact-s3-credentials-file",
      "",
      "file with aws_access_key_id and aws_secret_access_key, as in ~/.aws/credentials, read for"
          + " each request"),
  ARTIFACT_S3_TIMEOUT_SECONDS(
      "artifact-s3-timeout-seconds",
      30,
      "longest wait for one request, of 8 MiB at most; each is tried three times"),
  AUDIT_KEY_FILE(
      "audit-key-file",
      "",
      "file of the key that signs the audit log, made at the first start; empty means in the data"
          + " folder"),
  AUDIT_CHECKPOINT_FILE(
      "audit-checkpoint-file",
      "",
      "file of the last checkpoint that was signed; empty means in the data folder"),
  LOCAL_CALLER(
      "local-caller",
      "true",
      "whether a caller on the loopback needs no credentials; false behind a proxy on this"
          + " machine"),
  INSECURE("insecure", "false", "whether to listen elsewhere than on the loopback without TLS"),
  TLS_CERTIFICATE(
      "tls-certificate",
      "",
      "PEM file of the server's certificate and its chain, read again when it changes; empty speaks"
          + " in the clear"),
  TLS_KEY("tls-key", "", "PEM file of its private key, PKCS #8, read again when it changes"),
  TLS_CLIENT_CA(
      "tls-client-ca",
      "",
      "PEM file of the authorities whose client certificates are accepted, read again when it"
          + " changes; empty asks for none"),
  TLS_CLIENT_ACCOUNTS(
      "tls-client-accounts",
      "",
      "service accounts by the SPIFFE id or DNS name of the certificate, such as"
          + " spiffe://example.org/shop=shop; an unmapped DNS name is the account's name"),
  ADMIN_TOKEN_FILE(
      "admin-token-file",
      "",
      "file of the local administrator's token, made at the first start; empty means in the data"
          + " folder"),
  OIDC_ISSUER(
      "oidc-issuer",
      "",
      "OpenID provider whose tokens are accepted, exactly as it names itself; empty accepts none"),
  OIDC_AUDIENCE("oidc-audience", "", "what those tokens have to name as their audience"),
  OIDC_NAME_CLAIM(
      "oidc-name-claim", "sub", "claim that names the account; one that its holder cannot change"),
  OIDC_ROLES_CLAIM(
      "oidc-roles-claim",
      "roles",
      "claim with the values that bring roles; dots lead into objects, such as"
          + " realm_access.roles"),
  OIDC_ROLES(
      "oidc-roles",
      "",
      "roles that those values bring beside the rights of the account, such as"
          + " ml-engineers=developer,ml-leads=approver"),
  OIDC_SKEW_SECONDS(
      "oidc-skew-seconds", "30", "by how much the provider's clock may differ, at most 60"),
  OIDC_REFRESH_SECONDS(
      "oidc-refresh-seconds",
      KeyPace.DEFAULT.refresh().toSeconds(),
      "how often the provider's keys are fetched, at least 10"),
  OIDC_STALE_SECONDS(
      "oidc-stale-seconds",
      KeyPace.DEFAULT.stale().toSeconds(),
      "how long its keys are trusted after that while it does not answer, at most 86400"),
  OIDC_CLIENT_ID(
      "oidc-client-id",
      "",
      "client of that provider by which people sign in with a browser, at /login; empty offers no"
          + " such sign-in"),
  OIDC_CLIENT_SECRET_FILE(
      "oidc-client-secret-file",
      "",
      "file with that client's secret, read whenever it is shown; empty means a public client"),
  OIDC_CLI_CLIENT_ID(
      "oidc-cli-client-id",
      "",
      "public client of that provider, with the device grant, by which slipway login signs in;"
          + " empty offers no such sign-in"),
  OIDC_SCOPES("oidc-scopes", "openid", "scopes that a sign-in asks for, with spaces between"),
  PUBLIC_URL(
      "public-url",
      "",
      "where browsers reach this server, such as https://models.example, for oidc-client-id"),
  SESSION_IDLE_SECONDS(
      "session-idle-seconds",
      SessionLimits.DEFAULT.idle().toSeconds(),
      "the session of a browser ends when it is not used for so long"),
  SESSION_SECONDS(
      "session-seconds",
      SessionLimits.DEFAULT.lifetime().toSeconds(),
      "the longest session of a browser, at most 604800"),
  DEMO("demo", "", "example to register and deploy at the start: fraud"),
  EVENT_LOOPS("event-loops", HttpOptions.DEFAULT.eventLoops(), "threads of the data plane"),
  DRAIN_SECONDS(
      "drain-seconds",
      HttpOptions.DEFAULT.drainTimeout().toSeconds(),
      "longest wait for accepted requests when the server stops"),
  COMPRESSION_BYTES_MIN(
      "compression-bytes-min",
      CompressionRange.DEFAULT.bytesMin(),
      "shorter answers are never compressed"),
  COMPRESSION_BYTES_MAX(
      "compression-bytes-max",
      CompressionRange.DEFAULT.bytesMax(),
      "longer answers are never compressed: it would keep everybody else waiting"),
  OTLP_ENDPOINT("otlp-endpoint", "", "OTLP/HTTP traces endpoint; empty exports nothing"),
  WEBHOOK_PLACES(
      "webhook-places",
      "",
      "places, each HOST:PORT with commas between, that webhooks may reach without TLS and at any"
          + " address"),

  BODY_BYTES_MAX(
      "limits.body-bytes-max",
      HttpLimits.DEFAULT.bodyBytesMax(),
      "longest request body or gRPC message, as it arrives"),
  DECOMPRESSED_BYTES_MAX(
      "limits.decompressed-bytes-max",
      HttpLimits.DEFAULT.decompressedBytesMax(),
      "longest request body or gRPC message, decompressed"),
  BUFFERED_BYTES_MAX(
      "limits.buffered-bytes-max",
      HttpLimits.DEFAULT.bufferedBytesMax(),
      "bytes of bodies being collected at the same time, per event loop"),
  ARTIFACT_BYTES_MAX(
      "limits.artifact-bytes-max", HttpLimits.DEFAULT.artifactBytesMax(), "largest artifact"),
  HEADER_BYTES_MAX(
      "limits.header-bytes-max",
      HttpLimits.DEFAULT.headerBytesMax(),
      "longest header section and request line"),
  CONNECTIONS_MAX(
      "limits.connections-max", HttpLimits.DEFAULT.connectionsMax(), "open connections"),
  CALLER_RATE_PER_SECOND(
      "limits.caller-rate-per-second",
      HttpLimits.DEFAULT.callerRatePerSecond(),
      "requests a second from one remote address, loopback excepted; 0 for no limit"),
  ACCOUNT_RATE_PER_SECOND(
      "limits.account-rate-per-second",
      HttpLimits.DEFAULT.accountRatePerSecond(),
      "requests a second with the tokens of one account, over all protocols; 0 for no limit"),
  ACCOUNT_ROWS_PER_DAY(
      "protection.account-rows-per-day",
      ProtectionRules.DEFAULT.rowsPerDay(),
      "rows that an account may ask of each deployment a day, UTC, where no grant says; 0 for any"
          + " number"),
  DISCLOSED_DECIMALS(
      "protection.decimals",
      ProtectionRules.DEFAULT.disclosure().decimals(),
      "decimals of the scores that a caller sees who may only infer-rounded, 0 to 15"),
  LABEL_THRESHOLD(
      "protection.label-threshold",
      ProtectionRules.DEFAULT.disclosure().labelThreshold(),
      "lone score from which a caller sees 1 who may only infer-label"),
  EXTRACTION_ROWS_PER_HOUR(
      "protection.extraction-rows-per-hour",
      ProtectionRules.DEFAULT.extraction().rowsMin(),
      "different rows of one account from which systematic questions raise an alert; 0 watches"
          + " nobody"),
  CONTROL_REQUESTS_MAX(
      "limits.control-requests-max",
      HttpLimits.DEFAULT.controlRequestsMax(),
      "control API requests at the same time"),
  IDLE_SECONDS(
      "limits.idle-seconds",
      HttpLimits.DEFAULT.idleSeconds(),
      "a connection without traffic is closed after this; 0 for never"),
  BODY_SECONDS(
      "limits.body-seconds",
      HttpLimits.DEFAULT.bodySeconds(),
      "a request body must be complete within this; an artifact may take longer while 1,024 bytes a"
          + " second arrive"),
  STREAMS_PER_CONNECTION_MAX(
      "limits.streams-per-connection-max",
      HttpLimits.DEFAULT.streamsPerConnectionMax(),
      "concurrent HTTP/2 streams of one connection"),
  STREAM_IN_FLIGHT_MAX(
      "limits.stream-in-flight-max",
      HttpLimits.DEFAULT.streamInFlightMax(),
      "unanswered requests of one ModelStreamInfer stream"),

  TENSOR_ELEMENTS_MAX(
      "limits.tensor-elements-max",
      DecodeLimits.DEFAULT.tensorElementsMax(),
      "elements of one tensor"),
  TENSOR_COUNT_MAX(
      "limits.tensor-count-max",
      DecodeLimits.DEFAULT.tensorCountMax(),
      "inputs, and requested outputs, of one request"),
  TENSOR_RANK_MAX(
      "limits.tensor-rank-max", DecodeLimits.DEFAULT.tensorRankMax(), "dimensions of one tensor"),
  STRING_BYTES_MAX(
      "limits.string-bytes-max",
      DecodeLimits.DEFAULT.stringBytesMax(),
      "bytes of one element of a BYTES tensor"),
  NAME_BYTES_MAX(
      "limits.name-bytes-max", DecodeLimits.DEFAULT.nameBytesMax(), "bytes of a name, key or id"),
  NUMBER_BYTES_MAX(
      "limits.number-bytes-max",
      DecodeLimits.DEFAULT.numberBytesMax(),
      "characters of one JSON number"),
  JSON_DEPTH_MAX(
      "limits.json-depth-max",
      DecodeLimits.DEFAULT.jsonDepthMax(),
      "levels of JSON arrays and objects within each other"),

  CONCURRENT_REQUESTS_MAX(
      "limits.concurrent-requests-max",
      ServingLimits.DEFAULT.concurrentRequestsMax(),
      "requests accepted and not yet answered, per event loop"),
  QUEUE_CAPACITY_DEFAULT(
      "limits.queue-capacity-default",
      ServingLimits.DEFAULT.queueCapacityDefault(),
      "requests waiting for one model on one event loop, where its settings name no number"),
  WORKER_THREADS(
      "worker-threads",
      ServingLimits.DEFAULT.workerThreads(),
      "threads shared by the models that run off the event loop"),
  MODEL_MEMORY_BYTES_MAX(
      "limits.model-memory-bytes-max",
      ServingLimits.DEFAULT.modelMemoryBytesMax(),
      "memory budget of the model pool"),
  CACHE_BYTES_MAX(
      "limits.cache-bytes-max",
      ServingLimits.DEFAULT.cacheBytesMax(),
      "memory budget of the response cache"),

  ARTIFACT_FILES_MAX(
      "limits.artifact-files-max",
      ControlLimits.DEFAULT.uploads().tree().filesMax(),
      "files of one artifact"),
  ARTIFACT_PATH_BYTES_MAX(
      "limits.artifact-path-bytes-max",
      ControlLimits.DEFAULT.uploads().tree().pathBytesMax(),
      "bytes of a file's path within its artifact"),
  ZIP_RATIO_MAX(
      "limits.zip-ratio-max",
      ControlLimits.DEFAULT.uploads().zipRatioMax(),
      "unpacked bytes per packed byte of an uploaded zip of more than 64 MiB"),
  REGISTRATIONS_MAX(
      "limits.registrations-max",
      ControlLimits.DEFAULT.registry().concurrentMax(),
      "registrations at the same time; each holds a model in memory"),
  REGISTRATION_WAIT_SECONDS(
      "limits.registration-wait-seconds",
      ControlLimits.DEFAULT.registry().waitMax().toSeconds(),
      "longest wait of one registration more"),
  PROFILE_SECONDS(
      "limits.profile-seconds",
      ControlLimits.DEFAULT.profile().duration().toSeconds(),
      "time to measure one model in"),
  PROFILE_BATCH_MAX(
      "limits.profile-batch-max",
      ControlLimits.DEFAULT.profile().batchMax(),
      "largest batch that is measured"),
  PROFILE_THREADS_MAX(
      "limits.profile-threads-max",
      ControlLimits.DEFAULT.profile().coresMax(),
      "most threads within a run that are measured"),
  DISK_WARNING_BYTES(
      "doctor.disk-warning-bytes",
      ControlLimits.DEFAULT.doctor().diskWarningBytes(),
      "free space below which the doctor warns"),
  DISK_FAILED_BYTES(
      "doctor.disk-failed-bytes",
      ControlLimits.DEFAULT.doctor().diskFailedBytes(),
      "free space below which the doctor finds the server ill"),
  VERIFY_BYTES_MAX(
      "doctor.verify-bytes-max",
      ControlLimits.DEFAULT.doctor().verifyBytesMax(),
      "bytes of artifacts that one examination reads and checks");

  private final String key;
  private final String defaultValue;
  private final String description;

  ServerSetting(String key, Object defaultValue, String description) {
    this.key = key;
    this.defaultValue = defaultValue.toString();
    this.description = description;
  }

  /** The name on the command line, such as {@code limits.body-bytes-max}. */
  public String key() {
    return key;
  }

  public String defaultValue() {
    return defaultValue;
  }

  public String description() {
    return description;
  }

  /** The environment variable, such as {@code SLIPWAY_LIMITS_BODY_BYTES_MAX}. */
  public String variable() {
    return "SLIPWAY_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  static Optional<ServerSetting> named(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }
}
