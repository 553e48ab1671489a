package dev.slipway.server.config;

import dev.slipway.http.HttpOptions;
import dev.slipway.http.limits.HttpLimits;
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
  AUDIT_KEY_FILE(
      "audit-key-file",
      "",
      "file of the key that signs the audit log, made at the first start; empty means in the data folder"),
  AUDIT_CHECKPOINT_FILE(
      "audit-checkpoint-file",
      "",
      "file of the last checkpoint that was signed; empty means in the data folder"),
  DEMO("demo", "", "example to register and deploy at the start: fraud"),
  EVENT_LOOPS("event-loops", HttpOptions.DEFAULT.eventLoops(), "threads of the data plane"),
  DRAIN_SECONDS(
      "drain-seconds",
      HttpOptions.DEFAULT.drainTimeout().toSeconds(),
      "longest wait for accepted requests when the server stops"),
  OTLP_ENDPOINT("otlp-endpoint", "", "OTLP/HTTP traces endpoint; empty exports nothing"),

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
      "a request body must be complete within this"),
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
      "requests accepted and not yet answered"),
  QUEUE_CAPACITY_DEFAULT(
      "limits.queue-capacity-default",
      ServingLimits.DEFAULT.queueCapacityDefault(),
      "requests waiting for one model, where its settings name no number"),
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
      "memory budget of the response cache");

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
