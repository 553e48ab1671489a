package dev.slipway.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.ExitCode;
import dev.slipway.core.error.ErrorCode;
import java.util.Optional;

/** Reads an error answer of the server, of the control API or of V2, and names the exit code. */
final class Refusal {
  /** Between what is missing and the command that mends it, where the server names one. */
  private static final String MEND = "; to mend it: ";

  private Refusal() {}

  /**
   * @param body {@code application/problem+json} or V2's {@code {"error": ...}}; missing if the
   *     answer was not JSON
   * @param retryAfter seconds as the server wrote them; empty if it did not
   */
  static CliFailure of(Ask ask, int status, JsonNode body, String retryAfter, String requestId) {
    String codeName = body.path("code").asText("");
    Optional<ErrorCode> code = known(codeName);
    String detail =
        body.path("detail").asText(body.path("error").asText(body.path("title").asText("")));
    if (detail.isEmpty()) {
      detail = "the server answered with status " + status;
    }
    int mend = detail.indexOf(MEND);
    if (mend >= 0) {
      String command = detail.substring(mend + MEND.length());
      String missing = detail.substring(0, mend);
      ExitCode exit = code.map(Refusal::exitOf).orElseGet(() -> exitOf(codeName, status));
      return new CliFailure(
          exit,
          ask.what(),
          codeName.isEmpty() ? missing : codeName + ": " + missing,
          command,
          body.path("request_id").asText(requestId));
    }
    String why = codeName.isEmpty() ? detail : codeName + ": " + detail;
    String id = body.path("request_id").asText(requestId);
    ExitCode exit = code.map(Refusal::exitOf).orElseGet(() -> exitOf(codeName, status));
    return new CliFailure(exit, ask.what(), why, next(ask, exit, status, retryAfter), id);
  }

  private static String next(Ask ask, ExitCode exit, int status, String retryAfter) {
    if (exit == ExitCode.IDENTITY) {
      return "use a server or an account that allows it; slipway config list --show-origin";
    }
    if (exit == ExitCode.POLICY) {
      return "the command that it names; slipway promotion list --state open";
    }
    if (exit == ExitCode.NOT_FOUND) {
      return ask.nextIfMissing();
    }
    if (!retryAfter.isEmpty()) {
      return "the same again in " + retryAfter + " s";
    }
    if (status == 429 || status == 503) {
      return "the same again a little later; slipway doctor";
    }
    return status >= 500 && status != 501 ? "slipway doctor" : ask.next();
  }

  private static Optional<ErrorCode> known(String name) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(name)) {
        return Optional.of(code);
      }
    }
    return Optional.empty();
  }

  private static ExitCode exitOf(ErrorCode code) {
    return switch (code) {
      case NOT_FOUND -> ExitCode.NOT_FOUND;
      case UNAUTHENTICATED, PERMISSION_DENIED -> ExitCode.IDENTITY;
      case POLICY_REFUSED -> ExitCode.POLICY;
      case STORE_CORRUPT -> ExitCode.INTEGRITY;
      case DEADLINE_EXCEEDED -> ExitCode.TIMEOUT;
      case NOT_READY, SHUTTING_DOWN, STORE_UNAVAILABLE, UPSTREAM_FAILED, MEMORY_EXHAUSTED ->
          ExitCode.DEGRADED;
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
          ALREADY_EXISTS,
          CONFLICT,
          NOTHING_TO_UNDO,
          RATE_LIMITED,
          BUDGET_EXHAUSTED,
          QUEUE_FULL,
          TOO_MANY_REQUESTS,
          CANCELLED,
          INFERENCE_FAILED,
          OUTPUT_INVALID,
          INTERNAL ->
          ExitCode.ERROR;
    };
  }

  /** For a newer server's codes, and for V2, whose errors carry none. */
  private static ExitCode exitOf(String codeName, int status) {
    if (codeName.startsWith("GATE_") || codeName.startsWith("POLICY_")) {
      return ExitCode.POLICY;
    }
    return switch (status) {
      case 401, 403 -> ExitCode.IDENTITY;
      case 404 -> ExitCode.NOT_FOUND;
      case 408, 504 -> ExitCode.TIMEOUT;
      case 502, 503 -> ExitCode.DEGRADED;
      default -> ExitCode.ERROR;
    };
  }
}
