package dev.slipway.http.call;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.limits.BodyMemory;
import dev.slipway.http.limits.Limit;
import dev.slipway.http.limits.LimitHits;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses the bodies and messages of one event loop. What is short is done at once. What is
 * longer would keep the loop from its other callers, so it is done on another thread, one after
 * another: there is never more than one decompressed body that the loop has not taken yet. Belongs
 * to its event loop.
 */
public final class Decompression {
  /** About one millisecond, at the 200 MB a second that inflating reaches on its worst input. */
  static final int AT_ONCE_BYTES_MAX = 256 << 10;

  private final int bytesMax;
  private final BodyMemory memory;
  private final LimitHits hits;
  private final Executor elsewhere;
  private final Executor loop;
  private final Deque<Job> waiting = new ArrayDeque<>();
  private boolean busy;

  /** Who waits for what is decompressed elsewhere; called on the event loop. */
  public interface Receiver {
    /** Whether anybody still waits; a body that nobody wants is not decompressed. */
    boolean isWaiting();

    void decompressed(Bytes bytes);

    void notDecompressed(RuntimeException reason);
  }

  private record Job(ContentCoding coding, Bytes body, Receiver receiver) {}

  /**
   * @param bytesMax longest result
   * @param memory counts the bodies that wait for their turn
   * @param elsewhere runs what takes long
   * @param loop runs tasks on the event loop
   */
  public Decompression(
      int bytesMax, BodyMemory memory, LimitHits hits, Executor elsewhere, Executor loop) {
    this.bytesMax = bytesMax;
    this.memory = memory;
    this.hits = hits;
    this.elsewhere = elsewhere;
    this.loop = loop;
  }

  /**
   * Decompresses a body, now or later.
   *
   * @return the result, or null if {@code receiver} gets it when it is ready
   * @throws SlipwayException as {@link ContentCoding#decode}; MEMORY_EXHAUSTED if too many bytes
   *     wait already
   */
  public @Nullable Bytes decode(ContentCoding coding, Bytes body, Receiver receiver) {
    if (coding == ContentCoding.IDENTITY) {
      return body;
    }
    if (bytesMax <= AT_ONCE_BYTES_MAX) {
      return whole(coding, body);
    }
    if (body.length() <= AT_ONCE_BYTES_MAX) {
      Bytes result = coding.decodeWithin(body, AT_ONCE_BYTES_MAX);
      if (result != null) {
        return result;
      }
    }
    if (!memory.tryTake(body.length())) {
      hits.count(Limit.BUFFERED_BYTES);
      throw new SlipwayException(
          ErrorCode.MEMORY_EXHAUSTED, "body: too many bytes are being received already");
    }
    waiting.add(new Job(coding, body, receiver));
    startNext();
    return null;
  }

  private Bytes whole(ContentCoding coding, Bytes body) {
    try {
      return coding.decode(body, bytesMax);
    } catch (SlipwayException e) {
      if (e.code() == ErrorCode.PAYLOAD_TOO_LARGE) {
        hits.count(Limit.DECOMPRESSED_BYTES);
      }
      throw e;
    }
  }

  private void startNext() {
    while (!busy && !waiting.isEmpty()) {
      Job job = waiting.remove();
      if (job.receiver.isWaiting()) {
        busy = true;
        elsewhere.execute(() -> run(job));
      } else {
        memory.giveBack(job.body.length());
      }
    }
  }

  /** On a thread of its own. */
  private void run(Job job) {
    Runnable delivery;
    try {
      Bytes result = whole(job.coding, job.body);
      delivery = () -> job.receiver.decompressed(result);
    } catch (RuntimeException e) {
      delivery = () -> job.receiver.notDecompressed(e);
    } catch (OutOfMemoryError e) {
      SlipwayException reason =
          new SlipwayException(
              ErrorCode.MEMORY_EXHAUSTED, "body: no memory left to decompress it", e);
      delivery = () -> job.receiver.notDecompressed(reason);
    }
    Runnable delivered = delivery;
    loop.execute(() -> finish(job, delivered));
  }

  private void finish(Job job, Runnable delivery) {
    busy = false;
    memory.giveBack(job.body.length());
    try {
      if (job.receiver.isWaiting()) {
        delivery.run();
      }
    } finally {
      startNext();
    }
  }
}
