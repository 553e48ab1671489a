package dev.slipway.http.call;

import org.jspecify.annotations.Nullable;

/**
 * Which answers are compressed where the caller accepts it, by their length.
 *
 * @param bytesMin shorter answers go out as they are: there is nothing to gain
 * @param bytesMax longer answers go out as they are: they are compressed on the event loop, at 30
 *     to 90 MB a second, and meanwhile nobody else is answered
 */
public record CompressionRange(int bytesMin, int bytesMax) {
  /** At most one to two milliseconds of an event loop. */
  public static final CompressionRange DEFAULT = new CompressionRange(1_024, 64 << 10);

  public CompressionRange {
    if (bytesMin < 0) {
      throw new IllegalArgumentException(
          "compression_bytes_min: %d (expected: >= 0)".formatted(bytesMin));
    }
    if (bytesMax < 0) {
      throw new IllegalArgumentException(
          "compression_bytes_max: %d (expected: >= 0)".formatted(bytesMax));
    }
  }

  public boolean contains(int bytes) {
    return bytes >= bytesMin && bytes <= bytesMax;
  }

  /**
   * The coding for an answer.
   *
   * @param accepted the caller's {@code Accept-Encoding}, if any
   */
  public ContentCoding coding(int bytes, @Nullable String accepted) {
    return contains(bytes) ? ContentCoding.accepted(accepted) : ContentCoding.IDENTITY;
  }
}
