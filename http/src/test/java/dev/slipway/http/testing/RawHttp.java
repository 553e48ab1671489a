package dev.slipway.http.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Sends bytes as they are, for what no client would send. */
public final class RawHttp {
  private static final int SILENCE_MILLIS = 1_500;

  private RawHttp() {}

  /** Sends and reads until the server closes or says nothing for a while. */
  public static String exchange(RunningServer server, String request) {
    return exchange(server, request.getBytes(StandardCharsets.ISO_8859_1));
  }

  public static String exchange(RunningServer server, byte[] request) {
    return exchange(server, request, SILENCE_MILLIS);
  }

  /** Sends and reads until the server closes, at most ten seconds. */
  public static String exchangeUntilClosed(RunningServer server, String request) {
    return exchange(server, request.getBytes(StandardCharsets.ISO_8859_1), 10_000);
  }

  private static String exchange(RunningServer server, byte[] request, int silenceMillis) {
    try (Socket socket = connect(server)) {
      socket.setSoTimeout(silenceMillis);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      StringBuilder answer = new StringBuilder();
      byte[] buffer = new byte[8_192];
      try {
        int count = socket.getInputStream().read(buffer);
        while (count >= 0) {
          answer.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
          count = socket.getInputStream().read(buffer);
        }
      } catch (SocketTimeoutException e) {
        // The server keeps the connection open.
      }
      return answer.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends and closes at once. */
  public static void sendAndLeave(RunningServer server, String request) {
    sendAndLeave(server, request.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends and closes at once. */
  public static void sendAndLeave(RunningServer server, byte[] request) {
    try (Socket socket = connect(server)) {
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A connection to the server; the caller closes it. */
  public static Socket connect(RunningServer server) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server.server.port());
  }

  /** Sends, then waits for the server to close the connection. */
  public static boolean isClosedWithinTenSeconds(RunningServer server, String request) {
    try (Socket socket = connect(server)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      while (socket.getInputStream().read() >= 0) {
        // What it answers before does not matter here.
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
