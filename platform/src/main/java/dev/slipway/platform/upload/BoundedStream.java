package dev.slipway.platform.upload;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Fails with PAYLOAD_TOO_LARGE when more is read than allowed. Not thread-safe. */
final class BoundedStream extends FilterInputStream {
  private final long bytesMax;
  private long count;

  BoundedStream(InputStream in, long bytesMax) {
    super(in);
    this.bytesMax = bytesMax;
  }

  @Override
  public int read() throws IOException {
    int value = in.read();
    count(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = in.read(into, offset, length);
    count(Math.max(0, read));
    return read;
  }

  private void count(int read) {
    count += read;
    if (count > bytesMax) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "body: more than %d bytes (expected: at most that)".formatted(bytesMax));
    }
  }
}
