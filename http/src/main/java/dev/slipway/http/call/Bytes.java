package dev.slipway.http.call;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/**
 * A part of an array, as bodies and messages are handed to the codecs.
 *
 * @param array shared, not copied; nobody writes to it any more
 * @param offset start within {@code array}
 * @param length bytes, {@code >= 0}
 */
public record Bytes(byte[] array, int offset, int length) {
  public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  public static Bytes of(byte[] array) {
    return new Bytes(array, 0, array.length);
  }

  /** A buffer over {@code array}, without a copy; nobody writes to the array any more. */
  public static Buffer buffer(byte[] array) {
    return BufferInternal.buffer(Unpooled.wrappedBuffer(array));
  }

  /** The content of {@code buffer}, without a copy where it lies in an array. */
  public static Bytes of(Buffer buffer) {
    ByteBuf content = ((BufferInternal) buffer).getByteBuf();
    if (content.hasArray()) {
      return new Bytes(
          content.array(), content.arrayOffset() + content.readerIndex(), content.readableBytes());
    }
    return of(buffer.getBytes());
  }
}
