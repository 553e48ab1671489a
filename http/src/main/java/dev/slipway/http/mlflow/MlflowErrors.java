package dev.slipway.http.mlflow;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.http.control.ControlResponse;

/** Errors as MLflow's clients know them. */
final class MlflowErrors {
  private MlflowErrors() {}

  static ControlResponse answer(ErrorCode code, String message) {
    Meaning meaning = meaning(code);
    byte[] body =
        MlflowJson.bytes(
            MlflowJson.object().put("error_code", meaning.name()).put("message", message));
    return new ControlResponse(meaning.status(), "application/json", body);
  }

  static ControlResponse noEndpoint(String method, String path) {
    byte[] body =
        MlflowJson.bytes(
            MlflowJson.object()
                .put("error_code", "ENDPOINT_NOT_FOUND")
                .put("message", "%s %s is not implemented here".formatted(method, path)));
    return new ControlResponse(404, "application/json", body);
  }

  private record Meaning(String name, int status) {}

  /** Clients retry 429, 500 and 503, so nothing that stays refused may have these. */
  private static Meaning meaning(ErrorCode code) {
    return switch (code) {
      case ALREADY_EXISTS -> new Meaning("RESOURCE_ALREADY_EXISTS", 400);
      case UNAUTHENTICATED -> new Meaning("UNAUTHENTICATED", 401);
      case PERMISSION_DENIED, POLICY_REFUSED -> new Meaning("PERMISSION_DENIED", 403);
      case NOT_FOUND -> new Meaning("RESOURCE_DOES_NOT_EXIST", 404);
      case CONFLICT, NOTHING_TO_UNDO -> new Meaning("RESOURCE_CONFLICT", 409);
      case RATE_LIMITED, BUDGET_EXHAUSTED, QUEUE_FULL, TOO_MANY_REQUESTS, MEMORY_EXHAUSTED ->
          new Meaning("RESOURCE_EXHAUSTED", 429);
      case DEADLINE_EXCEEDED, NOT_READY, SHUTTING_DOWN, STORE_UNAVAILABLE, UPSTREAM_FAILED ->
          new Meaning("TEMPORARILY_UNAVAILABLE", 503);
      case BAD_REQUEST,
          INVALID_TENSOR,
          VALUE_REJECTED,
          BATCH_TOO_LARGE,
          MODEL_INVALID,
          FORMAT_UNSUPPORTED,
          DEVICE_UNAVAILABLE,
          CONFIGURATION_INVALID,
          METHOD_NOT_ALLOWED,
          NOT_IMPLEMENTED,
          PAYLOAD_TOO_LARGE,
          UNSUPPORTED_ENCODING,
          HEADERS_TOO_LARGE,
          CANCELLED ->
          new Meaning("INVALID_PARAMETER_VALUE", 400);
      case STORE_CORRUPT, INFERENCE_FAILED, OUTPUT_INVALID, INTERNAL ->
          new Meaning("INTERNAL_ERROR", 500);
    };
  }
}
