package dev.slipway.core.inference;

/**
 * One entry of a request's {@code outputs}.
 *
 * @param name output tensor's name
 * @param encoding how the caller wants it on the wire
 * @param classes {@code classification}: answer the best k classes as BYTES "score:index[:label]";
 *     0 means the plain tensor
 */
public record RequestedOutput(String name, Encoding encoding, int classes) {
  /** How an output travels. */
  public enum Encoding {
    /** What the request says as a whole ({@code binary_data_output}), else JSON. */
    DEFAULT,
    JSON,
    BINARY
  }

  public static RequestedOutput of(String name) {
    return new RequestedOutput(name, Encoding.DEFAULT, 0);
  }
}
