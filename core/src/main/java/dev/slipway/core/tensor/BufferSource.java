package dev.slipway.core.tensor;

import java.nio.ByteBuffer;

/**
 * Where decoders take the memory that tensors live in.
 *
 * <p>An implementation may pool and need not be thread-safe: a source belongs to one event loop.
 */
public interface BufferSource {
  /**
   * A little-endian buffer of position 0 and limit {@code bytes}; its content is undefined.
   *
   * @param bytes {@code >= 0}
   */
  ByteBuffer take(int bytes);

  /** Gives back a buffer that {@link #take} returned, once. Slices of it die with it. */
  void giveBack(ByteBuffer buffer);
}
