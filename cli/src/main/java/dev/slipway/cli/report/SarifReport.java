package dev.slipway.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.Version;
import dev.slipway.cli.output.Json;
import dev.slipway.cli.report.CheckReport.Digest;
import dev.slipway.cli.report.CheckReport.Item;
import dev.slipway.core.audit.entry.ContentDigest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * SARIF 2.1.0 (OASIS): a rule for each check, a result for each finding. What failed is an error,
 * what came to no verdict a warning, and what was found although the check passed a note.
 */
public final class SarifReport {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
  private static final String ROOT = "%SRCROOT%";

  private SarifReport() {}

  /** The whole document. */
  public static String of(CheckReport report) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("$schema", SCHEMA).put("version", "2.1.0");
    ObjectNode run = document.putArray("runs").addObject();
    ObjectNode driver = run.putObject("tool").putObject("driver");
    driver.put("name", "slipway").put("version", Version.number());
    ArrayNode rules = driver.putArray("rules");
    run.putObject("automationDetails")
        .put("id", "slipway/%s/%s/".formatted(report.environment(), report.model()));
    ArrayNode results = run.putArray("results");
    List<Item> items = report.items();
    for (int index = 0; index < items.size(); index++) {
      Item item = items.get(index);
      ObjectNode rule = rules.addObject().put("id", item.name());
      rule.putObject("shortDescription").put("text", "Slipway: " + item.name());
      for (String finding : item.told()) {
        result(results.addObject(), index, item, finding);
      }
    }
    ObjectNode properties = run.putObject("properties");
    for (Digest digest : report.digests()) {
      properties.put(digest.what(), digest.digest());
    }
    return Json.pretty(document) + "\n";
  }

  private static void result(ObjectNode result, int rule, Item item, String finding) {
    result.put("ruleId", item.name()).put("ruleIndex", rule);
    result.put(
        "level",
        switch (item.verdict()) {
          case FAILED -> "error";
          case INCONCLUSIVE -> "warning";
          case PASSED, SKIPPED -> "note";
        });
    result.putObject("message").put("text", finding);
    ObjectNode location =
        result
            .putArray("locations")
            .addObject()
            .putObject("physicalLocation")
            .putObject("artifactLocation");
    location.put("uri", item.file());
    if (!item.file().startsWith("file:")) {
      location.put("uriBaseId", ROOT);
    }
    // Whether it is the same finding as of an earlier run, which no line of a binary file tells.
    result
        .putObject("partialFingerprints")
        .put(
            "slipwayFinding/v1",
            ContentDigest.of((item.name() + "\n" + finding).getBytes(StandardCharsets.UTF_8))
                .value());
    ObjectNode properties = result.putObject("properties").put("verdict", item.verdict().name());
    if (!item.evidence().isEmpty()) {
      properties.put("evidence", item.evidence());
    }
  }
}
