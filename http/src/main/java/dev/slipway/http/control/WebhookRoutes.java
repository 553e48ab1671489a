package dev.slipway.http.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Action;
import dev.slipway.platform.webhook.Webhooks;
import java.util.List;

/** Webhooks below {@code /api/v1}. */
final class WebhookRoutes {
  private final Webhooks webhooks;

  WebhookRoutes(Webhooks webhooks) {
    this.webhooks = webhooks;
  }

  List<Route> routes() {
    return List.of(
        Route.of("POST", "webhooks", Action.MANAGE_WEBHOOKS, this::create),
        Route.of("GET", "webhooks", Action.MANAGE_WEBHOOKS, this::list),
        Route.of("DELETE", "webhooks/{id}", Action.MANAGE_WEBHOOKS, this::delete));
  }

  private ControlResponse create(ControlRequest request, List<String> arguments) {
    JsonNode body = JsonBody.of(request, List.of("url", "events"));
    Webhooks.Created created =
        webhooks.create(
            request.caller().principal(),
            JsonBody.text(body, "url"),
            JsonBody.texts(body, "events"));
    ObjectNode node = document(created.webhook());
    node.put("secret", created.secret());
    return ControlJson.answer(200, node);
  }

  private ControlResponse list(ControlRequest request, List<String> arguments) {
    return ControlJson.answer(
        200,
        ControlJson.page(webhooks.webhooks().stream().map(WebhookRoutes::document).toList(), ""));
  }

  private ControlResponse delete(ControlRequest request, List<String> arguments) {
    String text = arguments.getFirst();
    long id;
    try {
      id = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "webhook: '%s' (expected: a whole number)".formatted(text), e);
    }
    return ControlJson.answer(200, document(webhooks.delete(request.caller().principal(), id)));
  }

  private static ObjectNode document(Webhooks.Shown webhook) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", webhook.id());
    node.put("url", webhook.url());
    ArrayNode events = node.putArray("events");
    webhook.events().forEach(events::add);
    node.put("state", webhook.enabled() ? "ENABLED" : "DISABLED");
    node.put("creator", webhook.creator());
    node.put("created_at", webhook.createdAt().toString());
    node.put("failures", webhook.failures());
    node.put("last_error", webhook.lastError());
    return node;
  }
}
