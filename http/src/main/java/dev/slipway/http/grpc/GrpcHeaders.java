package dev.slipway.http.grpc;

import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/** Names and values of gRPC's HTTP/2 headers. */
final class GrpcHeaders {
  static final String MEDIA_TYPE = "application/grpc";

  static final CharSequence GRPC = HttpHeaders.createOptimized(MEDIA_TYPE);
  static final CharSequence STATUS = HttpHeaders.createOptimized("grpc-status");
  static final CharSequence MESSAGE = HttpHeaders.createOptimized("grpc-message");
  static final CharSequence ENCODING = HttpHeaders.createOptimized("grpc-encoding");
  static final CharSequence ACCEPT_ENCODING = HttpHeaders.createOptimized("grpc-accept-encoding");
  static final CharSequence TIMEOUT = HttpHeaders.createOptimized("grpc-timeout");
  static final CharSequence OK = HttpHeaders.createOptimized("0");
  static final CharSequence ENCODINGS = HttpHeaders.createOptimized("identity,gzip,deflate");

  /** Lets callers wait, in milliseconds, before they try again. */
  static final CharSequence RETRY_PUSHBACK = HttpHeaders.createOptimized("grpc-retry-pushback-ms");

  static final CharSequence ONE_SECOND = HttpHeaders.createOptimized("1000");

  private GrpcHeaders() {}

  /** A status message, percent-encoded as gRPC asks. */
  static String encodeMessage(String message) {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    StringBuilder text = new StringBuilder(bytes.length + 16);
    for (byte octet : bytes) {
      if (octet >= ' ' && octet <= '~' && octet != '%') {
        text.append((char) octet);
      } else {
        text.append('%')
            .append(Character.toUpperCase(Character.forDigit((octet >> 4) & 0xf, 16)))
            .append(Character.toUpperCase(Character.forDigit(octet & 0xf, 16)));
      }
    }
    return text.toString();
  }
}
