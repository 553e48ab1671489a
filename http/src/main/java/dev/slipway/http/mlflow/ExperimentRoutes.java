package dev.slipway.http.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.search.Page;
import dev.slipway.core.tracking.Experiment;
import dev.slipway.core.tracking.Lifecycle;
import dev.slipway.platform.tracking.Experiments;
import dev.slipway.platform.tracking.TrackingLimits;
import java.util.List;

/** Operations on experiments. */
final class ExperimentRoutes {
  private static final int RESULTS_DEFAULT = 1_000;

  private final Experiments experiments;

  ExperimentRoutes(Experiments experiments) {
    this.experiments = experiments;
  }

  List<MlflowRoute> routes() {
    return List.of(
        MlflowRoute.post("experiments/create", this::create),
        MlflowRoute.get("experiments/get", this::get),
        MlflowRoute.get("experiments/get-by-name", this::getByName),
        MlflowRoute.post("experiments/update", this::update),
        MlflowRoute.post("experiments/delete", call -> move(call, Lifecycle.DELETED)),
        MlflowRoute.post("experiments/restore", call -> move(call, Lifecycle.ACTIVE)),
        MlflowRoute.post("experiments/set-experiment-tag", this::tag),
        MlflowRoute.post("experiments/delete-experiment-tag", this::untag),
        MlflowRoute.get("experiments/search", this::search),
        MlflowRoute.post("experiments/search", this::search));
  }

  private ObjectNode create(MlflowCall call) {
    Fields fields = call.fields();
    Experiment made =
        experiments.create(
            call.asked(),
            fields.required("name"),
            fields.text("artifact_location"),
            fields.pairs("tags"));
    return MlflowJson.object().put("experiment_id", Long.toString(made.id()));
  }

  private ObjectNode get(MlflowCall call) {
    return answer(experiments.experiment(id(call.fields())));
  }

  private ObjectNode getByName(MlflowCall call) {
    return answer(experiments.experiment(call.fields().required("experiment_name")));
  }

  private static ObjectNode answer(Experiment experiment) {
    ObjectNode node = MlflowJson.object();
    node.set("experiment", TrackingJson.experiment(experiment));
    return node;
  }

  private ObjectNode update(MlflowCall call) {
    experiments.rename(call.asked(), id(call.fields()), call.fields().required("new_name"));
    return MlflowJson.object();
  }

  private ObjectNode move(MlflowCall call, Lifecycle to) {
    experiments.move(call.asked(), id(call.fields()), to);
    return MlflowJson.object();
  }

  private ObjectNode tag(MlflowCall call) {
    Fields fields = call.fields();
    experiments.tag(call.asked(), id(fields), fields.required("key"), fields.text("value"));
    return MlflowJson.object();
  }

  private ObjectNode untag(MlflowCall call) {
    Fields fields = call.fields();
    experiments.untag(call.asked(), id(fields), fields.required("key"));
    return MlflowJson.object();
  }

  private ObjectNode search(MlflowCall call) {
    Fields fields = call.fields();
    Page<Experiment> page =
        experiments.search(
            call.filter(),
            call.orders(),
            view(fields, "view_type"),
            call.pageToken(),
            fields.count("max_results", RESULTS_DEFAULT, TrackingLimits.RUNS_PER_PAGE_MAX));
    ObjectNode node = MlflowJson.object();
    MlflowJson.list(node, "experiments", page.items(), TrackingJson::experiment);
    return MlflowJson.page(node, page.nextToken());
  }

  static Lifecycle.View view(Fields fields, String name) {
    return fields.choice(name, Lifecycle.View.class, "").orElse(Lifecycle.View.ACTIVE_ONLY);
  }

  static long id(Fields fields) {
    return id(fields.required("experiment_id"));
  }

  /** An id that no experiment can have is one that no experiment has. */
  static long id(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new SlipwayException(
          ErrorCode.NOT_FOUND, "No Experiment with id=%s exists".formatted(text), e);
    }
  }
}
