package dev.slipway.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection of the generator: writes prepared requests, and finds the ends of answers. */
abstract class LoadConnection {
  /** Receives what became of requests. */
  interface Observer {
    /**
     * @param status empty when the answer is a success
     * @param detail body or message of a failure
     */
    void answered(LoadConnection connection, long intendedNanos, String status, String detail);
  }

  private final SocketChannel channel;
  private final SelectionKey key;
  private final ByteBuffer outgoing = ByteBuffer.allocateDirect(1 << 18);
  private final byte[] incoming;
  private int incomingLength;
  final Observer observer;

  LoadConnection(LoadPlan plan, Selector selector, Observer observer, int readBytes)
      throws IOException {
    this.observer = observer;
    this.incoming = new byte[readBytes];
    channel = SocketChannel.open(new InetSocketAddress(plan.host(), plan.port()));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** Whether another request may be sent now. */
  abstract boolean hasRoom();

  /** Puts a request in the output; {@link #hasRoom()} must hold. */
  abstract void enqueue(int request, long intendedNanos);

  /**
   * Takes complete answers from {@code bytes[0, length)}.
   *
   * @return bytes taken; the rest is offered again when more has arrived
   */
  abstract int consume(byte[] bytes, int length) throws IOException;

  /** Requests in flight, to be counted as failures when the connection breaks. */
  abstract int inFlight();

  final ByteBuffer outgoing() {
    return outgoing;
  }

  final void send(int request, long intendedNanos) throws IOException {
    enqueue(request, intendedNanos);
    flush();
  }

  final void flush() throws IOException {
    outgoing.flip();
    channel.write(outgoing);
    outgoing.compact();
    boolean pending = outgoing.position() > 0;
    int wanted = pending ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
    if (key.interestOps() != wanted) {
      key.interestOps(wanted);
    }
  }

  /** Reads what has arrived. */
  final void ready() throws IOException {
    if (key.isWritable()) {
      flush();
    }
    if (key.isReadable()) {
      int count =
          channel.read(ByteBuffer.wrap(incoming, incomingLength, incoming.length - incomingLength));
      if (count < 0) {
        throw new IOException("connection closed by the server");
      }
      incomingLength += count;
      int taken = consume(incoming, incomingLength);
      incomingLength -= taken;
      System.arraycopy(incoming, taken, incoming, 0, incomingLength);
    }
  }

  final void close() throws IOException {
    key.cancel();
    channel.close();
  }
}
