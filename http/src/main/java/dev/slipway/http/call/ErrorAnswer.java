package dev.slipway.http.call;

import dev.slipway.core.error.ErrorClass;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What a caller is told about an error. Faults of ours are logged here, once, and told without
 * their details. An output that cannot be told in the form asked for is no fault of the server's:
 * any request may bring it about, so it is counted, and logged only for who debugs.
 *
 * @param code of the error
 * @param message for the caller
 */
public record ErrorAnswer(ErrorCode code, String message) {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswer.class);

  /**
   * @param traceId empty where the request has none
   */
  public static ErrorAnswer of(Throwable failure, String requestId, @Nullable String traceId) {
    SlipwayException known =
        failure instanceof SlipwayException slipway
            ? slipway
            : new SlipwayException(ErrorCode.INTERNAL, failure.toString(), failure);
    ErrorClass errorClass = known.code().errorClass();
    return switch (errorClass) {
      case CALLER, CONFLICT, OVERLOAD -> new ErrorAnswer(known.code(), known.getMessage());
      case DEPENDENCY -> {
        log(LOG.atWarn(), known, requestId, traceId);
        yield new ErrorAnswer(known.code(), known.getMessage());
      }
      case INTERNAL -> {
        if (known.code() == ErrorCode.OUTPUT_INVALID) {
          LOG.debug("request {}: {}", requestId, known.getMessage());
          // What is wrong with an output is told: the caller can ask for it in another form.
          yield new ErrorAnswer(known.code(), known.getMessage());
        }
        log(LOG.atError(), known, requestId, traceId);
        yield new ErrorAnswer(known.code(), "internal error, request id " + requestId);
      }
    };
  }

  /** Whether the caller should try again after a moment. */
  public boolean isRetryable() {
    return code.errorClass() == ErrorClass.OVERLOAD;
  }

  private static void log(
      LoggingEventBuilder event,
      SlipwayException failure,
      String requestId,
      @Nullable String traceId) {
    LoggingEventBuilder keyed =
        event
            .setCause(failure)
            .addKeyValue("request_id", requestId)
            .addKeyValue("code", failure.code().name());
    if (traceId != null) {
      keyed = keyed.addKeyValue("trace_id", traceId);
    }
    keyed.log("request failed: {}", failure.getMessage());
  }
}
