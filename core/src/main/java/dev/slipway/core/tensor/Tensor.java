package dev.slipway.core.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A named tensor over little-endian bytes that somebody else owns.
 *
 * <p>{@code data} is little-endian; its elements lie row-major in {@code [0, limit)} whatever its
 * position, and readers use absolute access. A BYTES tensor holds, per element, a u32 length and
 * the bytes, exactly as in the binary tensor extension. The buffer may be pooled: a tensor is valid
 * only as long as its owner says (for the inputs of a request, until the request is released; for
 * the outputs of a session, until its next call).
 *
 * @param name tensor name, not empty
 * @param shape concrete shape, no dynamic dimension
 * @param data little-endian buffer, direct on the hot path
 */
public record Tensor(String name, DataType datatype, Shape shape, ByteBuffer data) {
  public Tensor {
    if (data.order() != ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalArgumentException(
          name + ": byte order BIG_ENDIAN (expected: LITTLE_ENDIAN)");
    }
  }

  /** Bytes of content. */
  public int byteLength() {
    return data.limit();
  }

  public long elementCount() {
    return shape.elementCount();
  }

  public Tensor withName(String newName) {
    return new Tensor(newName, datatype, shape, data);
  }
}
