package dev.slipway.http.mlflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.artifact.ArtifactPath;
import dev.slipway.core.artifact.ListedFile;
import dev.slipway.core.tracking.Dataset;
import dev.slipway.core.tracking.Experiment;
import dev.slipway.core.tracking.LoggedModel;
import dev.slipway.core.tracking.LoggedRun;
import dev.slipway.core.tracking.Metric;
import dev.slipway.core.tracking.Run;
import dev.slipway.core.tracking.RunModel;
import dev.slipway.core.tracking.RunModel.Direction;
import java.util.List;

/** Experiments, runs and logged models in MLflow's JSON. */
final class TrackingJson {
  private TrackingJson() {}

  static ObjectNode experiment(Experiment experiment) {
    ObjectNode node = MlflowJson.object();
    node.put("experiment_id", Long.toString(experiment.id()));
    node.put("name", experiment.name());
    node.put("artifact_location", experiment.artifactLocation());
    node.put("lifecycle_stage", experiment.lifecycle().text());
    node.put("creation_time", experiment.createdMillis());
    node.put("last_update_time", experiment.updatedMillis());
    MlflowJson.pairs(node, "tags", experiment.tags());
    return node;
  }

  static ObjectNode info(Run run) {
    ObjectNode node = MlflowJson.object();
    node.put("run_id", run.id());
    node.put("run_uuid", run.id());
    node.put("run_name", run.name());
    node.put("experiment_id", Long.toString(run.experimentId()));
    node.put("user_id", run.userId());
    node.put("status", run.status().name());
    node.put("start_time", run.startMillis());
    Long end = run.endMillis();
    if (end != null) {
      node.put("end_time", end);
    }
    node.put("artifact_uri", run.artifactUri());
    node.put("lifecycle_stage", run.lifecycle().text());
    return node;
  }

  static ObjectNode run(LoggedRun logged) {
    ObjectNode node = MlflowJson.object();
    node.set("info", info(logged.run()));
    ObjectNode data = node.putObject("data");
    MlflowJson.list(data, "metrics", logged.metrics(), TrackingJson::metric);
    MlflowJson.pairs(data, "params", logged.params());
    MlflowJson.pairs(data, "tags", logged.tags());
    ObjectNode inputs = node.putObject("inputs");
    MlflowJson.list(inputs, "dataset_inputs", logged.datasets(), TrackingJson::dataset);
    MlflowJson.list(
        inputs,
        "model_inputs",
        of(logged.models(), Direction.INPUT),
        model -> MlflowJson.object().put("model_id", model.modelId()));
    MlflowJson.list(
        node.putObject("outputs"),
        "model_outputs",
        of(logged.models(), Direction.OUTPUT),
        model -> MlflowJson.object().put("model_id", model.modelId()).put("step", model.step()));
    return node;
  }

  private static List<RunModel> of(List<RunModel> models, Direction direction) {
    return models.stream().filter(model -> model.direction() == direction).toList();
  }

  static ObjectNode metric(Metric metric) {
    ObjectNode node = MlflowJson.object();
    node.put("key", metric.name());
    MlflowJson.put(node, "value", metric.value());
    node.put("timestamp", metric.timeMillis());
    node.put("step", metric.step());
    MlflowJson.put(node, "dataset_name", metric.datasetName());
    MlflowJson.put(node, "dataset_digest", metric.datasetDigest());
    MlflowJson.put(node, "model_id", metric.modelId());
    node.put("run_id", metric.runId());
    return node;
  }

  private static ObjectNode dataset(Dataset dataset) {
    ObjectNode node = MlflowJson.object();
    MlflowJson.pairs(node, "tags", dataset.tags());
    ObjectNode data = node.putObject("dataset");
    data.put("name", dataset.name());
    data.put("digest", dataset.digest());
    data.put("source_type", dataset.sourceType());
    data.put("source", dataset.source());
    MlflowJson.put(data, "schema", dataset.schema());
    MlflowJson.put(data, "profile", dataset.profile());
    return node;
  }

  static ObjectNode model(LoggedModel model) {
    ObjectNode node = MlflowJson.object();
    ObjectNode info = node.putObject("info");
    info.put("model_id", model.id());
    info.put("experiment_id", Long.toString(model.experimentId()));
    info.put("name", model.name());
    info.put("creation_timestamp_ms", model.createdMillis());
    info.put("last_updated_timestamp_ms", model.updatedMillis());
    info.put("artifact_uri", model.artifactUri());
    info.put("status", "LOGGED_MODEL_" + model.status().name());
    MlflowJson.put(info, "model_type", model.modelType());
    MlflowJson.put(info, "source_run_id", model.sourceRunId());
    MlflowJson.pairs(info, "tags", model.tags());
    ObjectNode data = node.putObject("data");
    MlflowJson.pairs(data, "params", model.params());
    MlflowJson.list(data, "metrics", model.metrics(), TrackingJson::metric);
    return node;
  }

  /**
   * Files of a folder.
   *
   * @param folder the path that is put before their names; the root puts nothing
   */
  static ArrayNode files(ArtifactPath folder, List<ListedFile> files) {
    ArrayNode array = MlflowJson.object().arrayNode();
    for (ListedFile file : files) {
      ObjectNode node = array.addObject();
      node.put("path", folder.names().isEmpty() ? file.name() : folder + "/" + file.name());
      node.put("is_dir", file.isFolder());
      if (!file.isFolder()) {
        node.put("file_size", file.sizeBytes());
      }
    }
    return array;
  }
}
