package dev.slipway.protocol.rest;

import dev.slipway.core.error.ErrorClass;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.protocol.json.JsonWriter;

/** The body of every refusal: {@code {"error":"..."}}, never empty. */
public final class ErrorBody {
  private ErrorBody() {}

  /** Appends the body. */
  public static void encode(String message, ByteSink sink) {
    new JsonWriter(sink).beginObject().name("error").value(message).endObject();
  }

  /**
   * What a caller is told. The message of an INTERNAL error stays with us and only its code is
   * named, except that OUTPUT_INVALID says which output it is about.
   *
   * @return a sentence, never empty
   */
  public static String publicMessage(SlipwayException failure) {
    return failure.code().errorClass() == ErrorClass.INTERNAL
            && failure.code() != ErrorCode.OUTPUT_INVALID
        ? "internal error: " + failure.code()
        : failure.getMessage();
  }
}
