package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.output.Column;
import dev.slipway.cli.output.JsonText;
import dev.slipway.cli.output.Kind;
import dev.slipway.cli.output.Style;
import dev.slipway.cli.output.Table;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the documents of the control API are shown to people. */
final class Kinds {
  private static final int FIELDS_SHOWN = 3;
  private static final int FINDINGS_SHOWN = 10;

  private Kinds() {}

  private static final List<Column> VERSION_COLUMNS =
      List.of(
          Column.of("VERSION", Kinds::ref),
          Column.of("FORMAT", "format"),
          Column.of("SIZE", node -> JsonText.bytes(node.path("size_bytes"))),
          Column.instant("REGISTERED", "registered_at"),
          Column.of("DIGEST", node -> shortDigest(JsonText.of(node, "digest"))),
          Column.of("DESCRIPTION", "description").wide());

  static final Kind MODEL =
      new Kind(
          node -> JsonText.of(node, "name"),
          List.of(
              Column.of("NAME", "name"),
              Column.of("LATEST", "latest_version"),
              Column.instant("CREATED", "created_at")),
          Kinds::modelDetails);

  static final Kind VERSION = new Kind(Kinds::ref, VERSION_COLUMNS, Kinds::versionDetails);

  /** A version just registered: without its settings, which {@code model get} shows. */
  static final Kind REGISTRATION =
      new Kind(Kinds::ref, VERSION_COLUMNS, Kinds::registrationDetails);

  static final Kind DEPLOYMENT =
      new Kind(
          node -> JsonText.of(node, "name"),
          List.of(
              Column.of("NAME", "name"),
              Column.of("SERVES", Kinds::ref),
              Column.of("ENV", "environment"),
              Column.state("STATE", "state"),
              Column.of("PREVIOUS", node -> previous(node)),
              Column.instant("CHANGED", "changed_at"),
              Column.of("ENGINE", "engine").wide(),
              Column.of("SCHEDULING", "scheduling").wide(),
              Column.of("REVISION", "revision").wide(),
              Column.of("DIGEST", node -> shortDigest(JsonText.of(node, "digest"))).wide(),
              Column.of("REASON", "reason").wide()),
          Kinds::deploymentDetails);

  static final Kind CHECK =
      Kind.ofTable(
          node -> JsonText.of(node, "name"),
          List.of(
              Column.of("WHERE", "where"),
              Column.of("CHECK", "name"),
              Column.state("STATUS", "status"),
              Column.of("DETAIL", "detail"),
              Column.of("MEND", "mend")));

  static final Kind PROFILE =
      new Kind(
          node -> JsonText.of(node.path("recommended"), "engine"),
          List.of(Column.of("ENGINE", node -> JsonText.of(node.path("recommended"), "engine"))),
          Kinds::profileDetails);

  static final Kind AUDIT_REPORT =
      new Kind(
          node -> JsonText.of(node, "log"),
          List.of(
              Column.of("LOG", "log"),
              Column.state("RESULT", "result"),
              Column.of("ENTRIES", "entries"),
              Column.of("AUTHENTICITY", "authenticity")),
          Kinds::auditDetails);

  /** A new key: alone its public half, so that the output is the file to hand out. */
  static final Kind AUDIT_KEY =
      new Kind(
          node -> JsonText.of(node, "name"),
          List.of(Column.of("NAME", "name"), Column.of("PUBLIC KEY", "public_key")),
          (node, wide, style) -> JsonText.of(node, "public_key") + "\n");

  static final Kind AUDIT_ENTRY =
      new Kind(
          node -> JsonText.of(node, "index"),
          List.of(
              Column.of("INDEX", "index"),
              Column.of("TIME", node -> JsonText.instant(node.path("entry"), "time")),
              Column.of("ACTOR", node -> actor(node.path("entry").path("actor"))),
              Column.of("ACTION", node -> JsonText.of(node.path("entry"), "action")),
              Column.of("SUBJECT", node -> JsonText.of(node.path("entry").path("subject"), "name")),
              Column.of("SIGNED", "signed"),
              Column.of("AFTER", node -> shortDigest(JsonText.of(node.path("entry"), "after")))
                  .wide(),
              Column.of("LEAF HASH", "leaf_hash").wide()),
          Kinds::auditEntryDetails);

  static final Kind AUDIT_EXPORT =
      new Kind(
          node -> JsonText.of(node, "folder"),
          List.of(Column.of("FOLDER", "folder"), Column.of("ENTRIES", "entries")),
          (node, wide, style) ->
              pairs(
                  Map.entry("Folder", JsonText.of(node, "folder")),
                  Map.entry("Log", JsonText.of(node, "log")),
                  Map.entry("Entries", JsonText.of(node, "entries")),
                  Map.entry("Root", JsonText.of(node, "root"))));

  static final Kind HISTORY =
      Kind.ofTable(
          node -> JsonText.of(node, "audit_index"),
          List.of(
              Column.instant("FROM", "from"),
              Column.instant("UNTIL", "until"),
              Column.of("SERVED", Kinds::ref),
              Column.of("KIND", "kind"),
              Column.of("ACTOR", node -> actor(node.path("actor"))),
              Column.of("APPROVED BY", node -> approvers(node.path("promotion"))),
              Column.of("AUDIT", "audit_index"),
              Column.of("PROMOTION", node -> JsonText.of(node.path("promotion"), "id")).wide(),
              Column.of("EVIDENCE", node -> evidence(node.path("promotion"))).wide(),
              Column.of("REVISION", "revision").wide(),
              Column.of("DIGEST", node -> shortDigest(JsonText.of(node, "digest"))).wide(),
              Column.of("STATE", node -> shortDigest(JsonText.of(node, "state"))).wide()));

  /** Who said yes to exactly what went live, or broke the glass for it. */
  private static String approvers(JsonNode promotion) {
    String binding = JsonText.of(promotion.path("binding"), "digest");
    List<String> people = new ArrayList<>();
    for (JsonNode approval : promotion.path("approvals")) {
      if (JsonText.of(approval, "binding").equals(binding)) {
        people.add(JsonText.of(approval, "person"));
      }
    }
    if (promotion.has("broken_glass")) {
      people.add(JsonText.of(promotion.path("broken_glass"), "person") + " (broke the glass)");
    }
    return people.isEmpty() ? "-" : String.join(", ", people);
  }

  private static String evidence(JsonNode promotion) {
    List<String> gates = new ArrayList<>();
    for (JsonNode result : promotion.path("results")) {
      gates.add(
          "%s %s"
              .formatted(
                  JsonText.of(result, "gate"), shortDigest(JsonText.of(result, "evidence"))));
    }
    return gates.isEmpty() ? "-" : String.join(", ", gates);
  }

  static final Kind PRINCIPAL =
      new Kind(
          node -> JsonText.of(node, "name"),
          List.of(
              Column.of("NAME", "name"), Column.of("KIND", "kind"), Column.of("MAY", Kinds::may)),
          (node, wide, style) ->
              pairs(
                  Map.entry("Name", JsonText.of(node, "name")),
                  Map.entry("Kind", JsonText.of(node, "kind")),
                  Map.entry("May", may(node)),
                  Map.entry("Token only", scope(node))));

  static final Kind ACCOUNT =
      Kind.ofTable(
          node -> JsonText.of(node, "name"),
          List.of(
              Column.of("NAME", "name"),
              Column.of("KIND", "kind"),
              Column.of("MAY", Kinds::may),
              Column.of("ENABLED", "enabled"),
              Column.instant("CREATED", "created_at").wide()));

  static final Kind TOKEN =
      Kind.ofTable(
          node -> JsonText.of(node, "id"),
          List.of(
              Column.of("ID", "id"),
              Column.of("ACCOUNT", "account"),
              Column.of("PURPOSE", "purpose"),
              Column.of("ONLY", Kinds::scope),
              Column.instant("EXPIRES", "expires_at"),
              Column.instant("REVOKED", "revoked_at"),
              Column.instant("CREATED", "created_at").wide()));

  /** A new token: alone it is the secret itself, so that it can be put into a variable. */
  static final Kind ISSUED_TOKEN =
      new Kind(
          node -> JsonText.of(node, "token"),
          List.of(Column.of("ID", "id"), Column.of("TOKEN", "token")),
          (node, wide, style) ->
              pairs(
                  Map.entry("Token", JsonText.of(node, "token")),
                  Map.entry("Id", JsonText.of(node, "id")),
                  Map.entry("Account", JsonText.of(node, "account")),
                  Map.entry("Only", scope(node)),
                  Map.entry("Expires", JsonText.instant(node, "expires_at"))));

  static final Kind INVITATION =
      new Kind(
          node -> JsonText.of(node, "code"),
          List.of(Column.of("ACCOUNT", "account"), Column.of("CODE", "code")),
          (node, wide, style) ->
              pairs(
                  Map.entry("Account", JsonText.of(node, "account")),
                  Map.entry("Code", JsonText.of(node, "code")),
                  Map.entry("Expires", JsonText.instant(node, "expires_at"))));

  /** Roles and grants in one line. */
  private static String may(JsonNode rights) {
    List<String> words = new ArrayList<>();
    rights.path("roles").forEach(role -> words.add(role.asText()));
    rights.path("grants").forEach(grant -> words.add(grant.asText()));
    return words.isEmpty() ? "nothing" : String.join(", ", words);
  }

  private static String scope(JsonNode token) {
    return token.path("scope").isObject() ? may(token.path("scope")) : "-";
  }

  /** {@code fraud/1}, of a version or a deployment. */
  static String ref(JsonNode node) {
    return JsonText.of(node, "model") + "/" + JsonText.of(node, "version");
  }

  private static String actor(JsonNode actor) {
    return switch (actor.path("kind").asText("")) {
      case "local-caller" -> "local";
      case "person" -> "person " + shortDigest(JsonText.of(actor, "commitment"));
      default -> JsonText.of(actor, "name");
    };
  }

  private static String auditEntryDetails(JsonNode numbered, boolean wide, Style style) {
    JsonNode entry = numbered.path("entry");
    List<String> evidence = new ArrayList<>();
    entry.path("evidence").forEach(digest -> evidence.add(digest.asText()));
    return pairs(
        Map.entry("Entry", JsonText.of(numbered, "index")),
        Map.entry("Action", JsonText.of(entry, "action")),
        Map.entry(
            "Subject",
            "%s %s"
                .formatted(
                    JsonText.of(entry.path("subject"), "kind"),
                    JsonText.of(entry.path("subject"), "name"))),
        Map.entry("Actor", actor(entry.path("actor"))),
        Map.entry("Time", JsonText.of(entry, "time")),
        Map.entry("Before", JsonText.of(entry, "before")),
        Map.entry("After", JsonText.of(entry, "after")),
        Map.entry("Evidence", evidence.isEmpty() ? "-" : String.join(", ", evidence)),
        Map.entry("Policy", JsonText.of(entry, "policy")),
        Map.entry("Reason", JsonText.of(entry, "reason")),
        Map.entry("Signed", JsonText.of(numbered, "signed")),
        Map.entry("Leaf hash", JsonText.of(numbered, "leaf_hash")));
  }

  private static String previous(JsonNode deployment) {
    JsonNode previous = deployment.path("previous_version");
    return previous.asInt(0) == 0
        ? "-"
        : JsonText.of(deployment, "model") + "/" + previous.asText();
  }

  static String shortDigest(String digest) {
    int start = digest.indexOf(':') + 1;
    return digest.length() - start <= 12 ? digest : digest.substring(0, start + 12);
  }

  private static String modelDetails(JsonNode model, boolean wide, Style style) {
    StringBuilder text = new StringBuilder();
    text.append(
        pairs(
            Map.entry("Model", JsonText.of(model, "name")),
            Map.entry("Latest", JsonText.of(model, "latest_version")),
            Map.entry("Created", JsonText.instant(model, "created_at"))));
    List<JsonNode> versions = new ArrayList<>();
    model.path("versions").forEach(versions::add);
    if (!versions.isEmpty()) {
      text.append('\n').append(VERSION.table(versions, wide, style));
    }
    return text.toString();
  }

  private static String registrationDetails(JsonNode version, boolean wide, Style style) {
    StringBuilder text = new StringBuilder();
    text.append(
        pairs(
            Map.entry("Version", ref(version)),
            Map.entry("Description", JsonText.of(version, "description")),
            Map.entry("Format", JsonText.of(version, "format")),
            Map.entry("Size", JsonText.bytes(version.path("size_bytes"))),
            Map.entry("Digest", JsonText.of(version, "digest")),
            Map.entry("Registered", JsonText.instant(version, "registered_at"))));
    Table tensors = new Table(List.of("TENSOR", "NAME", "DATATYPE", "SHAPE", "FIELDS"));
    addTensors(tensors, "input", version.path("signature").path("inputs"), wide);
    addTensors(tensors, "output", version.path("signature").path("outputs"), wide);
    if (!tensors.isEmpty()) {
      text.append('\n').append(tensors.render(style));
    }
    return text.toString();
  }

  private static String versionDetails(JsonNode version, boolean wide, Style style) {
    Table settings = new Table(List.of("SETTING", "VALUE"));
    addSettings(settings, "", version.path("settings"));
    return registrationDetails(version, wide, style)
        + (settings.isEmpty() ? "" : "\n" + settings.render(style));
  }

  private static void addTensors(Table table, String role, JsonNode tensors, boolean wide) {
    for (JsonNode tensor : tensors) {
      List<String> fields = new ArrayList<>();
      tensor
          .path("fields")
          .forEach(
              field -> {
                String name = field.path("name").asText("");
                if (!name.isEmpty()) {
                  fields.add(name);
                }
              });
      table.add(
          List.of(
              tensor.path("optional").asBoolean() ? role + " (optional)" : role,
              JsonText.of(tensor, "name"),
              JsonText.of(tensor, "datatype"),
              JsonText.shape(tensor.path("shape")),
              fields.isEmpty() ? "-" : fieldNames(fields, wide)));
    }
  }

  private static String fieldNames(List<String> fields, boolean wide) {
    if (wide || fields.size() <= FIELDS_SHOWN) {
      return String.join(", ", fields);
    }
    return "%s, ... (%d in all)"
        .formatted(String.join(", ", fields.subList(0, FIELDS_SHOWN)), fields.size());
  }

  private static void addSettings(Table table, String prefix, JsonNode settings) {
    for (Map.Entry<String, JsonNode> entry : settings.properties()) {
      if (entry.getValue().isObject()) {
        addSettings(table, prefix + entry.getKey() + ".", entry.getValue());
      } else {
        table.add(List.of(prefix + entry.getKey(), JsonText.of(entry.getValue())));
      }
    }
  }

  private static String deploymentDetails(JsonNode deployment, boolean wide, Style style) {
    String state = JsonText.of(deployment, "state");
    return pairs(
        Map.entry("Deployment", JsonText.of(deployment, "name")),
        Map.entry("Environment", JsonText.of(deployment, "environment")),
        Map.entry("Serves", ref(deployment)),
        Map.entry("State", style.state(state)),
        Map.entry("Reason", JsonText.of(deployment, "reason")),
        Map.entry("Previous", previous(deployment)),
        Map.entry("Engine", JsonText.of(deployment, "engine")),
        Map.entry("Scheduling", JsonText.of(deployment, "scheduling")),
        Map.entry("Digest", JsonText.of(deployment, "digest")),
        Map.entry("Revision", JsonText.of(deployment, "revision")),
        Map.entry("Changed", JsonText.instant(deployment, "changed_at")));
  }

  private static String profileDetails(JsonNode profile, boolean wide, Style style) {
    Table rows =
        new Table(List.of("ENGINE", "PROVIDER", "BATCH", "THREADS", "MICROS/RUN", "ROWS/S"));
    for (JsonNode row : profile.path("rows")) {
      rows.add(
          List.of(
              JsonText.of(row, "engine"),
              JsonText.of(row, "provider"),
              JsonText.of(row, "batch"),
              JsonText.of(row, "threads"),
              rounded(row.path("micros_per_run"), 1),
              rounded(row.path("rows_per_second"), 0)));
    }
    StringBuilder text = new StringBuilder(rows.render(style));
    for (JsonNode absent : profile.path("unavailable")) {
      text.append(
          "%s is not available: %s%n"
              .formatted(JsonText.of(absent, "provider"), JsonText.of(absent, "reason")));
    }
    JsonNode best = profile.path("recommended");
    if (best.isObject()) {
      text.append('\n')
          .append(style.bold("Recommended"))
          .append('\n')
          .append(
              pairs(
                  Map.entry("Engine", JsonText.of(best, "engine")),
                  Map.entry("Provider", JsonText.of(best, "provider")),
                  Map.entry("Max batch", JsonText.of(best, "max_batch_size")),
                  Map.entry("Threads", JsonText.of(best, "intra_op_threads")),
                  Map.entry("Scheduling", JsonText.of(best, "scheduling")),
                  Map.entry("Why", JsonText.of(best, "why"))));
    }
    return text.toString();
  }

  private static String auditDetails(JsonNode report, boolean wide, Style style) {
    boolean proven = report.path("authenticity").asText().equals("proven");
    String key = JsonText.of(report, "key");
    List<String> witnesses = new ArrayList<>();
    report.path("witnesses").forEach(witness -> witnesses.add(witness.asText()));
    StringBuilder text = new StringBuilder();
    text.append(
        pairs(
            Map.entry("Log", JsonText.of(report, "log")),
            Map.entry(
                "Entries",
                "%s (%s read)"
                    .formatted(
                        JsonText.of(report, "entries"), JsonText.of(report, "entries_read"))),
            Map.entry("Root", JsonText.of(report, "root")),
            Map.entry(
                "Authenticity",
                proven
                    ? "proven: signed by " + key
                    : key.equals("-")
                        ? "not proven: no key; give the log's with --key"
                        : "not proven (key %s)".formatted(key)),
            Map.entry("Witnesses", witnesses.isEmpty() ? "-" : String.join(", ", witnesses)),
            Map.entry("Result", style.state(JsonText.of(report, "result"))),
            Map.entry("First bad", firstBad(report.path("first_bad_entry")))));
    int shown = 0;
    for (JsonNode finding : report.path("findings")) {
      if (!wide && shown++ == FINDINGS_SHOWN) {
        text.append(
            "... and %d more; -o wide shows all%n"
                .formatted(report.path("findings").size() - FINDINGS_SHOWN));
        break;
      }
      text.append(
          "%s: %s%n"
              .formatted(style.red(JsonText.of(finding, "kind")), JsonText.of(finding, "message")));
    }
    return text.toString();
  }

  private static String firstBad(JsonNode entry) {
    return entry.isNull() ? "-" : "entry " + entry.asText();
  }

  private static String rounded(JsonNode value, int digits) {
    return value.isNumber()
        ? value.decimalValue().setScale(digits, RoundingMode.HALF_UP).toPlainString()
        : JsonText.of(value);
  }

  @SafeVarargs
  static String pairs(Map.Entry<String, String>... pairs) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> pair : pairs) {
      if (!pair.getValue().equals("-")) {
        text.append("%-13s%s\n".formatted(pair.getKey(), pair.getValue()));
      }
    }
    return text.toString();
  }
}
