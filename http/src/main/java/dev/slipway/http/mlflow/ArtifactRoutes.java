package dev.slipway.http.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.artifact.ArtifactPath;
import dev.slipway.core.artifact.StoredFile;
import dev.slipway.http.control.ControlRequest;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.platform.artifact.Artifacts;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Files by path. Bodies are streamed in both directions. */
final class ArtifactRoutes {
  private static final Set<String> TEXT =
      Set.of(
          ("txt log err cfg conf cnf cf ini properties prop hocon toml yaml yml xml json js py py3"
                  + " csv tsv md rst mlmodel mlproject")
              .split(" "));

  private static final Map<String, String> TYPES =
      Map.of(
          "png", "image/png",
          "jpg", "image/jpeg",
          "jpeg", "image/jpeg",
          "gif", "image/gif",
          "webp", "image/webp",
          "pdf", "application/pdf");

  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9._%+-]+");

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
              : download(file, artifacts.open(file));
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

  /** A file to be kept: whatever is in it, no browser is to run it. */
  static ControlResponse download(ArtifactPath path, StoredFile file) {
    String name = path.names().getLast();
    Map<String, String> headers =
        Map.of("x-content-type-options", "nosniff", "content-disposition", disposition(name));
    return switch (file) {
      case StoredFile.OnDisk disk -> ControlResponse.ofFile(typeOf(name), disk.file(), headers);
      case StoredFile.Streamed stream ->
          ControlResponse.ofStream(
              typeOf(name),
              new ControlResponse.Stream(stream.sizeBytes(), stream.content()),
              headers);
    };
  }

  private static String typeOf(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return TEXT.contains(ending)
        ? "text/plain"
        : TYPES.getOrDefault(ending, "application/octet-stream");
  }

  /** Other characters than these are written as RFC 6266 has them. */
  private static String disposition(String name) {
    return PLAIN_NAME.matcher(name).matches()
        ? "attachment; filename=" + name
        : "attachment; filename*=UTF-8''"
            + URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
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
