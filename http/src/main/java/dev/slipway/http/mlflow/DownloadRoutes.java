package dev.slipway.http.mlflow;

import dev.slipway.core.artifact.ArtifactPath;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Action;
import dev.slipway.core.identity.Resource;
import dev.slipway.core.model.ModelRef;
import dev.slipway.http.control.ControlRequest;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.platform.artifact.Artifacts;
import dev.slipway.platform.mlflow.RegisteredVersions;
import dev.slipway.platform.tracking.LoggedModels;
import dev.slipway.platform.tracking.Runs;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One file, named by what it belongs to: a run, a logged model or a version. */
final class DownloadRoutes {
  /** Below no prefix. */
  static final List<String> PATHS = List.of("/get-artifact", "/model-versions/get-artifact");

  private static final String ARTIFACTS = "mlflow-artifacts:/";
  private static final Pattern OF_LOGGED_MODEL =
      Pattern.compile("mlflow/logged-models/([^/]+)/artifacts/files");

  private final Runs runs;
  private final LoggedModels loggedModels;
  private final RegisteredVersions versions;
  private final Artifacts artifacts;

  DownloadRoutes(
      Runs runs, LoggedModels loggedModels, RegisteredVersions versions, Artifacts artifacts) {
    this.runs = runs;
    this.loggedModels = loggedModels;
    this.versions = versions;
    this.artifacts = artifacts;
  }

  /**
   * The file that a request asks for; empty if it is another request.
   *
   * @param below the path behind its prefix, empty if it has none
   */
  Optional<ControlResponse> handle(ControlRequest request, String below) {
    if (!request.method().equals("GET")) {
      return Optional.empty();
    }
    Matcher logged = OF_LOGGED_MODEL.matcher(below);
    if (logged.matches()) {
      Fields fields = known(request, "");
      String root = loggedModels.model(logged.group(1)).artifactUri();
      return Optional.of(file(root, fields.required("artifact_file_path")));
    }
    return switch (request.path()) {
      case "/get-artifact" -> {
        Fields fields = known(request, "");
        String root = runs.run(fields.required("run_id", "run_uuid")).run().artifactUri();
        yield Optional.of(file(root, fields.required("path")));
      }
      case "/model-versions/get-artifact" -> {
        String name = request.query().getOrDefault("name", "");
        Fields fields = known(request, name);
        ModelRef ref = RegistryRoutes.ref(fields);
        yield Optional.of(file(versions.filesOf(ref), fields.required("path")));
      }
      default -> Optional.empty();
    };
  }

  private static Fields known(ControlRequest request, String model) {
    request
        .caller()
        .require(Action.READ_MODEL, Resource.model(model.isEmpty() ? Resource.ALL : model));
    return Fields.ofQuery(request.repeated());
  }

  private ControlResponse file(String root, String path) {
    if (!root.startsWith(ARTIFACTS)) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "the artifacts lie at %s (expected: artifacts that this server keeps)".formatted(root));
    }
    ArtifactPath file =
        ArtifactPath.parse(root.substring(ARTIFACTS.length())).resolve(ArtifactPath.parse(path));
    return ArtifactRoutes.download(file, artifacts.open(file));
  }
}
