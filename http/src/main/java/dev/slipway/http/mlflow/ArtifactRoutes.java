package dev.slipway.http.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.artifact.ArtifactPath;
import dev.slipway.http.control.ControlRequest;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.platform.artifact.Artifacts;
import java.util.Map;

/** Files by path. Bodies are streamed in both directions. */
final class ArtifactRoutes {
  /** Whatever is in a file, no browser is to run it. */
  private static final Map<String, String> NEVER_RUN =
      Map.of("x-content-type-options", "nosniff", "content-disposition", "attachment");

  private final Artifacts artifacts;

  ArtifactRoutes(Artifacts artifacts) {
    this.artifacts = artifacts;
  }

  /**
   * @param path below {@code mlflow-artifacts/}, decoded once
   */
  ControlResponse handle(ControlRequest request, String path) {
    if (path.equals("artifacts") && request.method().equals("GET")) {
      return list(ArtifactPath.parse(request.query().getOrDefault("path", "")));
    }
    if (!path.startsWith("artifacts/")) {
      return MlflowErrors.noEndpoint(request.method(), request.path());
    }
    ArtifactPath file = ArtifactPath.parse(path.substring("artifacts/".length()));
    return switch (request.method()) {
      case "GET" ->
          file.names().isEmpty()
              ? list(ArtifactPath.parse(request.query().getOrDefault("path", "")))
              : ControlResponse.ofFile("application/octet-stream", artifacts.file(file), NEVER_RUN);
      case "PUT" -> {
        artifacts.put(request.actor(), file, request.body());
        yield ok(MlflowJson.object());
      }
      case "DELETE" -> {
        artifacts.delete(request.actor(), file);
        yield ok(MlflowJson.object());
      }
      default -> MlflowErrors.noEndpoint(request.method(), request.path());
    };
  }

  private ControlResponse list(ArtifactPath folder) {
    ObjectNode node = MlflowJson.object();
    node.set("files", TrackingJson.files(ArtifactPath.ROOT, artifacts.list(folder)));
    return ok(node);
  }

  static ControlResponse ok(ObjectNode node) {
    return new ControlResponse(200, "application/json", MlflowJson.bytes(node));
  }
}
