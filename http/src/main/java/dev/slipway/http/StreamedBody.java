package dev.slipway.http;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.limits.Limit;
import dev.slipway.http.limits.LimitHits;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request's body as a stream that one other thread reads. The event loop stops receiving while
 * {@value #BYTES_HIGH} bytes wait to be read, so that a body of any length needs little memory.
 *
 * <p>Whoever reads holds one of few places, so a body may be long but not slow: the reader waits
 * for it as {@link Patience} says. Time in which bytes wait for the reader does not count.
 */
final class StreamedBody extends InputStream {
  private static final int BYTES_HIGH = 1 << 20;
  private static final int BYTES_LOW = 256 << 10;

  private final Context context;
  private final HttpServerRequest request;
  private final long bytesMax;
  private final int graceSeconds;
  private final Patience patience;
  private final LimitHits hits;
  private final Deque<Buffer> waiting = new ArrayDeque<>();
  private long bytesWaiting;
  private long bytesArrived;
  private boolean paused;
  private boolean ended;
  private boolean closed;
  private @Nullable SlipwayException failure;
  private int position;

  /**
   * @param graceSeconds how long the reader waits for any body
   */
  StreamedBody(
      Context context, HttpServerRequest request, long bytesMax, int graceSeconds, LimitHits hits) {
    this.context = context;
    this.request = request;
    this.bytesMax = bytesMax;
    this.graceSeconds = graceSeconds;
    this.patience = new Patience(graceSeconds);
    this.hits = hits;
  }

  /** Called on the event loop, before the request's body is read. */
  void start() {
    request.handler(this::arrived);
    request.endHandler(ignored -> ended(null));
    request.exceptionHandler(
        ignored -> ended(new SlipwayException(ErrorCode.CANCELLED, "body: the caller went away")));
  }

  private synchronized void arrived(Buffer chunk) {
    bytesArrived += chunk.length();
    if (closed || failure != null) {
      return;
    }
    if (bytesArrived > bytesMax) {
      hits.count(Limit.ARTIFACT_BYTES);
      failure =
          new SlipwayException(
              ErrorCode.PAYLOAD_TOO_LARGE,
              "body: more than %d bytes (expected: at most %d)".formatted(bytesMax, bytesMax));
      waiting.clear();
      bytesWaiting = 0;
    } else {
      waiting.add(chunk);
      bytesWaiting += chunk.length();
      if (bytesWaiting >= BYTES_HIGH && !paused) {
        pause();
      }
    }
    notifyAll();
  }

  private synchronized void ended(@Nullable SlipwayException cause) {
    ended = true;
    if (failure == null) {
      failure = cause;
    }
    notifyAll();
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * @throws SlipwayException PAYLOAD_TOO_LARGE past the limit, BAD_REQUEST if it arrives too
   *     slowly, CANCELLED if the caller goes away before the body's end
   */
  @Override
  public synchronized int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    awaitBytes();
    Buffer chunk = waiting.peek();
    if (chunk == null) {
      return -1;
    }
    int count = Math.min(length, chunk.length() - position);
    chunk.getBytes(position, position + count, target, offset);
    position += count;
    if (position == chunk.length()) {
      waiting.remove();
      position = 0;
      bytesWaiting -= chunk.length();
      resumeBelow(BYTES_LOW);
    }
    return count;
  }

  private void awaitBytes() {
    try {
      while (waiting.isEmpty() && failure == null && !ended) {
        long leftNanos = patience.leftNanos(bytesArrived);
        if (leftNanos <= 0) {
          hits.count(Limit.BODY_TIME);
          failure =
              new SlipwayException(
                  ErrorCode.BAD_REQUEST,
                  "body: too slow after %d bytes (expected: at least %d a second after %d seconds)"
                      .formatted(bytesArrived, Patience.BYTES_PER_SECOND_MIN, graceSeconds));
          break;
        }
        long start = System.nanoTime();
        TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
        patience.waited(System.nanoTime() - start);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorCode.CANCELLED, "body: reading was interrupted", e);
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** The rest of the body is thrown away as it arrives. */
  @Override
  public synchronized void close() {
    closed = true;
    waiting.clear();
    bytesWaiting = 0;
    resumeBelow(Long.MAX_VALUE);
  }

  private void pause() {
    paused = true;
    request.pause();
    UpgradeGate gate = UpgradeGate.of(request.connection());
    if (gate != null) {
      gate.close();
    }
  }

  private void resumeBelow(long bytes) {
    if (paused && bytesWaiting < bytes) {
      paused = false;
      context.runOnContext(ignored -> resume());
    }
  }

  /** More may have arrived since the reader asked for it. */
  private synchronized void resume() {
    if (paused) {
      return;
    }
    request.resume();
    UpgradeGate gate = UpgradeGate.of(request.connection());
    if (gate != null) {
      gate.open();
    }
  }
}
