package dev.slipway.testkit.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A port in front of an HTTP server that lets a number of requests through and then none, as if the
 * one who asks had died there. Each connection carries one request.
 */
public final class FaultyLink implements AutoCloseable {
  /** What becomes of the first request that is one too many. */
  public enum Cut {
    /** It does not arrive. */
    REQUEST,
    /** It is carried out, and its answer does not arrive. */
    ANSWER
  }

  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *([0-9]+)\\r?$");

  private final int target;
  private final ServerSocket socket;
  private final AtomicInteger seen = new AtomicInteger();
  private final AtomicInteger toBreak = new AtomicInteger();
  private volatile long breakAfterBytes;
  private volatile int limit = Integer.MAX_VALUE;
  private volatile Cut cut = Cut.REQUEST;

  /**
   * @param target port of the server, on the loopback
   */
  public FaultyLink(int target) throws IOException {
    this.target = target;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return socket.getLocalPort();
  }

  /** Lets so many requests through from now on. */
  public void cutAfter(int requests, Cut how) {
    cut = how;
    limit = requests;
    seen.set(0);
  }

  /** Ends so many of the next answers that are longer after so many bytes. */
  public void breakAnswers(int answers, long afterBytes) {
    breakAfterBytes = afterBytes;
    toBreak.set(answers);
  }

  /** Requests that came since the last {@link #cutAfter}. */
  public int seen() {
    return seen.get();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket caller = socket.accept();
        Thread.ofVirtual().start(() -> pass(caller));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void pass(Socket accepted) {
    try (Socket caller = accepted;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
      InputStream in = caller.getInputStream();
      String head = head(in);
      if (head.isEmpty()) {
        return;
      }
      int number = seen.incrementAndGet();
      boolean dead = number - 1 > limit || (number > limit && cut == Cut.REQUEST);
      if (dead) {
        return;
      }
      OutputStream to = server.getOutputStream();
      String single = head.replaceAll("(?im)^connection:.*\\r\\n", "");
      to.write((single + "Connection: close\r\n\r\n").getBytes(ISO_8859_1));
      Matcher length = LENGTH.matcher(head);
      long left = length.find() ? Long.parseLong(length.group(1)) : 0;
      byte[] chunk = new byte[1 << 16];
      while (left > 0) {
        int count = in.read(chunk, 0, (int) Math.min(chunk.length, left));
        if (count < 0) {
          return;
        }
        to.write(chunk, 0, count);
        left -= count;
      }
      to.flush();
      if (number > limit) {
        server.getInputStream().readAllBytes();
        return;
      }
      answer(server.getInputStream(), caller.getOutputStream());
    } catch (IOException e) {
      // One of the two is gone; the other learns of it by the closing.
    }
  }

  private void answer(InputStream from, OutputStream to) throws IOException {
    byte[] chunk = new byte[1 << 14];
    long sent = 0;
    for (int count = from.read(chunk); count >= 0; count = from.read(chunk)) {
      sent += count;
      if (toBreak.get() > 0 && sent > breakAfterBytes) {
        toBreak.decrementAndGet();
        return;
      }
      to.write(chunk, 0, count);
    }
  }

  /** A request's head without its last empty line; empty if none comes. */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int ends = 0;
    while (ends < 4) {
      int value = in.read();
      if (value < 0) {
        return "";
      }
      head.write(value);
      ends = value == "\r\n\r\n".charAt(ends) ? ends + 1 : value == '\r' ? 1 : 0;
    }
    String text = head.toString(ISO_8859_1);
    return text.substring(0, text.length() - 2);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
