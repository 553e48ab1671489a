package dev.slipway.http.control;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer to a {@link ControlRequest}.
 *
 * @param body ignored where there is a file or a stream
 * @param headers further headers, by lower-case name
 * @param file sent instead of a body, as fast as the caller takes it; null for none
 * @param stream likewise; closed by whoever sends it
 */
public record ControlResponse(
    int status,
    String contentType,
    byte[] body,
    Map<String, String> headers,
    @Nullable Path file,
    @Nullable Stream stream) {
  /**
   * Bytes that come as they are read.
   *
   * @param bytes how many {@code content} gives
   */
  public record Stream(long bytes, InputStream content) {}

  public ControlResponse {
    headers = Map.copyOf(headers);
  }

  /** An answer with a body and further headers. */
  public ControlResponse(int status, String contentType, byte[] body, Map<String, String> headers) {
    this(status, contentType, body, headers, null, null);
  }

  /** An answer without further headers. */
  public ControlResponse(int status, String contentType, byte[] body) {
    this(status, contentType, body, Map.of());
  }

  /** The bytes of a file. */
  public static ControlResponse ofFile(String contentType, Path file, Map<String, String> headers) {
    return new ControlResponse(200, contentType, new byte[0], headers, file, null);
  }

  /** Bytes that come as they are read. */
  public static ControlResponse ofStream(
      String contentType, Stream stream, Map<String, String> headers) {
    return new ControlResponse(200, contentType, new byte[0], headers, null, stream);
  }
}
