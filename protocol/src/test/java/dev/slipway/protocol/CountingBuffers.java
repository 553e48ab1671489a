package dev.slipway.protocol;

import dev.slipway.core.tensor.BufferSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** A source that knows what is out, and refuses to take back what is not. */
public final class CountingBuffers implements BufferSource {
  private final Set<ByteBuffer> out = Collections.newSetFromMap(new IdentityHashMap<>());
  private long largest;

  @Override
  public ByteBuffer take(int bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    // Pooled memory is dirty: a decoder that leaves a gap must be seen.
    for (int i = 0; i < bytes; i++) {
      buffer.put(i, (byte) 0xa5);
    }
    out.add(buffer);
    largest = Math.max(largest, bytes);
    return buffer;
  }

  @Override
  public void giveBack(ByteBuffer buffer) {
    if (!out.remove(buffer)) {
      throw new AssertionError("given back twice, or never taken: " + buffer);
    }
  }

  public void giveBackAll() {
    out.clear();
  }

  public int outstanding() {
    return out.size();
  }

  /** Size of the largest buffer ever taken, bytes. */
  public long largest() {
    return largest;
  }
}
