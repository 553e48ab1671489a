package dev.slipway.http.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Policy;
import dev.slipway.core.governance.PolicyJson;
import dev.slipway.core.governance.PolicyRecord;
import dev.slipway.core.identity.Action;
import dev.slipway.platform.governance.Policies;
import dev.slipway.platform.governance.Promotions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The policy in force, and proposals of others, below {@code /api/v1}. */
final class PolicyRoutes {
  private static final int YAML_BYTES_MAX = 1 << 20;

  private final Policies policies;
  private final Promotions promotions;

  PolicyRoutes(Policies policies, Promotions promotions) {
    this.policies = policies;
    this.promotions = promotions;
  }

  List<Route> routes() {
    return List.of(
        Route.of("GET", "policy", Action.READ_SERVER, this::active),
        Route.of("POST", "policy/check", Action.READ_SERVER, this::check),
        Route.of("POST", "policy/test/{promotion}", Action.READ_SERVER, this::test),
        Route.of("GET", "policies", Action.READ_SERVER, this::list),
        Route.of("POST", "policies", Action.CHANGE_POLICY, this::propose),
        Route.of("GET", "policies/{id}", Action.READ_SERVER, this::get),
        Route.of("POST", "policies/{id}/approve", Action.APPROVE, this::approve),
        Route.of("POST", "policies/{id}/reject", Action.APPROVE, this::reject));
  }

  private ControlResponse active(ControlRequest request, List<String> arguments) {
    PolicyRecord record = policies.activeRecord();
    if (record != null) {
      return ControlJson.answer(200, document(record));
    }
    Policy policy = policies.active();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", 0);
    node.put("digest", policy.digest().value());
    node.put("state", PolicyRecord.State.ACTIVE.name());
    node.put("proposer", "slipway");
    node.set("policy", ControlJson.parse(PolicyJson.write(policy)));
    return ControlJson.answer(200, node);
  }

  private ControlResponse check(ControlRequest request, List<String> arguments) {
    Policy policy = policies.check("policy.yaml", yaml(request));
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("digest", policy.digest().value());
    node.set("policy", ControlJson.parse(PolicyJson.write(policy)));
    return ControlJson.answer(200, node);
  }

  /** What a promotion would miss under the policy in the body. */
  private ControlResponse test(ControlRequest request, List<String> arguments) {
    Policy policy = policies.check("policy.yaml", yaml(request));
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("digest", policy.digest().value());
    node.set(
        "missing",
        PromotionRoutes.missing(promotions.missingUnder(policy, id(arguments.getFirst()))));
    return ControlJson.answer(200, node);
  }

  private ControlResponse list(ControlRequest request, List<String> arguments) {
    PageRequest page = PageRequest.of(request.query());
    long before = page.after().isEmpty() ? Long.MAX_VALUE : id(page.after());
    List<PolicyRecord> items = policies.policies(before, page.size());
    return ControlJson.answer(
        200,
        ControlJson.page(
            items.stream().map(PolicyRoutes::document).toList(),
            page.nextToken(items, record -> Long.toString(record.id()))));
  }

  private ControlResponse propose(ControlRequest request, List<String> arguments) {
    PolicyRecord record =
        policies.propose(
            request.caller().principal(),
            "policy.yaml",
            yaml(request),
            request.query().getOrDefault("reason", ""));
    return ControlJson.answer(200, document(record));
  }

  private ControlResponse get(ControlRequest request, List<String> arguments) {
    return ControlJson.answer(200, document(policies.policy(id(arguments.getFirst()))));
  }

  private ControlResponse approve(ControlRequest request, List<String> arguments) {
    return ControlJson.answer(
        200, document(policies.approve(request.caller().principal(), id(arguments.getFirst()))));
  }

  private ControlResponse reject(ControlRequest request, List<String> arguments) {
    return ControlJson.answer(
        200, document(policies.reject(request.caller().principal(), id(arguments.getFirst()))));
  }

  private static String yaml(ControlRequest request) {
    try {
      byte[] bytes = request.body().readNBytes(YAML_BYTES_MAX + 1);
      if (bytes.length > YAML_BYTES_MAX) {
        throw new SlipwayException(
            ErrorCode.PAYLOAD_TOO_LARGE,
            "policy: more than %d bytes (expected: at most that)".formatted(YAML_BYTES_MAX));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new SlipwayException(ErrorCode.CANCELLED, "body: it broke off", e);
    }
  }

  private static long id(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST, "policy: '%s' (expected: a whole number)".formatted(text), e);
    }
  }

  private static ObjectNode document(PolicyRecord record) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", record.id());
    node.put("digest", record.digest().value());
    node.put("state", record.state().name());
    node.put("proposer", record.proposer());
    node.put("reason", record.reason());
    node.put("proposed_at", record.proposedAt().toString());
    node.put("decider", record.decider());
    node.put("decided_at", record.decidedAt().toString());
    node.set("policy", ControlJson.parse(record.body()));
    return node;
  }
}
