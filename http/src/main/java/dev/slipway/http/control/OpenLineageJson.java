package dev.slipway.http.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.tracking.Dataset;
import dev.slipway.core.tracking.LoggedRun;
import dev.slipway.platform.lineage.Lineage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * The lineage of a version as run events of OpenLineage 2-0-2 (openlineage.io/spec): one of the
 * training, where its run is known, and one for each time that the version went live.
 */
final class OpenLineageJson {
  private static final String PRODUCER = "urn:slipway:server";
  private static final String SCHEMA =
      "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
  private static final String VERSION_SCHEMA =
      "https://openlineage.io/spec/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet";
  private static final String NAMESPACE = "slipway";

  private OpenLineageJson() {}

  static ObjectNode events(Lineage.Facts facts) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode events = answer.putArray("items");
    ModelRef ref = facts.version().card().ref();
    facts.run().ifPresent(run -> trained(events.addObject(), run, ref, facts));
    for (Lineage.Served change : facts.changes()) {
      served(events.addObject(), change, ref);
    }
    return answer;
  }

  private static void trained(ObjectNode event, LoggedRun run, ModelRef ref, Lineage.Facts facts) {
    Long end = run.run().endMillis();
    Instant time = end == null ? facts.version().card().createdAt() : Instant.ofEpochMilli(end);
    head(event, time, id(run.run().id()), "train/" + ref.model());
    ArrayNode inputs = event.putArray("inputs");
    for (Dataset dataset : run.datasets()) {
      dataset(inputs.addObject(), dataset.name(), dataset.digest());
    }
    dataset(event.putArray("outputs").addObject(), "model/" + ref.model(), version(ref));
  }

  private static void served(ObjectNode event, Lineage.Served change, ModelRef ref) {
    String name = change.deployment().name();
    String run = name + "/" + change.deployment().revision();
    head(event, change.deployment().changedAt(), id(run), "deploy/" + name);
    dataset(event.putArray("inputs").addObject(), "model/" + ref.model(), version(ref));
    dataset(
        event.putArray("outputs").addObject(),
        "deployment/" + name,
        Long.toString(change.deployment().revision()));
  }

  private static String version(ModelRef ref) {
    return Integer.toString(ref.version());
  }

  private static void head(ObjectNode event, Instant time, UUID run, String job) {
    event.put("eventType", "COMPLETE");
    event.put("eventTime", time.toString());
    event.put("producer", PRODUCER);
    event.put("schemaURL", SCHEMA);
    event.putObject("run").put("runId", run.toString());
    event.putObject("job").put("namespace", NAMESPACE).put("name", job);
  }

  private static void dataset(ObjectNode node, String name, String version) {
    node.put("namespace", NAMESPACE).put("name", name);
    node.putObject("facets")
        .putObject("version")
        .put("_producer", PRODUCER)
        .put("_schemaURL", VERSION_SCHEMA)
        .put("datasetVersion", version);
  }

  /** The same name has the same id; ids of runs that are 32 hexadecimal digits stay themselves. */
  private static UUID id(String name) {
    return name.matches("[0-9a-f]{32}")
        ? UUID.fromString(name.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"))
        : UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }
}
