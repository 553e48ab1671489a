package dev.slipway.platform.webhook;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.platform.webhook.WebhookTargets.Target;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Posts one message over a connection of its own to the address that was looked at, which clients
 * that resolve by themselves would not promise. No redirect is followed and no more than the status
 * line is read. Thread-safe.
 */
final class WebhookConnection {
  private static final int STATUS_LINE_BYTES_MAX = 1_024;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");

  private final WebhookTargets targets;
  private final SSLSocketFactory tls;
  private final Duration timeout;

  WebhookConnection(WebhookTargets targets, SSLSocketFactory tls, Duration timeout) {
    this.targets = targets;
    this.tls = tls;
    this.timeout = timeout;
  }

  /**
   * Posts a message.
   *
   * @param headers besides those of HTTP itself
   * @return empty if it was accepted; else why not, in words that hold nothing the other side sent
   */
  Optional<String> post(String url, Map<String, String> headers, byte[] body) {
    try {
      int status = exchange(targets.resolve(url), headers, body);
      if (status / 100 == 2) {
        return Optional.empty();
      }
      return Optional.of(
          status / 100 == 3
              ? "status %d (expected: 2xx; redirects are not followed)".formatted(status)
              : "status %d (expected: 2xx)".formatted(status));
    } catch (SlipwayException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (UnknownHostException e) {
      return Optional.of("the host is not known");
    } catch (SocketTimeoutException e) {
      return Optional.of("no answer within %d s".formatted(timeout.toSeconds()));
    } catch (SSLException e) {
      return Optional.of("TLS failed, or the certificate is not trusted");
    } catch (IOException e) {
      return Optional.of("the connection failed");
    }
  }

  private int exchange(Target target, Map<String, String> headers, byte[] body) throws IOException {
    CountDownLatch done = new CountDownLatch(1);
    try (Socket socket = new Socket()) {
      Thread.ofVirtual().name("webhook-deadline").start(() -> closeInTime(done, socket));
      int millis = Math.toIntExact(timeout.toMillis());
      socket.setSoTimeout(millis);
      socket.connect(new InetSocketAddress(target.address(), target.port()), millis);
      if (!target.tls()) {
        return talk(socket, target, headers, body);
      }
      try (SSLSocket secure =
          (SSLSocket) tls.createSocket(socket, target.host(), target.port(), true)) {
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return talk(secure, target, headers, body);
      }
    } finally {
      done.countDown();
    }
  }

  /** However slowly the other side talks, an attempt ends. */
  private void closeInTime(CountDownLatch done, Socket socket) {
    try (socket) {
      done.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // It is closed as far as it goes; whoever waits for it has the failure.
    }
  }

  private static int talk(Socket socket, Target target, Map<String, String> headers, byte[] body)
      throws IOException {
    OutputStream out = new BufferedOutputStream(socket.getOutputStream());
    StringBuilder head = new StringBuilder();
    head.append("POST ").append(target.path()).append(" HTTP/1.1\r\n");
    head.append("host: ").append(target.authority()).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("content-length: ").append(body.length).append("\r\n");
    head.append("connection: close\r\n\r\n");
    out.write(head.toString().getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
    return status(socket.getInputStream());
  }

  private static int status(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int character = in.read();
    while (character >= 0 && character != '\n') {
      if (line.length() == STATUS_LINE_BYTES_MAX) {
        throw new IOException("the status line is too long");
      }
      line.append((char) character);
      character = in.read();
    }
    Matcher status = STATUS.matcher(line.toString().strip());
    if (character < 0 || !status.matches()) {
      throw new IOException("the answer is no HTTP");
    }
    return Integer.parseInt(status.group(1));
  }
}
