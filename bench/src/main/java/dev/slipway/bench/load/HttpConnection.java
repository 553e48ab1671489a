package dev.slipway.bench.load;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;

/** HTTP/1.1 keep-alive, one request at a time; answers carry a Content-Length. */
final class HttpConnection extends LoadConnection {
  private static final byte[] CONTENT_LENGTH =
      "content-length:".getBytes(StandardCharsets.US_ASCII);

  private final byte[][] requests;
  private boolean waiting;
  private long intendedNanos;

  HttpConnection(LoadPlan plan, Selector selector, Observer observer, byte[][] requests)
      throws IOException {
    super(plan, selector, observer, 1 << 18);
    this.requests = requests;
  }

  @Override
  boolean hasRoom() {
    return !waiting;
  }

  @Override
  void enqueue(int request, long intended) {
    outgoing().put(requests[request]);
    waiting = true;
    intendedNanos = intended;
  }

  @Override
  int inFlight() {
    return waiting ? 1 : 0;
  }

  @Override
  int consume(byte[] bytes, int length) throws IOException {
    int bodyAt = endOfHead(bytes, length);
    if (bodyAt < 0) {
      return 0;
    }
    int bodyLength = contentLength(bytes, bodyAt);
    if (length - bodyAt < bodyLength) {
      return 0;
    }
    waiting = false;
    // "HTTP/1.1 200": the status is at offset 9.
    boolean success = bytes[9] == '2' && bytes[10] == '0' && bytes[11] == '0';
    if (success) {
      observer.answered(this, intendedNanos, "", "");
    } else {
      observer.answered(
          this,
          intendedNanos,
          new String(bytes, 9, 3, StandardCharsets.US_ASCII),
          new String(bytes, bodyAt, Math.min(bodyLength, 300), StandardCharsets.UTF_8));
    }
    return bodyAt + bodyLength;
  }

  private static int endOfHead(byte[] array, int end) {
    for (int i = 3; i < end; i++) {
      if (array[i] == '\n' && array[i - 1] == '\r' && array[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private static int contentLength(byte[] array, int end) throws IOException {
    for (int i = 0; i < end - CONTENT_LENGTH.length; i++) {
      if (array[i] == '\n' && startsWith(array, i + 1)) {
        int length = 0;
        for (int j = i + 1 + CONTENT_LENGTH.length; array[j] != '\r'; j++) {
          if (array[j] != ' ') {
            length = length * 10 + (array[j] - '0');
          }
        }
        return length;
      }
    }
    throw new IOException("answer without Content-Length");
  }

  private static boolean startsWith(byte[] array, int at) {
    for (int i = 0; i < CONTENT_LENGTH.length; i++) {
      if ((array[at + i] | 0x20) != (CONTENT_LENGTH[i] | 0x20)) {
        return false;
      }
    }
    return true;
  }
}
