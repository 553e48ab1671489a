package dev.slipway.http.control;

import dev.slipway.core.drift.cell.FrozenReference;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Action;
import dev.slipway.core.model.ModelRef;
import dev.slipway.platform.monitor.DriftMonitor;
import dev.slipway.platform.monitor.References;
import dev.slipway.platform.monitor.WindowLength;
import dev.slipway.platform.upload.UploadedArtifact;
import dev.slipway.platform.upload.Uploads;
import java.util.List;

/** References of versions, and drift against them, below {@code /api/v1}. */
final class MonitorRoutes {
  private final References references;
  private final DriftMonitor drift;
  private final Uploads uploads;

  MonitorRoutes(References references, DriftMonitor drift, Uploads uploads) {
    this.references = references;
    this.drift = drift;
    this.uploads = uploads;
  }

  List<Route> routes() {
    return List.of(
        Route.of(
            "PUT", "models/{name}/versions/{version}/reference", Action.REGISTER, this::freeze),
        Route.of(
            "GET",
            "models/{name}/versions/{version}/reference",
            Action.READ_MODEL,
            this::reference),
        Route.of("GET", "deployments/{name}/drift", Action.READ_DEPLOYMENT, this::drift));
  }

  /** The body is a CSV or Parquet file of the rows that the version was trained on. */
  private ControlResponse freeze(ControlRequest request, List<String> arguments) {
    ModelRef ref = ModelRef.parse(String.join("/", arguments));
    try (UploadedArtifact upload = uploads.file("rows", request.body())) {
      FrozenReference frozen =
          references.freeze(request.caller().principal(), ref, upload.root().resolve("rows"));
      return ControlJson.answer(200, DriftJson.reference(ref, frozen));
    }
  }

  private ControlResponse reference(ControlRequest request, List<String> arguments) {
    ModelRef ref = ModelRef.parse(String.join("/", arguments));
    FrozenReference frozen =
        references
            .find(ref)
            .orElseThrow(
                () ->
                    new SlipwayException(
                        ErrorCode.NOT_FOUND, "%s has no reference".formatted(ref)));
    return ControlJson.answer(200, DriftJson.reference(ref, frozen));
  }

  private ControlResponse drift(ControlRequest request, List<String> arguments) {
    String until = request.query().getOrDefault("until", "");
    String version = request.query().getOrDefault("version", "");
    return ControlJson.answer(
        200,
        DriftJson.watched(
            drift.watch(
                arguments.getFirst(),
                version.isEmpty() ? 0 : version(version),
                WindowLength.of(request.query().getOrDefault("window", "1h")),
                until.isEmpty() ? null : QueryTime.of("until", until))));
  }

  private static int version(String text) {
    try {
      int version = Integer.parseInt(text);
      if (version >= 1) {
        return version;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw new SlipwayException(
        ErrorCode.BAD_REQUEST, "version: '%s' (expected: a whole number >= 1)".formatted(text));
  }
}
