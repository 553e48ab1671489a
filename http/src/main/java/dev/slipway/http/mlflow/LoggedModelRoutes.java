package dev.slipway.http.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.search.Ordering;
import dev.slipway.core.search.Page;
import dev.slipway.core.tracking.DatasetKey;
import dev.slipway.core.tracking.LoggedModel;
import dev.slipway.platform.artifact.Artifacts;
import dev.slipway.platform.tracking.LoggedModelDraft;
import dev.slipway.platform.tracking.LoggedModels;
import java.util.ArrayList;
import java.util.List;

/** Operations on logged models, which came with MLflow 3. */
final class LoggedModelRoutes {
  private static final int RESULTS_DEFAULT = 100;
  private static final int RESULTS_MAX = 1_000;
  private static final String STATUS = "LOGGED_MODEL_";

  private final LoggedModels models;
  private final Artifacts artifacts;

  LoggedModelRoutes(LoggedModels models, Artifacts artifacts) {
    this.models = models;
    this.artifacts = artifacts;
  }

  List<MlflowRoute> routes() {
    return List.of(
        MlflowRoute.post("logged-models", this::create),
        MlflowRoute.post("logged-models/search", this::search),
        MlflowRoute.get("logged-models/{id}", call -> answer(models.model(call.argument()))),
        MlflowRoute.patch("logged-models/{id}", this::finish),
        MlflowRoute.delete("logged-models/{id}", this::delete),
        MlflowRoute.post("logged-models/{id}/params", this::logParams),
        MlflowRoute.patch("logged-models/{id}/tags", this::tag),
        MlflowRoute.delete("logged-models/{id}/tags/{key}", this::untag),
        MlflowRoute.get("logged-models/{id}/artifacts/directories", this::files));
  }

  private static ObjectNode answer(LoggedModel model) {
    ObjectNode node = MlflowJson.object();
    node.set("model", TrackingJson.model(model));
    return node;
  }

  private ObjectNode create(MlflowCall call) {
    Fields fields = call.fields();
    return answer(
        models.create(
            call.asked(),
            new LoggedModelDraft(
                ExperimentRoutes.id(fields),
                fields.text("name"),
                fields.text("model_type"),
                fields.text("source_run_id"),
                fields.pairs("params"),
                fields.pairs("tags"))));
  }

  private ObjectNode search(MlflowCall call) {
    Fields fields = call.fields();
    List<Ordering> orders = new ArrayList<>();
    for (Fields order : fields.objects("order_by")) {
      Ordering parsed = Ordering.parse(order.required("field_name"));
      boolean ascending = !order.has("ascending") || order.flag("ascending");
      orders.add(new Ordering(parsed.entity(), parsed.key(), ascending));
    }
    Page<LoggedModel> page =
        models.search(
            fields.texts("experiment_ids").stream().map(ExperimentRoutes::id).toList(),
            fields.objects("datasets").stream()
                .map(
                    dataset ->
                        new DatasetKey(
                            dataset.required("dataset_name"), dataset.text("dataset_digest")))
                .toList(),
            call.filter(),
            orders,
            call.pageToken(),
            fields.count("max_results", RESULTS_DEFAULT, RESULTS_MAX));
    ObjectNode node = MlflowJson.object();
    MlflowJson.list(node, "models", page.items(), TrackingJson::model);
    return MlflowJson.page(node, page.nextToken());
  }

  private ObjectNode finish(MlflowCall call) {
    LoggedModel.Status status =
        call.fields()
            .choice("status", LoggedModel.Status.class, STATUS)
            .orElseThrow(() -> call.fields().missing("status"));
    return answer(models.finish(call.asked(), call.argument(), status));
  }

  private ObjectNode delete(MlflowCall call) {
    models.delete(call.asked(), call.argument());
    return MlflowJson.object();
  }

  private ObjectNode logParams(MlflowCall call) {
    models.logParams(call.asked(), call.argument(), call.fields().pairs("params"));
    return MlflowJson.object();
  }

  private ObjectNode tag(MlflowCall call) {
    return answer(models.tag(call.asked(), call.argument(), call.fields().pairs("tags")));
  }

  private ObjectNode untag(MlflowCall call) {
    return answer(models.untag(call.asked(), call.argument(), call.arguments().get(1)));
  }

  private ObjectNode files(MlflowCall call) {
    return RunRoutes.files(
        artifacts,
        models.model(call.argument()).artifactUri(),
        call.fields().text("artifact_directory_path"));
  }
}
