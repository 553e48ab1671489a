package dev.slipway.http.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.artifact.ArtifactPath;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.search.Page;
import dev.slipway.core.tracking.Dataset;
import dev.slipway.core.tracking.Lifecycle;
import dev.slipway.core.tracking.LoggedRun;
import dev.slipway.core.tracking.Metric;
import dev.slipway.core.tracking.Run;
import dev.slipway.core.tracking.RunModel;
import dev.slipway.platform.artifact.Artifacts;
import dev.slipway.platform.tracking.Batch;
import dev.slipway.platform.tracking.RunDraft;
import dev.slipway.platform.tracking.Runs;
import dev.slipway.platform.tracking.TrackingLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Operations on runs. */
final class RunRoutes {
  private static final String ARTIFACTS = "mlflow-artifacts:/";
  private static final int RESULTS_DEFAULT = 1_000;

  /** A history without a limit, as clients before MLflow 2 ask for it. */
  private static final int HISTORY_MAX = 1_000_000;

  private final Runs runs;
  private final Artifacts artifacts;

  RunRoutes(Runs runs, Artifacts artifacts) {
    this.runs = runs;
    this.artifacts = artifacts;
  }

  List<MlflowRoute> routes() {
    return List.of(
        MlflowRoute.post("runs/create", this::create),
        MlflowRoute.post("runs/update", this::update),
        MlflowRoute.get("runs/get", this::get),
        MlflowRoute.post("runs/search", this::search),
        MlflowRoute.post("runs/delete", call -> move(call, Lifecycle.DELETED)),
        MlflowRoute.post("runs/restore", call -> move(call, Lifecycle.ACTIVE)),
        MlflowRoute.post("runs/log-metric", this::logMetric),
        MlflowRoute.post("runs/log-parameter", this::logParam),
        MlflowRoute.post("runs/log-batch", this::logBatch),
        MlflowRoute.post("runs/set-tag", this::setTag),
        MlflowRoute.post("runs/delete-tag", this::deleteTag),
        MlflowRoute.post("runs/log-inputs", this::logInputs),
        MlflowRoute.post("runs/outputs", this::logOutputs),
        MlflowRoute.post("runs/log-model", this::logModel),
        MlflowRoute.get("metrics/get-history", this::history),
        MlflowRoute.get("artifacts/list", this::listArtifacts));
  }

  private ObjectNode create(MlflowCall call) {
    Fields fields = call.fields();
    String experiment = fields.text("experiment_id");
    return answer(
        runs.create(
            call.asked(),
            new RunDraft(
                ExperimentRoutes.id(experiment.isEmpty() ? "0" : experiment),
                fields.text("run_name"),
                fields.text("user_id"),
                fields.number("start_time", 0),
                fields.pairs("tags"))));
  }

  private ObjectNode get(MlflowCall call) {
    return answer(runs.run(call.runId()));
  }

  private static ObjectNode answer(LoggedRun run) {
    ObjectNode node = MlflowJson.object();
    node.set("run", TrackingJson.run(run));
    return node;
  }

  private ObjectNode update(MlflowCall call) {
    Fields fields = call.fields();
    Run run =
        runs.update(
            call.asked(),
            call.runId(),
            fields.choice("status", Run.Status.class, "").orElse(null),
            fields.has("end_time") ? fields.number("end_time", 0) : null,
            fields.text("run_name"));
    ObjectNode node = MlflowJson.object();
    node.set("run_info", TrackingJson.info(run));
    return node;
  }

  private ObjectNode search(MlflowCall call) {
    Fields fields = call.fields();
    Page<LoggedRun> page =
        runs.search(
            fields.texts("experiment_ids").stream().map(ExperimentRoutes::id).toList(),
            call.filter(),
            call.orders(),
            ExperimentRoutes.view(fields, "run_view_type"),
            call.pageToken(),
            fields.count("max_results", RESULTS_DEFAULT, TrackingLimits.RUNS_PER_PAGE_MAX));
    ObjectNode node = MlflowJson.object();
    MlflowJson.list(node, "runs", page.items(), TrackingJson::run);
    return MlflowJson.page(node, page.nextToken());
  }

  private ObjectNode move(MlflowCall call, Lifecycle to) {
    runs.move(call.asked(), call.runId(), to);
    return MlflowJson.object();
  }

  private ObjectNode logMetric(MlflowCall call) {
    String runId = call.runId();
    return log(call, runId, new Batch(List.of(metric(call.fields(), runId)), Map.of(), Map.of()));
  }

  private ObjectNode logParam(MlflowCall call) {
    Fields fields = call.fields();
    String runId = call.runId();
    Map<String, String> param = Map.of(fields.required("key"), fields.text("value"));
    return log(call, runId, new Batch(List.of(), param, Map.of()));
  }

  private ObjectNode setTag(MlflowCall call) {
    Fields fields = call.fields();
    String runId = call.runId();
    Map<String, String> tag = Map.of(fields.required("key"), fields.text("value"));
    return log(call, runId, new Batch(List.of(), Map.of(), tag));
  }

  private ObjectNode logBatch(MlflowCall call) {
    Fields fields = call.fields();
    String runId = call.runId();
    return log(
        call,
        runId,
        new Batch(
            fields.objects("metrics").stream().map(metric -> metric(metric, runId)).toList(),
            params(fields),
            fields.pairs("tags")));
  }

  /** A param that is given twice with two values is an error, not the last of them. */
  private static Map<String, String> params(Fields fields) {
    Map<String, String> params = new HashMap<>();
    for (Fields pair : fields.objects("params")) {
      String key = pair.required("key");
      String value = pair.text("value");
      String before = params.put(key, value);
      if (before != null && !before.equals(value)) {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "Duplicate parameter keys have been submitted. params: '%s' comes with '%s' and '%s'"
                    .formatted(key, before, value)
                + " (expected: one value)");
      }
    }
    return params;
  }

  private ObjectNode log(MlflowCall call, String runId, Batch batch) {
    runs.log(call.asked(), runId, batch);
    return MlflowJson.object();
  }

  private static Metric metric(Fields fields, String runId) {
    return new Metric(
        fields.required("key"),
        fields.real("value"),
        fields.requiredNumber("timestamp"),
        fields.number("step", 0),
        fields.text("dataset_name"),
        fields.text("dataset_digest"),
        fields.text("model_id"),
        runId);
  }

  private ObjectNode deleteTag(MlflowCall call) {
    runs.untag(call.asked(), call.runId(), call.fields().required("key"));
    return MlflowJson.object();
  }

  private ObjectNode logInputs(MlflowCall call) {
    List<Dataset> datasets = new ArrayList<>();
    for (Fields input : call.fields().objects("datasets")) {
      Fields dataset = input.object("dataset");
      datasets.add(
          new Dataset(
              dataset.required("name"),
              dataset.required("digest"),
              dataset.text("source_type"),
              dataset.text("source"),
              dataset.text("schema"),
              dataset.text("profile"),
              input.pairs("tags")));
    }
    runs.link(call.asked(), call.runId(), datasets, models(call, RunModel.Direction.INPUT));
    return MlflowJson.object();
  }

  private ObjectNode logOutputs(MlflowCall call) {
    runs.link(call.asked(), call.runId(), List.of(), models(call, RunModel.Direction.OUTPUT));
    return MlflowJson.object();
  }

  private static List<RunModel> models(MlflowCall call, RunModel.Direction direction) {
    return call.fields().objects("models").stream()
        .map(model -> new RunModel(direction, model.required("model_id"), model.number("step", 0)))
        .toList();
  }

  private ObjectNode logModel(MlflowCall call) {
    runs.recordModel(call.asked(), call.runId(), call.fields().required("model_json"));
    return MlflowJson.object();
  }

  private ObjectNode history(MlflowCall call) {
    Fields fields = call.fields();
    Page<Metric> page =
        runs.history(
            call.runId(),
            fields.required("metric_key"),
            call.pageToken(),
            fields.count("max_results", HISTORY_MAX, HISTORY_MAX));
    ObjectNode node = MlflowJson.object();
    MlflowJson.list(node, "metrics", page.items(), TrackingJson::metric);
    return MlflowJson.page(node, page.nextToken());
  }

  private ObjectNode listArtifacts(MlflowCall call) {
    String root = runs.run(call.runId()).run().artifactUri();
    return files(artifacts, root, call.fields().text("path"));
  }

  /** Files below a run's or a model's folder, with paths from there. */
  static ObjectNode files(Artifacts artifacts, String root, String path) {
    if (!root.startsWith(ARTIFACTS)) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "the artifacts lie at %s (expected: artifacts that this server keeps)".formatted(root));
    }
    ArtifactPath below = ArtifactPath.parse(path);
    ArtifactPath folder = ArtifactPath.parse(root.substring(ARTIFACTS.length())).resolve(below);
    ObjectNode node = MlflowJson.object().put("root_uri", root);
    node.set("files", TrackingJson.files(below, artifacts.list(folder)));
    return node;
  }
}
