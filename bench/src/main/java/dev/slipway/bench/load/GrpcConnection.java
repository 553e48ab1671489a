package dev.slipway.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;

/**
 * Unary gRPC over HTTP/2 with prior knowledge (RFC 9113), several streams at a time. Success is
 * {@code grpc-status: 0} in the trailers, whatever the HTTP status says.
 */
final class GrpcConnection extends LoadConnection {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int FRAME_HEADER_BYTES = 9;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int PADDED = 8;
  private static final int PRIORITY = 32;
  private static final int PRIORITY_BYTES = 5;
  private static final int DEFAULT_WINDOW = 65_535;
  private static final int LARGEST_WINDOW = Integer.MAX_VALUE;

  private final byte[] headerBlock;
  private final byte[][] messages;
  private final int streamsMax;
  private final int[] streamIds;
  private final long[] intendedNanos;
  private int open;
  private int nextStream = 1;
  private long sendWindow = DEFAULT_WINDOW;
  private long receivedSinceUpdate;
  private final DefaultHttp2HeadersDecoder headersDecoder =
      new DefaultHttp2HeadersDecoder(false, 1 << 16);

  GrpcConnection(
      LoadPlan plan, Selector selector, Observer observer, String method, byte[][] messages)
      throws IOException {
    super(plan, selector, observer, 1 << 20);
    this.messages = messages;
    this.streamsMax = plan.streamsPerConnection();
    this.streamIds = new int[streamsMax];
    this.intendedNanos = new long[streamsMax];
    this.headerBlock = encodeHeaders(plan, method);
    ByteBuffer out = outgoing();
    out.put(PREFACE);
    frameHeader(6, SETTINGS, 0, 0);
    out.putShort((short) 4).putInt(LARGEST_WINDOW);
    frameHeader(4, WINDOW_UPDATE, 0, 0);
    out.putInt(LARGEST_WINDOW - DEFAULT_WINDOW);
    flush();
  }

  private static byte[] encodeHeaders(LoadPlan plan, String method) throws IOException {
    DefaultHttp2Headers headers = new DefaultHttp2Headers();
    headers
        .method("POST")
        .scheme("http")
        .path(method)
        .authority(plan.host() + ":" + plan.port())
        .add("te", "trailers")
        .add("content-type", "application/grpc");
    // Everything is sensitive, therefore never indexed: the block stays valid for every request.
    DefaultHttp2HeadersEncoder encoder =
        new DefaultHttp2HeadersEncoder((name, value) -> true, false);
    ByteBuf block = Unpooled.buffer();
    try {
      encoder.encodeHeaders(1, headers, block);
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
    byte[] bytes = new byte[block.readableBytes()];
    block.readBytes(bytes);
    return bytes;
  }

  @Override
  boolean hasRoom() {
    return open < streamsMax && sendWindow > messages[0].length * 2L + 64;
  }

  @Override
  int inFlight() {
    return open;
  }

  @Override
  void enqueue(int request, long intended) {
    byte[] message = messages[request];
    ByteBuffer out = outgoing();
    frameHeader(headerBlock.length, HEADERS, END_HEADERS, nextStream);
    out.put(headerBlock);
    frameHeader(message.length + 5, DATA, END_STREAM, nextStream);
    out.put((byte) 0).putInt(message.length).put(message);
    sendWindow -= message.length + 5;
    streamIds[open] = nextStream;
    intendedNanos[open] = intended;
    open++;
    nextStream += 2;
  }

  @Override
  int consume(byte[] bytes, int length) throws IOException {
    int at = 0;
    while (length - at >= FRAME_HEADER_BYTES) {
      int payload = (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
      int end = at + FRAME_HEADER_BYTES + payload;
      if (end > length) {
        break;
      }
      int stream = ByteBuffer.wrap(bytes).getInt(at + 5) & Integer.MAX_VALUE;
      frame(bytes[at + 3], bytes[at + 4], stream, bytes, at + FRAME_HEADER_BYTES, payload);
      at = end;
    }
    flush();
    return at;
  }

  private void frame(int type, int flags, int stream, byte[] array, int at, int length)
      throws IOException {
    switch (type) {
      case DATA -> received(length);
      case HEADERS -> headers(flags, stream, array, at, length);
      case RST_STREAM -> finish(stream, "RST_STREAM", "");
      case SETTINGS -> {
        if ((flags & ACK) == 0) {
          frameHeader(0, SETTINGS, ACK, 0);
        }
      }
      case PING -> {
        if ((flags & ACK) == 0) {
          frameHeader(length, PING, ACK, 0);
          outgoing().put(array, at, length);
        }
      }
      case WINDOW_UPDATE -> {
        if (stream == 0) {
          sendWindow += ByteBuffer.wrap(array, at, 4).getInt();
        }
      }
      case GOAWAY -> throw new IOException("GOAWAY");
      default -> {
        // PRIORITY, PUSH_PROMISE and extension frames carry nothing that a unary call needs.
      }
    }
  }

  private void received(int length) {
    receivedSinceUpdate += length;
    if (receivedSinceUpdate > 1 << 29) {
      frameHeader(4, WINDOW_UPDATE, 0, 0);
      outgoing().putInt((int) receivedSinceUpdate);
      receivedSinceUpdate = 0;
    }
  }

  private void headers(int flags, int stream, byte[] array, int at, int length) throws IOException {
    if ((flags & END_HEADERS) == 0) {
      throw new IOException("CONTINUATION frames are not expected in small answers");
    }
    int padding = (flags & PADDED) == 0 ? 0 : array[at] & 0xff;
    int before = ((flags & PADDED) == 0 ? 0 : 1) + ((flags & PRIORITY) == 0 ? 0 : PRIORITY_BYTES);
    Http2Headers headers;
    try {
      headers =
          headersDecoder.decodeHeaders(
              stream, Unpooled.wrappedBuffer(array, at + before, length - before - padding));
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
    if ((flags & END_STREAM) != 0) {
      CharSequence status = headers.get("grpc-status");
      String number = status == null ? "none" : status.toString();
      CharSequence message = headers.get("grpc-message");
      finish(stream, number.equals("0") ? "" : number, message == null ? "" : message.toString());
    }
  }

  private void finish(int stream, String status, String detail) {
    for (int i = 0; i < open; i++) {
      if (streamIds[i] == stream) {
        long intended = intendedNanos[i];
        open--;
        streamIds[i] = streamIds[open];
        intendedNanos[i] = intendedNanos[open];
        observer.answered(this, intended, status, detail);
        return;
      }
    }
  }

  private void frameHeader(int length, int type, int flags, int stream) {
    outgoing()
        .put((byte) (length >>> 16))
        .putShort((short) length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream);
  }
}
