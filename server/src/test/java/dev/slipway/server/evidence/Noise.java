package dev.slipway.server.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.util.SplittableRandom;

/** So many bytes that no compression makes smaller. */
final class Noise extends InputStream {
  private final SplittableRandom random = new SplittableRandom(7);
  private final byte[] block = new byte[1 << 16];
  private long left;
  private int at = block.length;

  Noise(long bytes) {
    left = bytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (left == 0) {
      return -1;
    }
    if (at == block.length) {
      random.nextBytes(block);
      at = 0;
    }
    int count = (int) Math.min(Math.min(length, block.length - at), left);
    System.arraycopy(block, at, into, offset, count);
    at += count;
    left -= count;
    return count;
  }
}
