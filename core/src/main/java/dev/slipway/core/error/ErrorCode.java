package dev.slipway.core.error;

/**
 * Every reason for which Slipway refuses or fails, with its status in each protocol.
 *
 * <p>Names are stable: clients and dashboards match on them. gRPC numbers are those of
 * google.rpc.Code.
 */
public enum ErrorCode {
  BAD_REQUEST(ErrorClass.CALLER, 400, 3),
  INVALID_TENSOR(ErrorClass.CALLER, 400, 3),
  VALUE_REJECTED(ErrorClass.CALLER, 400, 3),
  BATCH_TOO_LARGE(ErrorClass.CALLER, 400, 3),
  MODEL_INVALID(ErrorClass.CALLER, 422, 3),
  FORMAT_UNSUPPORTED(ErrorClass.CALLER, 422, 3),
  DEVICE_UNAVAILABLE(ErrorClass.CALLER, 422, 9),
  CONFIGURATION_INVALID(ErrorClass.CALLER, 422, 3),
  UNAUTHENTICATED(ErrorClass.CALLER, 401, 16),
  PERMISSION_DENIED(ErrorClass.CALLER, 403, 7),
  /** A policy keeps it from happening; the message says what is missing. */
  POLICY_REFUSED(ErrorClass.CALLER, 403, 7),
  NOT_FOUND(ErrorClass.CALLER, 404, 5),
  METHOD_NOT_ALLOWED(ErrorClass.CALLER, 405, 12),
  NOT_IMPLEMENTED(ErrorClass.CALLER, 501, 12),
  PAYLOAD_TOO_LARGE(ErrorClass.CALLER, 413, 8),
  UNSUPPORTED_ENCODING(ErrorClass.CALLER, 415, 3),
  HEADERS_TOO_LARGE(ErrorClass.CALLER, 431, 8),
  ALREADY_EXISTS(ErrorClass.CONFLICT, 409, 6),
  CONFLICT(ErrorClass.CONFLICT, 409, 10),
  NOTHING_TO_UNDO(ErrorClass.CONFLICT, 409, 9),
  RATE_LIMITED(ErrorClass.OVERLOAD, 429, 8),
  /** For hours; trying again after a moment would be in vain. */
  BUDGET_EXHAUSTED(ErrorClass.CALLER, 429, 8),
  QUEUE_FULL(ErrorClass.OVERLOAD, 503, 14),
  TOO_MANY_REQUESTS(ErrorClass.OVERLOAD, 503, 14),
  DEADLINE_EXCEEDED(ErrorClass.OVERLOAD, 503, 4),
  CANCELLED(ErrorClass.CALLER, 499, 1),
  NOT_READY(ErrorClass.OVERLOAD, 503, 14),
  SHUTTING_DOWN(ErrorClass.OVERLOAD, 503, 14),
  MEMORY_EXHAUSTED(ErrorClass.OVERLOAD, 503, 8),
  UPSTREAM_FAILED(ErrorClass.DEPENDENCY, 502, 14),
  STORE_UNAVAILABLE(ErrorClass.DEPENDENCY, 503, 14),
  STORE_CORRUPT(ErrorClass.INTERNAL, 500, 15),
  INFERENCE_FAILED(ErrorClass.INTERNAL, 500, 13),
  OUTPUT_INVALID(ErrorClass.INTERNAL, 500, 13),
  INTERNAL(ErrorClass.INTERNAL, 500, 13);

  private final ErrorClass errorClass;
  private final int httpStatus;
  private final int grpcStatus;

  ErrorCode(ErrorClass errorClass, int httpStatus, int grpcStatus) {
    this.errorClass = errorClass;
    this.httpStatus = httpStatus;
    this.grpcStatus = grpcStatus;
  }

  public ErrorClass errorClass() {
    return errorClass;
  }

  public int httpStatus() {
    return httpStatus;
  }

  /** Number of the google.rpc.Code. */
  public int grpcStatus() {
    return grpcStatus;
  }
}
