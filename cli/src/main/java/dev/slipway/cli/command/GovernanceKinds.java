package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.output.Column;
import dev.slipway.cli.output.JsonText;
import dev.slipway.cli.output.Kind;
import dev.slipway.cli.output.Style;
import dev.slipway.cli.output.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How promotions, evidence and policies are shown to people. */
final class GovernanceKinds {
  private static final int FINDINGS_SHOWN = 20;

  private GovernanceKinds() {}

  static final Kind PROMOTION =
      new Kind(
          node -> JsonText.of(node, "id"),
          List.of(
              Column.of("ID", "id"),
              Column.of("VERSION", "model_version"),
              Column.of("TARGET", GovernanceKinds::target),
              Column.state("STATE", "state"),
              Column.of("REQUESTER", node -> JsonText.of(node.path("origin"), "requester")),
              Column.instant("CHANGED", "changed_at"),
              Column.of("BINDING", node -> bindingDigest(node)).wide(),
              Column.of("NOTE", "note").wide()),
          GovernanceKinds::promotionDetails);

  static final Kind EVIDENCE =
      new Kind(
          node -> JsonText.of(node, "digest"),
          List.of(
              Column.of("GATE", "gate"),
              Column.state("VERDICT", "verdict"),
              Column.instant("AT", "at"),
              Column.of("FINDING", node -> JsonText.of(node.path("findings").path(0))),
              Column.of("EVIDENCE", node -> Kinds.shortDigest(JsonText.of(node, "digest"))).wide()),
          GovernanceKinds::evidenceDetails);

  static final Kind POLICY =
      new Kind(
          node -> JsonText.of(node, "id"),
          List.of(
              Column.of("ID", "id"),
              Column.state("STATE", "state"),
              Column.of("PROPOSER", "proposer"),
              Column.instant("PROPOSED", "proposed_at"),
              Column.of("DECIDER", "decider"),
              Column.of("DIGEST", node -> Kinds.shortDigest(JsonText.of(node, "digest"))),
              Column.of("REASON", "reason").wide()),
          (policy, wide, style) -> policy.path("policy").toPrettyString() + "\n");

  private static String target(JsonNode promotion) {
    JsonNode target = promotion.path("binding").path("target");
    if (target.has("deployment")) {
      return "%s (%s)"
          .formatted(JsonText.of(target, "deployment"), JsonText.of(target, "environment"));
    }
    return target.has("alias")
        ? JsonText.of(target, "model") + "@" + JsonText.of(target, "alias")
        : JsonText.of(target, "model") + "/" + JsonText.of(target, "stage");
  }

  static String bindingDigest(JsonNode promotion) {
    return JsonText.of(promotion.path("binding"), "digest");
  }

  private static String promotionDetails(JsonNode promotion, boolean wide, Style style) {
    JsonNode origin = promotion.path("origin");
    JsonNode binding = promotion.path("binding");
    StringBuilder text = new StringBuilder();
    text.append(
        Kinds.pairs(
            Map.entry("Promotion", JsonText.of(promotion, "id")),
            Map.entry("Version", JsonText.of(promotion, "model_version")),
            Map.entry("Target", target(promotion)),
            Map.entry("State", style.state(JsonText.of(promotion, "state"))),
            Map.entry("Note", JsonText.of(promotion, "note")),
            Map.entry("Requester", JsonText.of(origin, "requester")),
            Map.entry("Reason", JsonText.of(origin, "reason")),
            Map.entry("Artifact", JsonText.of(binding, "artifact")),
            Map.entry("Incumbent", JsonText.of(binding, "incumbent")),
            Map.entry("Policy", JsonText.of(binding, "policy")),
            Map.entry("Binding", JsonText.of(binding, "digest")),
            Map.entry("Expires", JsonText.of(promotion, "expires"))));
    Table gates = new Table(List.of("GATE", "VERDICT", "EVIDENCE"));
    for (JsonNode result : promotion.path("results")) {
      gates.add(
          List.of(
              JsonText.of(result, "gate"),
              JsonText.of(result, "verdict"),
              Kinds.shortDigest(JsonText.of(result, "evidence"))));
    }
    append(text, gates, style);
    Table approvals = new Table(List.of("APPROVED BY", "ROLES", "AT", "COUNTS", "REASON"));
    for (JsonNode approval : promotion.path("approvals")) {
      boolean counts = JsonText.of(approval, "binding").equals(JsonText.of(binding, "digest"));
      List<String> roles = new ArrayList<>();
      approval.path("roles").forEach(role -> roles.add(role.asText()));
      approvals.add(
          List.of(
              JsonText.of(approval, "person"),
              String.join(", ", roles),
              JsonText.of(approval, "at"),
              counts ? "yes" : "no: what was approved has changed",
              JsonText.of(approval, "reason")));
    }
    append(text, approvals, style);
    Table missing = new Table(List.of("MISSING", "NEXT"));
    for (JsonNode one : promotion.path("missing")) {
      missing.add(List.of(JsonText.of(one, "what"), JsonText.of(one, "command")));
    }
    append(text, missing, style);
    return text.toString();
  }

  private static void append(StringBuilder text, Table table, Style style) {
    if (!table.isEmpty()) {
      text.append('\n').append(table.render(style));
    }
  }

  private static String evidenceDetails(JsonNode evidence, boolean wide, Style style) {
    StringBuilder text = new StringBuilder();
    text.append(
        Kinds.pairs(
            Map.entry("Gate", JsonText.of(evidence, "gate")),
            Map.entry("Verdict", style.state(JsonText.of(evidence, "verdict"))),
            Map.entry("Version", JsonText.of(evidence, "model_version")),
            Map.entry("Artifact", JsonText.of(evidence, "subject")),
            Map.entry("At", JsonText.of(evidence, "at")),
            Map.entry("Build", JsonText.of(evidence, "build")),
            Map.entry("Evidence", JsonText.of(evidence, "digest"))));
    appendObject(text, "PARAMETER", evidence.path("parameters"), style);
    appendObject(text, "INPUT", evidence.path("inputs"), style);
    appendObject(text, "MEASURED", evidence.path("measurements"), style);
    int shown = 0;
    for (JsonNode finding : evidence.path("findings")) {
      if (!wide && shown++ == FINDINGS_SHOWN) {
        text.append("  ... -o wide shows all\n");
        break;
      }
      text.append(shown <= 1 ? "\nFindings\n" : "")
          .append("  ")
          .append(finding.asText())
          .append('\n');
    }
    return text.toString();
  }

  private static void appendObject(StringBuilder text, String title, JsonNode object, Style style) {
    Table table = new Table(List.of(title, "VALUE"));
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      JsonNode value = member.getValue();
      table.add(
          List.of(
              member.getKey(), value.isContainerNode() ? value.toString() : JsonText.of(value)));
    }
    append(text, table, style);
  }
}
