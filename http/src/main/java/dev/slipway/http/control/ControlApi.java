package dev.slipway.http.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.error.ErrorClass;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelName;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.RegisteredModel;
import dev.slipway.platform.deployment.DeploymentStatus;
import dev.slipway.platform.deployment.Deployments;
import dev.slipway.platform.doctor.Doctor;
import dev.slipway.platform.profile.Profiles;
import dev.slipway.platform.registry.Registration;
import dev.slipway.platform.registry.Registry;
import dev.slipway.platform.registry.VersionDocument;
import dev.slipway.platform.upload.UploadedArtifact;
import dev.slipway.platform.upload.Uploads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control API below {@code /api/v1}, as {@code docs/reference/control-api.md} describes it.
 * Thread-safe.
 */
public final class ControlApi implements ControlHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ControlApi.class);
  private static final String PREFIX = "/api/v1/";

  /** Requests other than uploads are small. */
  private static final int JSON_BYTES_MAX = 1 << 16;

  private final Registry registry;
  private final Deployments deployments;
  private final Profiles profiles;
  private final Doctor doctor;
  private final Uploads uploads;
  private final List<Route> routes;

  public ControlApi(
      Registry registry,
      Deployments deployments,
      Profiles profiles,
      Doctor doctor,
      Uploads uploads) {
    this.registry = registry;
    this.deployments = deployments;
    this.profiles = profiles;
    this.doctor = doctor;
    this.uploads = uploads;
    this.routes =
        List.of(
            Route.of("POST", "models/{name}/versions", this::register),
            Route.of("GET", "models", this::models),
            Route.of("GET", "models/{name}", this::model),
            Route.of("GET", "models/{name}/versions/{version}", this::version),
            Route.of("POST", "models/{name}/versions/{version}/profile", this::profile),
            Route.of("PUT", "deployments/{name}", this::deploy),
            Route.of("GET", "deployments", this::deployments),
            Route.of("GET", "deployments/{name}", this::deployment),
            Route.of("POST", "deployments/{name}/undo", this::undo),
            Route.of("GET", "doctor", this::doctor));
  }

  @Override
  public ControlResponse handle(ControlRequest request) {
    try {
      return route(request);
    } catch (SlipwayException e) {
      return problem(request, e);
    } catch (RuntimeException e) {
      return problem(
          request, new SlipwayException(ErrorCode.INTERNAL, String.valueOf(e.getMessage()), e));
    }
  }

  private ControlResponse route(ControlRequest request) {
    List<String> path = segments(request.path());
    List<String> methods = new ArrayList<>();
    for (Route route : routes) {
      Optional<List<String>> arguments = route.match(path);
      if (arguments.isPresent()) {
        if (route.method().equals(request.method())) {
          return route.action().answer(request, arguments.get());
        }
        methods.add(route.method());
      }
    }
    throw methods.isEmpty()
        ? new SlipwayException(
            ErrorCode.NOT_FOUND,
            "%s is not a path of the control API; /openapi.json lists them"
                .formatted(request.path()))
        : new SlipwayException(
            ErrorCode.METHOD_NOT_ALLOWED,
            "%s: %s (expected: %s)"
                .formatted(request.path(), request.method(), String.join(", ", methods)));
  }

  private static List<String> segments(String path) {
    return path.startsWith(PREFIX)
        ? List.of(path.substring(PREFIX.length()).split("/", -1))
        : List.of();
  }

  private ControlResponse register(ControlRequest request, List<String> arguments) {
    String name = ModelName.require(arguments.getFirst());
    boolean dryRun = flag(request, "dry_run");
    try (UploadedArtifact upload = receive(request)) {
      Registration registration = registry.register(name, upload.root(), dryRun);
      return json(registration.created() ? 201 : 200, VersionDocument.of(registration.version()));
    }
  }

  private UploadedArtifact receive(ControlRequest request) {
    String type = request.headers().getOrDefault("content-type", "");
    int parameters = type.indexOf(';');
    String media = (parameters < 0 ? type : type.substring(0, parameters)).strip();
    return media.equalsIgnoreCase("application/zip")
        ? uploads.zip(request.body())
        : uploads.file(request.query().getOrDefault("filename", ""), request.body());
  }

  private ControlResponse models(ControlRequest request, List<String> arguments) {
    PageRequest page = PageRequest.of(request.query());
    List<RegisteredModel> models = registry.models(page.after(), page.size());
    return json(
        200,
        ControlJson.page(
            models.stream().map(ControlJson::model).toList(),
            page.nextToken(models, RegisteredModel::name)));
  }

  private ControlResponse model(ControlRequest request, List<String> arguments) {
    String name = arguments.getFirst();
    return json(200, ControlJson.model(registry.model(name), registry.versions(name)));
  }

  private ControlResponse version(ControlRequest request, List<String> arguments) {
    ModelRef ref = ModelRef.parse(arguments.getFirst() + "/" + arguments.getLast());
    return json(200, VersionDocument.of(registry.version(ref)));
  }

  private ControlResponse profile(ControlRequest request, List<String> arguments) {
    ModelRef ref = ModelRef.parse(arguments.getFirst() + "/" + arguments.getLast());
    return json(200, ControlJson.profile(profiles.profile(ref)));
  }

  private ControlResponse deploy(ControlRequest request, List<String> arguments) {
    JsonNode body = body(request);
    requireOnly(body, List.of("model", "version"));
    JsonNode model = body.path("model");
    JsonNode version = body.path("version");
    if (!model.isTextual()) {
      throw invalid("model", model, "a model's name");
    }
    if (!version.isIntegralNumber() || !version.canConvertToInt() || version.intValue() < 1) {
      throw invalid("version", version, "a whole number >= 1");
    }
    ModelRef ref = new ModelRef(ModelName.require(model.textValue()), version.intValue());
    return json(200, ControlJson.deployment(deployments.deploy(arguments.getFirst(), ref)));
  }

  private ControlResponse deployments(ControlRequest request, List<String> arguments) {
    PageRequest page = PageRequest.of(request.query());
    List<DeploymentStatus> items = deployments.deployments(page.after(), page.size());
    return json(
        200,
        ControlJson.page(
            items.stream().map(ControlJson::deployment).toList(),
            page.nextToken(items, status -> status.deployment().name())));
  }

  private ControlResponse deployment(ControlRequest request, List<String> arguments) {
    return json(200, ControlJson.deployment(deployments.deployment(arguments.getFirst())));
  }

  private ControlResponse undo(ControlRequest request, List<String> arguments) {
    return json(200, ControlJson.deployment(deployments.undo(arguments.getFirst())));
  }

  private ControlResponse doctor(ControlRequest request, List<String> arguments) {
    return json(200, ControlJson.checks(doctor.examine()));
  }

  private static JsonNode body(ControlRequest request) {
    byte[] text;
    try {
      text = request.body().readNBytes(JSON_BYTES_MAX + 1);
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.CANCELLED, "body: it broke off", e);
    }
    if (text.length > JSON_BYTES_MAX) {
      throw new SlipwayException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "body: more than %d bytes (expected: at most that)".formatted(JSON_BYTES_MAX));
    }
    JsonNode node = ControlJson.parse(text);
    if (!node.isObject()) {
      throw new SlipwayException(ErrorCode.BAD_REQUEST, "body: (expected: a JSON object)");
    }
    return node;
  }

  private static void requireOnly(JsonNode body, List<String> known) {
    for (Map.Entry<String, JsonNode> member : body.properties()) {
      String name = member.getKey();
      if (!known.contains(name)) {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "body: unknown key '%s' (expected: %s)".formatted(name, String.join(", ", known)));
      }
    }
  }

  private static SlipwayException invalid(String key, JsonNode value, String expected) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "%s: %s (expected: %s)"
            .formatted(key, value.isMissingNode() ? "missing" : value, expected));
  }

  private static boolean flag(ControlRequest request, String name) {
    String text = request.query().getOrDefault(name, "false");
    return switch (text) {
      case "", "true", "1" -> true;
      case "false", "0" -> false;
      default ->
          throw new SlipwayException(
              ErrorCode.BAD_REQUEST, "%s: %s (expected: true or false)".formatted(name, text));
    };
  }

  private static ControlResponse json(int status, ObjectNode body) {
    return new ControlResponse(status, "application/json", ControlJson.bytes(body));
  }

  private static ControlResponse problem(ControlRequest request, SlipwayException failure) {
    ErrorCode code = failure.code();
    boolean internal = code.errorClass() == ErrorClass.INTERNAL;
    if (internal || code.errorClass() == ErrorClass.DEPENDENCY) {
      LOG.error(
          "{} {} failed ({})", request.method(), request.path(), request.requestId(), failure);
    }
    String detail =
        internal
            ? "the server failed; its log has the reason under request id " + request.requestId()
            : failure.getMessage();
    return new ControlResponse(
        code.httpStatus(),
        "application/problem+json",
        ControlJson.bytes(ControlJson.problem(code, detail, request.requestId())));
  }

  private interface Action {
    /**
     * @param arguments the path's variable segments, in order
     */
    ControlResponse answer(ControlRequest request, List<String> arguments);
  }

  private record Route(String method, List<String> pattern, Action action) {
    static Route of(String method, String pattern, Action action) {
      return new Route(method, List.of(pattern.split("/", -1)), action);
    }

    Optional<List<String>> match(List<String> path) {
      if (path.size() != pattern.size()) {
        return Optional.empty();
      }
      List<String> arguments = new ArrayList<>();
      for (int i = 0; i < path.size(); i++) {
        if (pattern.get(i).startsWith("{")) {
          arguments.add(path.get(i));
        } else if (!pattern.get(i).equals(path.get(i))) {
          return Optional.empty();
        }
      }
      return Optional.of(arguments);
    }
  }
}
