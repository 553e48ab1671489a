package dev.slipway.http.mlflow;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.error.ErrorClass;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Action;
import dev.slipway.core.identity.Resource;
import dev.slipway.http.control.ControlHandler;
import dev.slipway.http.control.ControlRequest;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.http.control.Mount;
import dev.slipway.platform.artifact.Artifacts;
import dev.slipway.platform.mlflow.RegisteredModels;
import dev.slipway.platform.mlflow.RegisteredVersions;
import dev.slipway.platform.tracking.Experiments;
import dev.slipway.platform.tracking.LoggedModels;
import dev.slipway.platform.tracking.Runs;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers MLflow's clients: tracking, artifacts and registry. Thread-safe.
 *
 * <p>The same operations answer below {@code /api/2.0}, {@code /api/3.0} and {@code /ajax-api}.
 */
public final class MlflowApi implements ControlHandler {
  private static final Logger LOG = LoggerFactory.getLogger(MlflowApi.class);

  /** The release of MLflow whose operations these are; clients decide by it what they ask for. */
  private static final String COMPATIBLE_VERSION = "3.0.0";

  private static final List<String> PREFIXES =
      List.of("/api/2.0/", "/api/3.0/", "/ajax-api/2.0/", "/ajax-api/3.0/");

  private final List<MlflowRoute> routes;
  private final ArtifactRoutes artifactRoutes;
  private final DownloadRoutes downloads;

  /** Answers from these use cases. */
  public MlflowApi(
      Experiments experiments,
      Runs runs,
      LoggedModels loggedModels,
      RegisteredModels models,
      RegisteredVersions versions,
      Artifacts artifacts) {
    this.artifactRoutes = new ArtifactRoutes(artifacts);
    this.downloads = new DownloadRoutes(runs, loggedModels, versions, artifacts);
    this.routes =
        Stream.of(
                new ExperimentRoutes(experiments).routes(),
                new RunRoutes(runs, artifacts).routes(),
                new LoggedModelRoutes(loggedModels, artifacts).routes(),
                new RegistryRoutes(models, versions).routes(),
                List.of(MlflowRoute.get("server-info", call -> serverInfo())))
            .flatMap(List::stream)
            .toList();
  }

  /** Everywhere that this answers. */
  public List<Mount> mounts() {
    return Stream.of(PREFIXES, List.of("/health", "/version"), DownloadRoutes.PATHS)
        .flatMap(List::stream)
        .map(prefix -> new Mount(prefix, this))
        .toList();
  }

  @Override
  public ControlResponse handle(ControlRequest request) {
    try {
      return route(request);
    } catch (SlipwayException e) {
      return failed(request, e);
    } catch (RuntimeException e) {
      return failed(
          request, new SlipwayException(ErrorCode.INTERNAL, String.valueOf(e.getMessage()), e));
    }
  }

  @Override
  public ControlResponse refusal(ErrorCode code, String message, String requestId) {
    return MlflowErrors.answer(code, message);
  }

  private ControlResponse route(ControlRequest request) {
    String path = request.path();
    switch (path) {
      case "/health" -> {
        return text("OK");
      }
      case "/version" -> {
        return text(COMPATIBLE_VERSION);
      }
      default -> {}
    }
    String below = belowPrefix(path);
    Optional<ControlResponse> file = downloads.handle(request, below);
    if (file.isPresent()) {
      return file.get();
    }
    if (below.startsWith("mlflow-artifacts/")) {
      request
          .caller()
          .require(
              MlflowAccess.ofArtifacts(request.method()).action(),
              MlflowAccess.ofArtifacts(request.method()).on(""));
      return artifactRoutes.handle(request, below.substring("mlflow-artifacts/".length()));
    }
    if (below.startsWith("mlflow/")) {
      List<String> segments = List.of(below.substring("mlflow/".length()).split("/", -1));
      for (MlflowRoute route : routes) {
        Optional<List<String>> arguments =
            route.method().equals(request.method()) ? route.match(segments) : Optional.empty();
        if (arguments.isPresent()) {
          return ArtifactRoutes.ok(answer(request, route, arguments.get()));
        }
      }
    }
    request.caller().requireKnown(Action.READ_SERVER);
    return MlflowErrors.noEndpoint(request.method(), path);
  }

  /** Nobody's body is read before they are known. */
  private static ObjectNode answer(
      ControlRequest request, MlflowRoute route, List<String> arguments) {
    MlflowAccess access = MlflowAccess.of(route);
    request.caller().requireKnown(access.action());
    MlflowCall call = MlflowCall.of(request, arguments);
    boolean named = access.action().target() == Resource.Kind.MODEL;
    request.caller().require(access.action(), access.on(named ? call.fields().text("name") : ""));
    return route.operation().answer(call);
  }

  private static String belowPrefix(String path) {
    return PREFIXES.stream()
        .filter(path::startsWith)
        .findFirst()
        .map(prefix -> path.substring(prefix.length()))
        .orElse("");
  }

  private static ObjectNode serverInfo() {
    return MlflowJson.object()
        .put("store_type", "SqlStore")
        .put("workspaces_enabled", false)
        .put("multipart_uploads_enabled", false)
        .put("multipart_downloads_enabled", false);
  }

  private static ControlResponse text(String text) {
    return new ControlResponse(200, "text/plain; charset=utf-8", text.getBytes(US_ASCII));
  }

  private static ControlResponse failed(ControlRequest request, SlipwayException failure) {
    ErrorCode code = failure.code();
    boolean internal = code.errorClass() == ErrorClass.INTERNAL;
    if (code == ErrorCode.CANCELLED) {
      throw failure;
    }
    if (internal || code.errorClass() == ErrorClass.DEPENDENCY) {
      LOG.error(
          "{} {} failed ({})", request.method(), request.path(), request.requestId(), failure);
    }
    return MlflowErrors.answer(
        code,
        internal
            ? "the server failed; its log has the reason under request id " + request.requestId()
            : failure.getMessage());
  }
}
