package dev.slipway.http;

import dev.slipway.http.call.Linger;
import dev.slipway.http.control.ControlResponse;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a stream that one thread reads as the body of an answer. No more than {@value #CHUNKS}
 * chunks of {@value #CHUNK_BYTES} bytes wait for the caller to take them, so that an answer of any
 * length needs little memory.
 *
 * <p>Whoever sends holds one of few places, so a caller may be slow but not stand still: the rule
 * is that of {@link Patience}. An answer that cannot be sent to its end is broken off, by which a
 * caller knows that it is not whole.
 */
final class StreamedAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(StreamedAnswer.class);

  private static final int CHUNK_BYTES = 64 << 10;
  private static final int CHUNKS = 4;

  private final Context context;
  private final HttpServerRequest request;
  private final ControlResponse.Stream stream;
  private final Patience patience;
  private final CompletableFuture<@Nullable HttpServerResponse> begun = new CompletableFuture<>();
  private final Promise<Void> ended = Promise.promise();
  private final Semaphore room = new Semaphore(CHUNKS);
  private volatile boolean gone;

  /**
   * @param graceSeconds how long the sender waits for any caller
   */
  StreamedAnswer(
      Context context, HttpServerRequest request, ControlResponse.Stream stream, int graceSeconds) {
    this.context = context;
    this.request = request;
    this.stream = stream;
    this.patience = new Patience(graceSeconds);
  }

  /** Called on the event loop when the head of the answer is made. */
  Future<Void> begin(HttpServerResponse response) {
    begun.complete(response);
    return ended.future();
  }

  /** Called on the event loop if nobody waits for the answer. */
  void abandon() {
    begun.complete(null);
  }

  /** Called by the thread that reads; returns when everything is sent or broken off. */
  void send() {
    try (InputStream content = stream.content()) {
      HttpServerResponse response = begun.join();
      if (response == null) {
        return;
      }
      boolean whole = false;
      try {
        whole = send(content, response);
      } catch (IOException | RuntimeException e) {
        LOG.warn("an answer is broken off: {}", e.getMessage(), e);
      } finally {
        boolean all = whole;
        context.runOnContext(ignored -> end(response, all));
      }
    } catch (IOException e) {
      LOG.warn("what was sent does not close: {}", e.toString());
    }
  }

  private boolean send(InputStream content, HttpServerResponse response) throws IOException {
    long sent = 0;
    while (sent < stream.bytes()) {
      byte[] chunk = content.readNBytes((int) Math.min(CHUNK_BYTES, stream.bytes() - sent));
      if (chunk.length == 0) {
        throw new EOFException("%d of %d bytes came".formatted(sent, stream.bytes()));
      }
      if (!awaitRoom(sent) || gone) {
        return false;
      }
      sent += chunk.length;
      context.runOnContext(
          ignored -> response.write(Buffer.buffer(chunk)).onComplete(this::written));
    }
    return true;
  }

  private void written(AsyncResult<Void> result) {
    gone |= result.failed();
    room.release();
  }

  /** Whether the caller took bytes in time. */
  private boolean awaitRoom(long sent) {
    long start = System.nanoTime();
    try {
      return room.tryAcquire(patience.leftNanos(sent), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      patience.waited(System.nanoTime() - start);
    }
  }

  private void end(HttpServerResponse response, boolean whole) {
    if (whole) {
      response.end().onComplete(ended);
    } else {
      Linger.cutOff(request);
      ended.tryComplete();
    }
  }
}
