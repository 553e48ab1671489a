package dev.slipway.http.limits;

/**
 * What a caller may ask of the server at its border.
 *
 * @param bodyBytesMax longest body of a data plane request, and longest gRPC message, as it
 *     arrives, {@code 1..Integer.MAX_VALUE - 64}
 * @param decompressedBytesMax longest such body or message after decompression, same range
 * @param bufferedBytesMax bytes of bodies being collected at the same time, per event loop
 * @param artifactBytesMax longest body of a control API request
 * @param headerBytesMax longest header section; also the longest request line
 * @param connectionsMax open connections that have sent something
 * @param callerRatePerSecond requests a second from one remote address, over all event loops,
 *     loopback excepted; 0 means no limit
 * @param accountRatePerSecond requests a second with the tokens of one account, over all event
 *     loops; 0 for no limit
 * @param controlRequestsMax control API requests being handled at the same time
 * @param idleSeconds a connection without traffic is closed after this; 0 means never
 * @param bodySeconds a data plane body must be complete within this; one of the control API may
 *     take longer while it arrives at a kibibyte a second
 * @param streamsPerConnectionMax concurrent HTTP/2 streams of one connection
 * @param streamInFlightMax unanswered requests of one {@code ModelStreamInfer} stream; more are
 *     read only when one is answered
 */
public record HttpLimits(
    int bodyBytesMax,
    int decompressedBytesMax,
    long bufferedBytesMax,
    long artifactBytesMax,
    int headerBytesMax,
    int connectionsMax,
    double callerRatePerSecond,
    double accountRatePerSecond,
    int controlRequestsMax,
    int idleSeconds,
    int bodySeconds,
    int streamsPerConnectionMax,
    int streamInFlightMax) {
  private static final int MIB = 1 << 20;

  /** Buffers carry small headers beside a body, so the longest body stays below 2 GiB. */
  private static final int BODY_BYTES_CEILING = Integer.MAX_VALUE - 64;

  public static final HttpLimits DEFAULT =
      new HttpLimits(
          64 * MIB,
          64 * MIB,
          Math.max(128L * MIB, Runtime.getRuntime().maxMemory() / 4),
          8L << 30,
          16 << 10,
          10_000,
          50_000,
          0,
          64,
          300,
          60,
          1_000,
          256);

  public HttpLimits {
    requireWithin("body_bytes_max", bodyBytesMax, 1, BODY_BYTES_CEILING);
    requireWithin("decompressed_bytes_max", decompressedBytesMax, 1, BODY_BYTES_CEILING);
    requireWithin("buffered_bytes_max", bufferedBytesMax, 1, Long.MAX_VALUE);
    requireWithin("artifact_bytes_max", artifactBytesMax, 1, Long.MAX_VALUE);
    requireWithin("header_bytes_max", headerBytesMax, 256, MIB);
    requireWithin("connections_max", connectionsMax, 1, Integer.MAX_VALUE);
    if (!(callerRatePerSecond >= 0)) {
      throw new IllegalArgumentException(
          "caller_rate_per_second: %s (expected: >= 0)".formatted(callerRatePerSecond));
    }
    if (!(accountRatePerSecond >= 0)) {
      throw new IllegalArgumentException(
          "account_rate_per_second: %s (expected: >= 0)".formatted(accountRatePerSecond));
    }
    requireWithin("control_requests_max", controlRequestsMax, 1, 100_000);
    requireWithin("idle_seconds", idleSeconds, 0, Integer.MAX_VALUE);
    requireWithin("body_seconds", bodySeconds, 1, Integer.MAX_VALUE);
    requireWithin("streams_per_connection_max", streamsPerConnectionMax, 1, Integer.MAX_VALUE);
    requireWithin("stream_in_flight_max", streamInFlightMax, 1, 100_000);
  }

  /** These limits with another longest body, before and after decompression. */
  public HttpLimits withBodyBytesMax(int bytes) {
    return new HttpLimits(
        bytes,
        bytes,
        bufferedBytesMax,
        artifactBytesMax,
        headerBytesMax,
        connectionsMax,
        callerRatePerSecond,
        accountRatePerSecond,
        controlRequestsMax,
        idleSeconds,
        bodySeconds,
        streamsPerConnectionMax,
        streamInFlightMax);
  }

  private static void requireWithin(String name, long value, long least, long greatest) {
    if (value < least || value > greatest) {
      throw new IllegalArgumentException(
          "%s: %d (expected: %d..%d)".formatted(name, value, least, greatest));
    }
  }
}
