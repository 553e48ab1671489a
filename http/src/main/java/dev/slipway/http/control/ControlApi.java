package dev.slipway.http.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.core.error.ErrorClass;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Action;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelName;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.RegisteredModel;
import dev.slipway.platform.audit.AuditTrail;
import dev.slipway.platform.backup.Backups;
import dev.slipway.platform.deployment.DeploymentStatus;
import dev.slipway.platform.deployment.Deployments;
import dev.slipway.platform.deployment.HistoryEntry;
import dev.slipway.platform.doctor.Doctor;
import dev.slipway.platform.governance.Governance;
import dev.slipway.platform.governance.ProtectedDeployments;
import dev.slipway.platform.identity.Accounts;
import dev.slipway.platform.identity.Tokens;
import dev.slipway.platform.lineage.Lineage;
import dev.slipway.platform.monitor.Monitors;
import dev.slipway.platform.profile.Profiles;
import dev.slipway.platform.registry.Registration;
import dev.slipway.platform.registry.Registry;
import dev.slipway.platform.registry.VersionDocument;
import dev.slipway.platform.upload.UploadedArtifact;
import dev.slipway.platform.upload.Uploads;
import dev.slipway.platform.webhook.Webhooks;
import io.prometheus.metrics.model.registry.MultiCollector;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control API below {@code /api/v1}, as {@code docs/reference/control-api.md} describes it.
 * Thread-safe.
 */
public final class ControlApi implements ControlHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ControlApi.class);
  private static final String PREFIX = "/api/v1/";

  private final Registry registry;
  private final Deployments deployments;
  private final Profiles profiles;
  private final Doctor doctor;
  private final Uploads uploads;
  private final ProtectedDeployments protectedDeployments;
  private final List<MultiCollector> collectors;
  private final List<Route> routes;

  public ControlApi(
      Registry registry,
      Deployments deployments,
      Profiles profiles,
      Doctor doctor,
      Uploads uploads,
      AuditTrail trail,
      Accounts accounts,
      Tokens tokens,
      Governance governance,
      ProtectedDeployments protectedDeployments,
      Lineage lineage,
      Backups backups,
      Webhooks webhooks,
      Monitors monitors,
      InstantSource clock) {
    this.registry = registry;
    this.deployments = deployments;
    this.profiles = profiles;
    this.doctor = doctor;
    this.uploads = uploads;
    this.protectedDeployments = protectedDeployments;
    this.collectors =
        List.of(
            new AuditCollector(trail),
            new ReviewCollector(governance.promotions(), clock),
            new DriftCollector(monitors.watch(), monitors.cells()));
    this.routes =
        Stream.of(
                routes(),
                new AuditRoutes(trail).routes(),
                new IdentityRoutes(accounts, tokens).routes(),
                new PromotionRoutes(governance.promotions(), protectedDeployments, uploads)
                    .routes(),
                new CheckRoutes(governance.checks(), uploads).routes(),
                new LineageRoutes(lineage).routes(),
                new BackupRoutes(backups).routes(),
                new WebhookRoutes(webhooks).routes(),
                new MonitorRoutes(monitors.references(), monitors.drift(), uploads).routes(),
                new PolicyRoutes(governance.policies(), governance.promotions()).routes())
            .flatMap(List::stream)
            .toList();
  }

  private List<Route> routes() {
    return List.of(
        Route.of("POST", "models/{name}/versions", Action.REGISTER, this::register),
        Route.of("GET", "models", Action.READ_MODEL, this::models),
        Route.of("GET", "models/{name}", Action.READ_MODEL, this::model),
        Route.of("GET", "models/{name}/versions/{version}", Action.READ_MODEL, this::version),
        Route.of("POST", "models/{name}/versions/{version}/profile", Action.PROFILE, this::profile),
        Route.of("PUT", "deployments/{name}", Action.DEPLOY, this::deploy),
        Route.of("GET", "deployments", Action.READ_DEPLOYMENT, this::deployments),
        Route.of("GET", "deployments/{name}", Action.READ_DEPLOYMENT, this::deployment),
        Route.of("GET", "deployments/{name}/history", Action.READ_DEPLOYMENT, this::history),
        Route.of("POST", "deployments/{name}/undo", Action.DEPLOY, this::undo),
        Route.of("GET", "doctor", Action.DIAGNOSE, this::doctor));
  }

  @Override
  public List<MultiCollector> collectors() {
    return collectors;
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
          request.caller().require(route.needs(), route.resource(arguments.get()));
          return route.answer().answer(request, arguments.get());
        }
        methods.add(route.method());
      }
    }
    request.caller().requireKnown(Action.READ_SERVER);
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
      Registration registration =
          registry.register(request.caller().principal(), name, upload.root(), dryRun);
      return ControlJson.answer(
          registration.created() ? 201 : 200, VersionDocument.of(registration.version()));
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
    return ControlJson.answer(
        200,
        ControlJson.page(
            models.stream().map(ControlJson::model).toList(),
            page.nextToken(models, RegisteredModel::name)));
  }

  private ControlResponse model(ControlRequest request, List<String> arguments) {
    String name = arguments.getFirst();
    return ControlJson.answer(
        200, ControlJson.model(registry.model(name), registry.versions(name)));
  }

  private ControlResponse version(ControlRequest request, List<String> arguments) {
    ModelRef ref = ModelRef.parse(arguments.getFirst() + "/" + arguments.getLast());
    return ControlJson.answer(200, VersionDocument.of(registry.version(ref)));
  }

  private ControlResponse profile(ControlRequest request, List<String> arguments) {
    ModelRef ref = ModelRef.parse(arguments.getFirst() + "/" + arguments.getLast());
    return ControlJson.answer(200, ControlJson.profile(profiles.profile(ref)));
  }

  private ControlResponse deploy(ControlRequest request, List<String> arguments) {
    JsonNode body = JsonBody.of(request, List.of("model", "version", "environment"));
    JsonNode model = body.path("model");
    JsonNode version = body.path("version");
    if (!model.isTextual()) {
      throw JsonBody.invalid("model", model, "a model's name");
    }
    if (!version.isIntegralNumber() || !version.canConvertToInt() || version.intValue() < 1) {
      throw JsonBody.invalid("version", version, "a whole number >= 1");
    }
    ModelRef ref = new ModelRef(ModelName.require(model.textValue()), version.intValue());
    return ControlJson.answer(
        200,
        ControlJson.deployment(
            protectedDeployments.deploy(
                request.caller().principal(), arguments.getFirst(), environment(body), ref)));
  }

  private static @Nullable Environment environment(JsonNode body) {
    return body.has("environment") ? new Environment(JsonBody.text(body, "environment")) : null;
  }

  private ControlResponse deployments(ControlRequest request, List<String> arguments) {
    PageRequest page = PageRequest.of(request.query());
    List<DeploymentStatus> items = deployments.deployments(page.after(), page.size());
    return ControlJson.answer(
        200,
        ControlJson.page(
            items.stream().map(ControlJson::deployment).toList(),
            page.nextToken(items, status -> status.deployment().name())));
  }

  private ControlResponse deployment(ControlRequest request, List<String> arguments) {
    return ControlJson.answer(
        200, ControlJson.deployment(deployments.deployment(arguments.getFirst())));
  }

  /** Every change, the newest first; with {@code at} only what was live at that time. */
  private ControlResponse history(ControlRequest request, List<String> arguments) {
    String name = arguments.getFirst();
    String at = request.query().getOrDefault("at", "");
    List<HistoryEntry> entries =
        at.isEmpty()
            ? deployments.served(name)
            : deployments.servedAt(name, QueryTime.of("at", at)).stream().toList();
    return ControlJson.answer(
        200, ControlJson.page(entries.stream().map(ControlJson::history).toList(), ""));
  }

  private ControlResponse undo(ControlRequest request, List<String> arguments) {
    return ControlJson.answer(
        200, ControlJson.deployment(deployments.undo(request.actor(), arguments.getFirst())));
  }

  private ControlResponse doctor(ControlRequest request, List<String> arguments) {
    return ControlJson.answer(200, ControlJson.checks(doctor.examine()));
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
}
