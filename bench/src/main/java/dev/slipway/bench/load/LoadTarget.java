package dev.slipway.bench.load;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What the requests of a run look like. */
public sealed interface LoadTarget {
  /** Number of different requests, which are sent in turn. */
  int requestCount();

  LoadConnection connect(LoadPlan plan, Selector selector, LoadConnection.Observer observer)
      throws IOException;

  /** Complete HTTP/1.1 requests. */
  record Rest(byte[][] requests) implements LoadTarget {
    /**
     * POST requests to {@code path} with these bodies.
     *
     * @param headers further header lines, each ended by CR LF; empty for none
     */
    public static Rest post(String path, String headers, byte[][] bodies) {
      byte[][] requests =
          Arrays.stream(bodies).map(body -> request(path, headers, body)).toArray(byte[][]::new);
      return new Rest(requests);
    }

    /** One such request. */
    public static byte[] request(String path, String headers, byte[] body) {
      byte[] head =
          ("POST "
                  + path
                  + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + headers
                  + "Content-Length: "
                  + body.length
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII);
      byte[] request = Arrays.copyOf(head, head.length + body.length);
      System.arraycopy(body, 0, request, head.length, body.length);
      return request;
    }

    @Override
    public int requestCount() {
      return requests.length;
    }

    @Override
    public LoadConnection connect(
        LoadPlan plan, Selector selector, LoadConnection.Observer observer) throws IOException {
      return new HttpConnection(plan, selector, observer, requests);
    }
  }

  /**
   * Serialised protobuf messages for one unary method.
   *
   * @param method path, such as {@code /inference.GRPCInferenceService/ModelInfer}
   */
  record Grpc(String method, byte[][] messages) implements LoadTarget {
    @Override
    public int requestCount() {
      return messages.length;
    }

    @Override
    public LoadConnection connect(
        LoadPlan plan, Selector selector, LoadConnection.Observer observer) throws IOException {
      return new GrpcConnection(plan, selector, observer, method, messages);
    }
  }
}
