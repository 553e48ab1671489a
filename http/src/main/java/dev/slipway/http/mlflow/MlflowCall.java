package dev.slipway.http.mlflow;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.search.Filter;
import dev.slipway.core.search.Ordering;
import dev.slipway.http.control.ControlRequest;
import dev.slipway.platform.tracking.Requested;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One call of the API.
 *
 * @param arguments what stands for the variable segments of the path, in order
 * @param asked who asks, and the digest of method, path and body
 */
record MlflowCall(Fields fields, List<String> arguments, Requested asked) {
  /** Longest JSON body; a batch of a thousand metrics needs a tenth. */
  private static final int BODY_BYTES_MAX = 16 << 20;

  /**
   * Reads a request's fields: of a GET from the query, of others from the body.
   *
   * @throws SlipwayException BAD_REQUEST, PAYLOAD_TOO_LARGE
   */
  static MlflowCall of(ControlRequest request, List<String> arguments) {
    byte[] body = request.method().equals("GET") ? new byte[0] : read(request);
    Fields fields =
        request.method().equals("GET") ? Fields.ofQuery(request.repeated()) : Fields.ofBody(body);
    byte[] head =
        "%s %s\n".formatted(request.method(), request.path()).getBytes(StandardCharsets.UTF_8);
    byte[] whole = new byte[head.length + body.length];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return new MlflowCall(
        fields, arguments, new Requested(request.caller().principal(), ContentDigest.of(whole)));
  }

  private static byte[] read(ControlRequest request) {
    byte[] body;
    try {
      body = request.body().readNBytes(BODY_BYTES_MAX + 1);
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.CANCELLED, "body: it broke off", e);
    }
    if (body.length > BODY_BYTES_MAX) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "body: more than %d bytes (expected: at most that)".formatted(BODY_BYTES_MAX));
    }
    return body;
  }

  String argument() {
    return arguments.getFirst();
  }

  String runId() {
    return fields.required("run_id", "run_uuid");
  }

  Filter filter() {
    return Filter.parse(fields.text("filter"));
  }

  List<Ordering> orders() {
    return fields.texts("order_by").stream().map(Ordering::parse).toList();
  }

  String pageToken() {
    return fields.text("page_token");
  }
}
