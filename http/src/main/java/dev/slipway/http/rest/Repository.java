package dev.slipway.http.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.http.call.JsonText;
import dev.slipway.serving.ServedVariant;
import dev.slipway.serving.ServingPlane;
import java.io.IOException;
import java.util.List;

/** What the plane serves, as the V2 model repository extension and readiness see it. */
public final class Repository {
  private Repository() {}

  /**
   * The variant that answers for a name.
   *
   * @param version 0 means the deployment's own choice
   * @throws SlipwayException NOT_FOUND if no such variant is live
   */
  public static ServedVariant require(ServingPlane plane, String model, int version) {
    return plane.variant(model, version).orElseThrow(() -> notFound(plane, model, version));
  }

  private static SlipwayException notFound(ServingPlane plane, String model, int version) {
    if (version == 0) {
      return new SlipwayException(
          ErrorCode.NOT_FOUND, "model: '%s' (expected: the name of a deployment)".formatted(model));
    }
    return new SlipwayException(
        ErrorCode.NOT_FOUND,
        "model: '%s' version %d (expected: one of %s)"
            .formatted(model, version, versions(plane, model)));
  }

  /** Version numbers of a deployment's live variants. */
  public static List<Integer> versions(ServingPlane plane, String model) {
    return plane.variants().stream()
        .filter(variant -> variant.deployment().equals(model))
        .map(variant -> variant.version().ref().version())
        .toList();
  }

  /** Whether a request for it would be answered, after a load at worst. */
  public static boolean isReady(ServedVariant variant) {
    return switch (variant.state()) {
      case READY, EVICTED -> true;
      case LOADING, UNLOADED, UNAVAILABLE -> false;
    };
  }

  /** The state's name in the model repository extension. */
  public static String stateName(ServedVariant variant) {
    return switch (variant.state()) {
      case READY, EVICTED -> "READY";
      case LOADING -> "LOADING";
      case UNLOADED, UNAVAILABLE -> "UNAVAILABLE";
    };
  }

  /** Why it is in that state, in words; empty when it is simply ready. */
  public static String reason(ServedVariant variant) {
    if (!variant.reason().isEmpty()) {
      return variant.reason();
    }
    return switch (variant.state()) {
      case READY, LOADING, UNAVAILABLE -> "";
      case EVICTED -> "evicted to save memory; loads at the next request";
      case UNLOADED -> "unloaded";
    };
  }

  static byte[] index(ServingPlane plane, boolean readyOnly) {
    return JsonText.of(
        json -> {
          json.writeStartArray();
          for (ServedVariant variant : plane.variants()) {
            if (!readyOnly || isReady(variant)) {
              writeEntry(json, variant);
            }
          }
          json.writeEndArray();
        });
  }

  private static void writeEntry(JsonGenerator json, ServedVariant variant) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", variant.deployment());
    json.writeStringField("version", Integer.toString(variant.version().ref().version()));
    json.writeStringField("state", stateName(variant));
    json.writeStringField("reason", reason(variant));
    json.writeEndObject();
  }
}
