package dev.slipway.http.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Evidence;
import dev.slipway.core.governance.Missing;
import dev.slipway.core.governance.Promotion;
import dev.slipway.core.governance.PromotionJson;
import dev.slipway.core.governance.PromotionState;
import dev.slipway.core.governance.PromotionTarget;
import dev.slipway.core.identity.Action;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelName;
import dev.slipway.core.model.ModelRef;
import dev.slipway.platform.governance.GateInputs.ServedBy;
import dev.slipway.platform.governance.Promotions;
import dev.slipway.platform.governance.Promotions.Standing;
import dev.slipway.platform.governance.ProtectedDeployments;
import dev.slipway.platform.upload.UploadedArtifact;
import dev.slipway.platform.upload.Uploads;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Promotions, their gates and approvals below {@code /api/v1}. */
final class PromotionRoutes {
  /** Those whose glass was broken and that wait for a review; few, so they are one page. */
  private static final String UNREVIEWED = "unreviewed";

  private final Promotions promotions;
  private final ProtectedDeployments deployments;
  private final Uploads uploads;

  PromotionRoutes(Promotions promotions, ProtectedDeployments deployments, Uploads uploads) {
    this.promotions = promotions;
    this.deployments = deployments;
    this.uploads = uploads;
  }

  List<Route> routes() {
    return List.of(
        Route.of("POST", "promotions", Action.PROMOTE, this::request),
        Route.of("GET", "promotions", Action.READ_SERVER, this::list),
        Route.of("GET", "promotions/{id}", Action.READ_SERVER, this::get),
        Route.of("POST", "promotions/{id}/gates", Action.PROMOTE, this::gates),
        Route.of("GET", "promotions/{id}/evidence", Action.READ_SERVER, this::evidence),
        Route.of("POST", "promotions/{id}/approve", Action.APPROVE, this::approve),
        Route.of("POST", "promotions/{id}/reject", Action.APPROVE, this::reject),
        Route.of("POST", "promotions/{id}/break-glass", Action.PROMOTE, this::breakGlass),
        Route.of("POST", "promotions/{id}/review", Action.APPROVE, this::review),
        Route.of("POST", "promotions/{id}/revoke", Action.APPROVE, this::revoke),
        Route.of("GET", "evidence/{digest}", Action.READ_SERVER, this::evidenceBytes));
  }

  private ControlResponse request(ControlRequest request, List<String> arguments) {
    JsonNode body =
        JsonBody.of(
            request,
            List.of("model", "version", "deployment", "environment", "alias", "stage", "reason"));
    String model = ModelName.require(JsonBody.text(body, "model"));
    JsonNode version = body.path("version");
    if (!version.canConvertToInt() || version.intValue() < 1) {
      throw JsonBody.invalid("version", version, "a whole number >= 1");
    }
    PromotionTarget target = target(model, body);
    Promotion promotion =
        promotions.request(
            request.caller().principal(),
            new ModelRef(model, version.intValue()),
            target,
            body.has("reason") ? JsonBody.text(body, "reason") : "");
    return answer(promotions.standing(promotion.id()));
  }

  private static PromotionTarget target(String model, JsonNode body) {
    if (body.has("deployment")) {
      return new PromotionTarget.OfDeployment(
          ModelName.require(JsonBody.text(body, "deployment")),
          new Environment(JsonBody.text(body, "environment")));
    }
    if (body.has("alias")) {
      return new PromotionTarget.OfAlias(model, JsonBody.text(body, "alias"));
    }
    if (body.has("stage")) {
      return new PromotionTarget.OfStage(model, JsonBody.text(body, "stage"));
    }
    throw new SlipwayException(
        ErrorCode.BAD_REQUEST,
        "body: no target (expected: deployment and environment, alias, or stage)");
  }

  private ControlResponse list(ControlRequest request, List<String> arguments) {
    PageRequest page = PageRequest.of(request.query());
    if (request.query().getOrDefault("state", "").equalsIgnoreCase(UNREVIEWED)) {
      return ControlJson.answer(
          200,
          ControlJson.page(
              promotions.unreviewed().stream().map(PromotionRoutes::document).toList(), ""));
    }
    long before = page.after().isEmpty() ? Long.MAX_VALUE : number("page_token", page.after());
    List<Promotion> items =
        promotions.promotions(
            states(request.query().getOrDefault("state", "")), before, page.size());
    return ControlJson.answer(
        200,
        ControlJson.page(
            items.stream().map(PromotionRoutes::document).toList(),
            page.nextToken(items, promotion -> Long.toString(promotion.id()))));
  }

  private static Set<PromotionState> states(String text) {
    Set<PromotionState> states = EnumSet.noneOf(PromotionState.class);
    if (text.equalsIgnoreCase("open")) {
      Arrays.stream(PromotionState.values()).filter(PromotionState::isOpen).forEach(states::add);
    } else if (!text.isEmpty()) {
      try {
        states.add(PromotionState.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_')));
      } catch (IllegalArgumentException e) {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "state: '%s' (expected: open, unreviewed, or one of %s)"
                .formatted(text, Arrays.toString(PromotionState.values())),
            e);
      }
    }
    return states;
  }

  private ControlResponse get(ControlRequest request, List<String> arguments) {
    return answer(promotions.standing(id(arguments)));
  }

  /**
   * The body is the held-out rows, or empty; {@code deployment} names one that serves the
   * candidate, for the gates that measure over the network.
   */
  private ControlResponse gates(ControlRequest request, List<String> arguments) {
    String file = request.query().getOrDefault("holdout", "");
    if (file.isEmpty()) {
      return answer(run(request, arguments, null));
    }
    try (UploadedArtifact upload = uploads.file(file, request.body())) {
      return answer(run(request, arguments, upload.root().resolve(file)));
    }
  }

  private Standing run(ControlRequest request, List<String> arguments, @Nullable Path holdout) {
    long id = id(arguments);
    String deployment = request.query().getOrDefault("deployment", "");
    return promotions.runGates(
        request.caller().principal(),
        id,
        holdout,
        deployment.isEmpty() ? null : new ServedBy(request.server(), deployment));
  }

  private ControlResponse evidence(ControlRequest request, List<String> arguments) {
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    for (Evidence one : promotions.evidence(id(arguments))) {
      items.add(document(one));
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.set("items", items);
    return ControlJson.answer(200, answer);
  }

  private ControlResponse approve(ControlRequest request, List<String> arguments) {
    JsonNode body = JsonBody.of(request, List.of("binding", "reason"));
    return answer(
        promotions.approve(
            request.caller().principal(),
            id(arguments),
            body.has("binding") ? digest(JsonBody.text(body, "binding")) : null,
            body.has("reason") ? JsonBody.text(body, "reason") : ""));
  }

  private ControlResponse reject(ControlRequest request, List<String> arguments) {
    return answer(promotions.reject(request.caller().principal(), id(arguments), reason(request)));
  }

  private ControlResponse breakGlass(ControlRequest request, List<String> arguments) {
    return answer(
        promotions.breakGlass(request.caller().principal(), id(arguments), reason(request)));
  }

  private ControlResponse review(ControlRequest request, List<String> arguments) {
    return answer(promotions.review(request.caller().principal(), id(arguments), reason(request)));
  }

  private ControlResponse revoke(ControlRequest request, List<String> arguments) {
    return answer(deployments.revoke(request.caller().principal(), id(arguments), reason(request)));
  }

  private static String reason(ControlRequest request) {
    return JsonBody.text(JsonBody.of(request, List.of("reason")), "reason");
  }

  private ControlResponse evidenceBytes(ControlRequest request, List<String> arguments) {
    return new ControlResponse(
        200,
        "application/json",
        promotions.evidenceBytes(digest(arguments.getFirst())),
        Map.of("cache-control", "max-age=31536000, immutable"));
  }

  private static ContentDigest digest(String text) {
    try {
      return new ContentDigest(text);
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()), e);
    }
  }

  private static long id(List<String> arguments) {
    return number("promotion", arguments.getFirst());
  }

  private static long number(String what, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "%s: '%s' (expected: a whole number)".formatted(what, text), e);
    }
  }

  private static ControlResponse answer(Standing standing) {
    ObjectNode node = document(standing.promotion());
    node.set("missing", missing(standing.missing()));
    return ControlJson.answer(200, node);
  }

  static ArrayNode missing(List<Missing> missing) {
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    for (Missing one : missing) {
      items.addObject().put("what", one.what()).put("command", one.command());
    }
    return items;
  }

  static ObjectNode document(Evidence evidence) {
    ObjectNode node = (ObjectNode) ControlJson.parse(evidence.toBytes());
    node.put("digest", evidence.digest().value());
    return node;
  }

  private static ObjectNode document(Promotion promotion) {
    return (ObjectNode) ControlJson.parse(PromotionJson.write(promotion));
  }
}
