package dev.slipway.http.testing;

import dev.slipway.http.call.ContentCoding;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** HTTP/2 frames written by hand, to arrive in one piece as no client would send them. */
public final class Http2Frames {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int GOAWAY = 7;
  private static final int SETTINGS = 4;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int CANCEL = 8;

  private final ByteArrayOutputStream frames = new ByteArrayOutputStream();
  private final List<Wait> waits = new ArrayList<>();

  /** A frame as it arrived. */
  public record Frame(int type, int flags, int stream, int length) {}

  private record Wait(int position, int stream, int bytes) {}

  public Http2Frames() {
    frames.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    add(SETTINGS, 0, 0, new byte[0]);
  }

  /** A whole gRPC call of one message. */
  public Http2Frames grpcCall(int stream, String path, byte[] message) {
    return grpcCall(stream, path, message, false);
  }

  /** A whole gRPC call of one message, which travels as gzip. */
  public Http2Frames compressedGrpcCall(int stream, String path, byte[] message) {
    return grpcCall(stream, path, ContentCoding.GZIP.encode(message, 0, message.length), true);
  }

  private Http2Frames grpcCall(int stream, String path, byte[] message, boolean gzip) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    header(block, ":method", "POST");
    header(block, ":scheme", "http");
    header(block, ":path", path);
    header(block, ":authority", "localhost");
    header(block, "content-type", "application/grpc");
    header(block, "te", "trailers");
    if (gzip) {
      header(block, "grpc-encoding", "gzip");
    }
    add(HEADERS, END_HEADERS, stream, block.toByteArray());
    byte[] framed =
        ByteBuffer.allocate(5 + message.length)
            .put((byte) (gzip ? 1 : 0))
            .putInt(message.length)
            .put(message)
            .array();
    add(DATA, END_STREAM, stream, framed);
    return this;
  }

  public Http2Frames cancel(int stream) {
    add(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(CANCEL).array());
    return this;
  }

  /** Lets the server send that many bytes more on the connection. */
  public Http2Frames openWindow(int bytes) {
    add(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(bytes).array());
    return this;
  }

  /** Cancels once that many bytes of the stream's data have been received. */
  public Http2Frames cancelAfter(int stream, int bytes) {
    waits.add(new Wait(frames.size(), stream, bytes));
    return cancel(stream);
  }

  /** A literal header that is never indexed, without Huffman coding. */
  private static void header(ByteArrayOutputStream block, String name, String value) {
    block.write(0x10);
    block.write(name.length());
    block.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    block.write(value.length());
    block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  private void add(int type, int flags, int stream, byte[] payload) {
    frames.write(payload.length >>> 16);
    frames.write(payload.length >>> 8);
    frames.write(payload.length);
    frames.write(type);
    frames.write(flags);
    frames.writeBytes(ByteBuffer.allocate(4).putInt(stream).array());
    frames.writeBytes(payload);
  }

  /** Sends, in as few writes as the waits allow, and reads until a stream ends. */
  public List<Frame> exchangeUntilEndOf(RunningServer server, int stream) {
    List<Frame> received = new ArrayList<>();
    byte[] all = frames.toByteArray();
    int sent = 0;
    try (Socket socket = RawHttp.connect(server)) {
      socket.setSoTimeout(10_000);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      for (Wait wait : waits) {
        socket.getOutputStream().write(all, sent, wait.position - sent);
        sent = wait.position;
        int data = 0;
        while (data < wait.bytes) {
          Frame frame = read(in);
          received.add(frame);
          data += frame.type == DATA && frame.stream == wait.stream ? frame.length : 0;
        }
      }
      socket.getOutputStream().write(all, sent, all.length - sent);
      socket.getOutputStream().flush();
      boolean ended = false;
      while (!ended) {
        Frame frame = read(in);
        received.add(frame);
        ended = frame.stream == stream && frame.type <= HEADERS && (frame.flags & END_STREAM) != 0;
      }
    } catch (EOFException e) {
      // The server has closed; what arrived tells.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return received;
  }

  private static Frame read(DataInputStream in) throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    Frame frame = new Frame(in.readUnsignedByte(), in.readUnsignedByte(), in.readInt(), length);
    in.skipNBytes(length);
    return frame;
  }
}
