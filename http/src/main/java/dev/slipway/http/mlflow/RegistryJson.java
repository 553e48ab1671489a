package dev.slipway.http.mlflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.model.ListedVersion;
import dev.slipway.core.model.ModelCard;
import dev.slipway.core.model.VersionCard;

/** Registered models and versions in MLflow's JSON. */
final class RegistryJson {
  private RegistryJson() {}

  static ObjectNode model(ModelCard model) {
    ObjectNode node = MlflowJson.object();
    node.put("name", model.name());
    node.put("creation_timestamp", model.createdAt().toEpochMilli());
    node.put("last_updated_timestamp", model.updatedAt().toEpochMilli());
    node.put("description", model.description());
    MlflowJson.list(node, "latest_versions", model.latest(), RegistryJson::version);
    MlflowJson.pairs(node, "tags", model.tags());
    ArrayNode aliases = node.putArray("aliases");
    model
        .aliases()
        .forEach(
            (alias, version) ->
                aliases.addObject().put("alias", alias).put("version", Integer.toString(version)));
    return node;
  }

  /** Every version is ready; why one cannot be deployed stands in its status message. */
  static ObjectNode version(ListedVersion version) {
    VersionCard card = version.card();
    ObjectNode node = MlflowJson.object();
    node.put("name", card.ref().model());
    node.put("version", Integer.toString(card.ref().version()));
    node.put("creation_timestamp", card.createdAt().toEpochMilli());
    node.put("last_updated_timestamp", card.updatedAt().toEpochMilli());
    node.put("current_stage", card.stage());
    node.put("description", card.description());
    node.put("source", card.source());
    MlflowJson.put(node, "run_id", card.runId());
    MlflowJson.put(node, "run_link", card.runLink());
    MlflowJson.put(node, "model_id", card.loggedModelId());
    node.put("status", "READY");
    if (!card.obstacle().isEmpty()) {
      node.put("status_message", "Cannot be deployed: " + card.obstacle());
    }
    MlflowJson.pairs(node, "tags", version.tags());
    ArrayNode aliases = node.putArray("aliases");
    version.aliases().forEach(aliases::add);
    return node;
  }
}
