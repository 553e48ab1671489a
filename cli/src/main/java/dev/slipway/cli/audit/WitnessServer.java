package dev.slipway.cli.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.core.audit.checkpoint.NoteSignature;
import dev.slipway.core.audit.witness.AddCheckpoint;
import dev.slipway.core.audit.witness.WitnessAnswer;
import dev.slipway.core.audit.witness.WitnessAnswer.Conflict;
import dev.slipway.core.audit.witness.WitnessAnswer.Cosigned;
import dev.slipway.core.audit.witness.WitnessAnswer.Refused;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.store.audit.DurableWitness;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A witness over HTTP (c2sp.org/tlog-witness): {@code POST /add-checkpoint}, and {@code GET
 * /<origin hash>/checkpoint} for monitors.
 */
public final class WitnessServer implements AutoCloseable {
  /** Most requests that are worked on at a time; others are told to come again. */
  static final int REQUESTS_MAX = 64;

  private static final long DRAINED_BYTES_MAX = 1 << 20;
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final Pattern CHECKPOINT = Pattern.compile("/([0-9a-f]{64})/checkpoint");

  private final DurableWitness witness;
  private final Consumer<String> log;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore free = new Semaphore(REQUESTS_MAX);

  /**
   * Listens at once.
   *
   * @param witness closed by its owner
   * @param log is told of each cosignature and each failure, a line each
   * @throws IOException if the address cannot be had
   */
  public WitnessServer(InetSocketAddress address, DurableWitness witness, Consumer<String> log)
      throws IOException {
    // Read once by the server's class: a client that is slower than this is cut off.
    limitSeconds("sun.net.httpserver.maxReqTime", 30);
    limitSeconds("sun.net.httpserver.maxRspTime", 30);
    this.witness = witness;
    this.log = log;
    this.server = HttpServer.create(address, 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  private static void limitSeconds(String property, int seconds) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Integer.toString(seconds));
    }
  }

  /** Where it listens. */
  public URI url() {
    InetSocketAddress address = server.getAddress();
    String host = address.getAddress().getHostAddress();
    return URI.create(
        "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, address.getPort()));
  }

  /** Stops at once. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!free.tryAcquire()) {
        exchange.getResponseHeaders().set("Retry-After", "1");
        send(exchange, 503, TEXT, "too many requests at a time\n");
        return;
      }
      try {
        route(exchange);
      } catch (SlipwayException e) {
        log.accept("error: " + e.getMessage());
        send(exchange, 500, TEXT, "the witness failed; nothing was cosigned\n");
      } finally {
        free.release();
      }
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    Matcher checkpoint = CHECKPOINT.matcher(path);
    if (path.equals("/add-checkpoint")) {
      if (isMethod(exchange, "POST")) {
        addCheckpoint(exchange);
      }
    } else if (checkpoint.matches()) {
      if (isMethod(exchange, "GET")) {
        var latest = witness.latest(checkpoint.group(1));
        if (latest.isPresent()) {
          send(exchange, 200, TEXT, new String(latest.get().toBytes(), UTF_8));
        } else {
          send(exchange, 404, TEXT, "this log was never cosigned\n");
        }
      }
    } else {
      send(exchange, 404, TEXT, "not found (expected: /add-checkpoint)\n");
    }
  }

  private static boolean isMethod(HttpExchange exchange, String method) throws IOException {
    if (exchange.getRequestMethod().equals(method)) {
      return true;
    }
    exchange.getResponseHeaders().set("Allow", method);
    send(
        exchange,
        405,
        TEXT,
        "method: %s (expected: %s)\n".formatted(exchange.getRequestMethod(), method));
    return false;
  }

  private void addCheckpoint(HttpExchange exchange) throws IOException {
    InputStream in = exchange.getRequestBody();
    byte[] body = in.readNBytes(AddCheckpoint.BYTES_MAX + 1);
    if (body.length > AddCheckpoint.BYTES_MAX) {
      drain(in);
      send(exchange, 413, TEXT, "request: more than %d bytes\n".formatted(AddCheckpoint.BYTES_MAX));
      return;
    }
    WitnessAnswer answer = witness.addCheckpoint(body);
    switch (answer) {
      case Cosigned cosigned -> {
        log.accept(
            "cosigned %s at %d entries"
                .formatted(
                    cosigned.latest().checkpoint().origin(),
                    cosigned.latest().checkpoint().size()));
        StringBuilder lines = new StringBuilder();
        cosigned.cosignatures().stream().map(NoteSignature::line).forEach(lines::append);
        send(exchange, answer.status(), TEXT, lines.toString());
      }
      case Conflict(long size) -> send(exchange, answer.status(), "text/x.tlog.size", size + "\n");
      case Refused(var refusal, String message) -> {
        log.accept("refused (%s): %s".formatted(refusal, message));
        send(exchange, answer.status(), TEXT, message + "\n");
      }
    }
  }

  /** Reads on for a while: a client that is still sending would not see the answer. */
  private static void drain(InputStream in) throws IOException {
    byte[] chunk = new byte[8192];
    long left = DRAINED_BYTES_MAX;
    int read = 0;
    while (left > 0 && read >= 0) {
      read = in.read(chunk);
      left -= read;
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
