package dev.slipway.engine.onnx;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Carries strings between BYTES tensors and ONNX Runtime's own string tensors, by copying.
 *
 * <p>ONNX calls its strings UTF-8, but ONNX Runtime keeps them as bytes with a length and leaves
 * their meaning to the operators. So any bytes pass, zeros among them, both ways; an operator that
 * cannot read them says so itself.
 */
final class StringTensors {
  private StringTensors() {}

  /**
   * Fills a string tensor of ONNX Runtime.
   *
   * @param value address of a string tensor of the same shape
   * @param out room for a pointer
   * @throws SlipwayException INVALID_TENSOR if the elements do not add up
   */
  static void fill(long value, Tensor tensor, MemorySegment out) throws OrtFailure {
    ByteBuffer data = tensor.data();
    long count = tensor.elementCount();
    int at = 0;
    for (int i = 0; i < count; i++) {
      if (data.limit() - at < Integer.BYTES) {
        throw misfit(tensor, i);
      }
      int length = data.getInt(at);
      at += Integer.BYTES;
      if (length < 0 || length > data.limit() - at) {
        throw misfit(tensor, i);
      }
      OrtApi.resizeString(value, i, length, out);
      MemorySegment target = MemorySegment.ofAddress(out.get(JAVA_LONG, 0)).reinterpret(length);
      target.asByteBuffer().put(0, data, at, length);
      at += length;
    }
    if (at != data.limit()) {
      throw misfit(tensor, Math.toIntExact(count));
    }
  }

  /** A BYTES tensor with the elements of a string tensor of ONNX Runtime. */
  static ByteBuffer read(long value, long count, MemorySegment out) throws OrtFailure {
    OrtApi.stringBytes(value, out);
    long bytes = out.get(JAVA_LONG, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment content = arena.allocate(Math.max(1, bytes));
      MemorySegment offsets = arena.allocate(JAVA_LONG, Math.max(1, count));
      OrtApi.stringContent(value, content.address(), bytes, offsets.address(), count);
      ByteBuffer data =
          ByteBuffer.allocateDirect(Math.toIntExact(bytes + count * Integer.BYTES))
              .order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer source = content.asByteBuffer();
      for (long i = 0; i < count; i++) {
        int begin = (int) offsets.getAtIndex(JAVA_LONG, i);
        int end = (int) (i + 1 < count ? offsets.getAtIndex(JAVA_LONG, i + 1) : bytes);
        data.putInt(end - begin).put(source.slice(begin, end - begin));
      }
      return data.flip();
    }
  }

  private static SlipwayException misfit(Tensor tensor, int element) {
    return new SlipwayException(
        ErrorCode.INVALID_TENSOR,
        "%s[%d]: the lengths of the strings do not add up to %d bytes"
            .formatted(tensor.name(), element, tensor.byteLength()));
  }
}
