package dev.slipway.http.call;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.limits.BodyMemory;
import dev.slipway.http.limits.Limit;
import dev.slipway.http.limits.LimitHits;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects a request's body within its limits. A body that arrives in one piece is never copied.
 * Belongs to one event loop.
 */
public final class BodyCollector {
  private final int bytesMax;
  private final BodyMemory memory;
  private final LimitHits hits;
  private @Nullable Buffer first;
  private @Nullable List<Buffer> more;
  private int length;

  public BodyCollector(int bytesMax, BodyMemory memory, LimitHits hits) {
    this.bytesMax = bytesMax;
    this.memory = memory;
    this.hits = hits;
  }

  /**
   * Refuses a body by its announced length, before any of it has arrived.
   *
   * @param contentLength the header; null or no number says nothing
   * @throws SlipwayException PAYLOAD_TOO_LARGE
   */
  public void announce(@Nullable String contentLength) {
    if (contentLength == null || (contentLength.length() < 7 && bytesMax >= 1_000_000)) {
      return;
    }
    try {
      long announced = Long.parseLong(contentLength);
      if (announced > bytesMax) {
        throw tooLarge(announced);
      }
    } catch (NumberFormatException e) {
      // The HTTP codec judges the header itself; what arrives is counted anyway.
    }
  }

  /**
   * @throws SlipwayException PAYLOAD_TOO_LARGE past the limit of this body, MEMORY_EXHAUSTED past
   *     that of all bodies together
   */
  public void add(Buffer chunk) {
    int bytes = chunk.length();
    if (bytes > bytesMax - length) {
      throw tooLarge((long) length + bytes);
    }
    if (!memory.tryTake(bytes)) {
      hits.count(Limit.BUFFERED_BYTES);
      throw new SlipwayException(
          ErrorCode.MEMORY_EXHAUSTED, "body: too many bytes are being received already");
    }
    length += bytes;
    if (first == null) {
      first = chunk;
      return;
    }
    if (more == null) {
      more = new ArrayList<>();
    }
    more.add(chunk);
  }

  /** The whole body. The collector is empty afterwards. */
  public Bytes take() {
    Buffer head = first;
    List<Buffer> tail = more;
    if (head == null) {
      return Bytes.EMPTY;
    }
    Bytes body;
    if (tail == null) {
      body = Bytes.of(head);
    } else {
      byte[] joined = new byte[length];
      head.getBytes(joined, 0);
      int position = head.length();
      for (Buffer chunk : tail) {
        chunk.getBytes(joined, position);
        position += chunk.length();
      }
      body = Bytes.of(joined);
    }
    discard();
    return body;
  }

  /** Forgets what has arrived. */
  public void discard() {
    memory.giveBack(length);
    first = null;
    more = null;
    length = 0;
  }

  private SlipwayException tooLarge(long bytes) {
    hits.count(Limit.BODY_BYTES);
    return new SlipwayException(
        ErrorCode.PAYLOAD_TOO_LARGE,
        "body: at least %d bytes (expected: at most %d)".formatted(bytes, bytesMax));
  }
}
