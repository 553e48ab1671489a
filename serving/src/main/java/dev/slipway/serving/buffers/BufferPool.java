package dev.slipway.serving.buffers;

import dev.slipway.core.tensor.BufferSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Direct little-endian buffers in sizes that are powers of two, from 256 bytes to 32 MiB.
 *
 * <p>Invariants: an idle buffer is in exactly one stack; {@link #pooledBytes} never exceeds {@code
 * bytesMax}, because a buffer given back beyond it is left to the garbage collector, as is one
 * larger than 32 MiB. One thread owns the pool; the two counters may be read by any.
 */
public final class BufferPool implements BufferSource {
  /** What a loop keeps by default, bytes. */
  public static final long DEFAULT_BYTES_MAX = 64L << 20;

  private static final int SMALLEST_SHIFT = 8;
  private static final int LARGEST_SHIFT = 25;

  private final long bytesMax;
  private final ByteBuffer[][] idle = new ByteBuffer[LARGEST_SHIFT + 1][0];
  private final int[] idleCount = new int[LARGEST_SHIFT + 1];
  private final AtomicLong pooledBytes = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param bytesMax most idle bytes kept
   */
  public BufferPool(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  @Override
  public ByteBuffer take(int bytes) {
    taken.setOpaque(taken.getPlain() + 1);
    int shift = shiftFor(bytes);
    if (shift > LARGEST_SHIFT) {
      return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    if (idleCount[shift] == 0) {
      return ByteBuffer.allocateDirect(1 << shift).order(ByteOrder.LITTLE_ENDIAN).limit(bytes);
    }
    ByteBuffer buffer = idle[shift][--idleCount[shift]];
    pooledBytes.setOpaque(pooledBytes.getPlain() - buffer.capacity());
    return buffer.clear().order(ByteOrder.LITTLE_ENDIAN).limit(bytes);
  }

  @Override
  public void giveBack(ByteBuffer buffer) {
    taken.setOpaque(taken.getPlain() - 1);
    int capacity = buffer.capacity();
    int shift = shiftFor(capacity);
    if (shift > LARGEST_SHIFT
        || capacity != 1 << shift
        || !buffer.isDirect()
        || pooledBytes.getPlain() + capacity > bytesMax) {
      return;
    }
    assert isNotIdle(buffer, shift) : "buffer of " + capacity + " bytes given back twice";
    if (idleCount[shift] == idle[shift].length) {
      idle[shift] = Arrays.copyOf(idle[shift], Math.max(8, 2 * idle[shift].length));
    }
    idle[shift][idleCount[shift]++] = buffer;
    pooledBytes.setOpaque(pooledBytes.getPlain() + capacity);
  }

  /** Idle bytes kept. */
  public long pooledBytes() {
    return pooledBytes.getOpaque();
  }

  /** Buffers taken and not yet given back. */
  public long taken() {
    return taken.getOpaque();
  }

  private static int shiftFor(int bytes) {
    return bytes <= 1 << SMALLEST_SHIFT
        ? SMALLEST_SHIFT
        : Integer.SIZE - Integer.numberOfLeadingZeros(bytes - 1);
  }

  @SuppressWarnings("ReferenceEquality") // The very buffer, not one of equal content.
  private boolean isNotIdle(ByteBuffer buffer, int shift) {
    for (int i = 0; i < idleCount[shift]; i++) {
      if (idle[shift][i] == buffer) {
        return false;
      }
    }
    return true;
  }
}
