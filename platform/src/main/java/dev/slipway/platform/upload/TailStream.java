package dev.slipway.platform.upload;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Counts what is read and remembers its end. Not thread-safe. */
final class TailStream extends FilterInputStream {
  private static final int TAIL_BYTES = 1 << 10;
  private static final int CHUNK_BYTES = 1 << 16;

  private byte[] tail = new byte[0];
  private long count;

  TailStream(InputStream in) {
    super(in);
  }

  long count() {
    return count;
  }

  /** The last bytes read, at most {@value #TAIL_BYTES}. */
  byte[] tail() {
    return tail.clone();
  }

  /** Reads to the end. */
  void drain() throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    while (read(chunk, 0, chunk.length) >= 0) {
      // The bytes go to the tail alone.
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = in.read(into, offset, length);
    if (read > 0) {
      count += read;
      int kept = Math.min(tail.length, Math.max(0, TAIL_BYTES - read));
      int fresh = Math.min(read, TAIL_BYTES);
      byte[] next =
          Arrays.copyOf(Arrays.copyOfRange(tail, tail.length - kept, tail.length), kept + fresh);
      System.arraycopy(into, offset + read - fresh, next, kept, fresh);
      tail = next;
    }
    return read;
  }

  @Override
  public long skip(long bytes) throws IOException {
    throw new IOException("bytes that are skipped would not be counted");
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
