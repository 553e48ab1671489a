package dev.slipway.platform.tracking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.search.Filter;
import dev.slipway.core.search.Ordering;
import dev.slipway.core.search.Page;
import dev.slipway.core.tracking.Dataset;
import dev.slipway.core.tracking.Experiment;
import dev.slipway.core.tracking.Lifecycle;
import dev.slipway.core.tracking.LoggedRun;
import dev.slipway.core.tracking.Metric;
import dev.slipway.core.tracking.Run;
import dev.slipway.core.tracking.RunModel;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.UnitOfWork;
import dev.slipway.store.tracking.LoggedModelTables;
import dev.slipway.store.tracking.NamedValues;
import dev.slipway.store.tracking.RunTables;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Begins runs, logs in them, and finds them. Thread-safe; every method blocks. */
public final class Runs {
  private static final String KIND = "run";
  private static final String NAME_TAG = "mlflow.runName";
  private static final String MODEL_HISTORY_TAG = "mlflow.log-model.history";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ControlStore store;
  private final InstantSource clock;

  public Runs(ControlStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Begins a run.
   *
   * @throws SlipwayException NOT_FOUND if the experiment does not exist; BAD_REQUEST if it is
   *     deleted or a tag is refused
   */
  public LoggedRun create(Requested asked, RunDraft draft) {
    Map<String, String> tags = new HashMap<>(TrackingLimits.requireTags(draft.tags()));
    TrackingLimits.requireAtMost("tags", tags.size(), TrackingLimits.TAGS_MAX);
    String id = UUID.randomUUID().toString().replace("-", "");
    String name =
        !draft.name().isEmpty()
            ? draft.name()
            : tags.getOrDefault(NAME_TAG, "run-" + id.substring(0, 8));
    TrackingLimits.requireLength("run_name", name, TrackingLimits.NAME_CHARACTERS_MAX);
    tags.put(NAME_TAG, name);
    Instant now = clock.instant();
    return store.commit(
        work -> {
          Experiment experiment =
              Experiments.requireActive(Experiments.require(work, draft.experimentId()));
          Run run =
              new Run(
                  id,
                  experiment.id(),
                  name,
                  draft.userId(),
                  Run.Status.RUNNING,
                  draft.startMillis() == 0 ? now.toEpochMilli() : draft.startMillis(),
                  null,
                  experiment.artifactLocation() + "/" + id + "/artifacts",
                  Lifecycle.ACTIVE);
          RunTables tables = new RunTables(work.sql());
          tables.add(run);
          tables.tags().put(id, tags);
          work.append(asked.entry("run.created", KIND, id, now));
          return tables.logged(List.of(run)).getFirst();
        });
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  public LoggedRun run(String id) {
    return store.read(
        view -> new RunTables(view.sql()).logged(List.of(require(view, id))).getFirst());
  }

  /**
   * Searches runs; {@code token} as {@link Page#nextToken}.
   *
   * @param experiments ids; of none there are no runs
   */
  public Page<LoggedRun> search(
      List<Long> experiments,
      Filter filter,
      List<Ordering> orders,
      Lifecycle.View view,
      String token,
      int count) {
    return experiments.isEmpty()
        ? new Page<>(List.of(), "")
        : store.read(
            look ->
                new RunTables(look.sql()).search(experiments, filter, orders, view, token, count));
  }

  /**
   * Every point of a metric in the order of time.
   *
   * @throws SlipwayException NOT_FOUND if there is no such run
   */
  public Page<Metric> history(String id, String metric, String token, int count) {
    return store.read(
        view -> {
          require(view, id);
          return new RunTables(view.sql()).history(id, metric, token, count);
        });
  }

  /**
   * Changes what is given.
   *
   * @param status null leaves it
   * @param endMillis null leaves it
   * @param name empty leaves it
   * @throws SlipwayException NOT_FOUND; BAD_REQUEST if the run is deleted
   */
  public Run update(
      Requested asked,
      String id,
      Run.@Nullable Status status,
      @Nullable Long endMillis,
      String name) {
    TrackingLimits.requireLength("run_name", name, TrackingLimits.NAME_CHARACTERS_MAX);
    return change(
        asked,
        "run.updated",
        id,
        (tables, before) -> {
          requireActive(before);
          if (!name.isEmpty()) {
            tables.tags().put(id, Map.of(NAME_TAG, name));
          }
          return new Run(
              id,
              before.experimentId(),
              name.isEmpty() ? before.name() : name,
              before.userId(),
              status == null ? before.status() : status,
              before.startMillis(),
              endMillis == null ? before.endMillis() : endMillis,
              before.artifactUri(),
              before.lifecycle());
        });
  }

  /**
   * Puts a run away, or takes it back.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public void move(Requested asked, String id, Lifecycle to) {
    change(
        asked,
        to == Lifecycle.DELETED ? "run.deleted" : "run.restored",
        id,
        (tables, before) ->
            new Run(
                id,
                before.experimentId(),
                before.name(),
                before.userId(),
                before.status(),
                before.startMillis(),
                before.endMillis(),
                before.artifactUri(),
                to));
  }

  /**
   * Logs metrics, params and tags. A param that is logged again with its value changes nothing.
   *
   * @throws SlipwayException NOT_FOUND; BAD_REQUEST if the run is deleted, a param has another
   *     value already, or a name, a value or the batch is past its limit; then nothing is logged
   */
  public void log(Requested asked, String id, Batch batch) {
    TrackingLimits.requireAtMost("metrics", batch.metrics().size(), TrackingLimits.METRICS_MAX);
    TrackingLimits.requireAtMost("params", batch.params().size(), TrackingLimits.PARAMS_MAX);
    TrackingLimits.requireAtMost("tags", batch.tags().size(), TrackingLimits.TAGS_MAX);
    TrackingLimits.requireAtMost(
        "metrics, params and tags",
        batch.metrics().size() + batch.params().size() + batch.tags().size(),
        TrackingLimits.BATCH_MAX);
    batch.metrics().forEach(metric -> TrackingLimits.requireKey("metric", metric.name()));
    TrackingLimits.requireParams(batch.params());
    TrackingLimits.requireTags(batch.tags());
    change(
        asked,
        "run.logged",
        id,
        (tables, before) -> {
          requireActive(before);
          putParams(tables.params(), "run " + id, id, batch.params());
          tables.tags().put(id, batch.tags());
          tables.addMetrics(id, batch.metrics());
          return named(before, batch.tags());
        },
        work ->
            new LoggedModelTables(work.sql())
                .addMetrics(
                    batch.metrics().stream()
                        .filter(metric -> !metric.modelId().isEmpty())
                        .filter(metric -> LoggedModels.exists(work, metric.modelId()))
                        .toList()));
  }

  /**
   * @throws SlipwayException NOT_FOUND if there is no such run or tag; BAD_REQUEST
   */
  public void untag(Requested asked, String id, String key) {
    change(
        asked,
        "run.untagged",
        id,
        (tables, before) -> {
          requireActive(before);
          if (!tables.tags().remove(id, key)) {
            throw new SlipwayException(
                ErrorCode.NOT_FOUND, "No tag with name: %s in run with id %s".formatted(key, id));
          }
          return before;
        });
  }

  /**
   * Notes what a run read or made.
   *
   * @throws SlipwayException NOT_FOUND if there is no such run or logged model; BAD_REQUEST
   */
  public void link(Requested asked, String id, List<Dataset> datasets, List<RunModel> models) {
    TrackingLimits.requireAtMost("datasets", datasets.size(), TrackingLimits.BATCH_MAX);
    TrackingLimits.requireAtMost("models", models.size(), TrackingLimits.BATCH_MAX);
    for (Dataset dataset : datasets) {
      TrackingLimits.requireName("dataset.name", dataset.name());
      TrackingLimits.requireLength(
          "dataset.digest", dataset.digest(), TrackingLimits.NAME_CHARACTERS_MAX);
      for (String text : List.of(dataset.source(), dataset.schema(), dataset.profile())) {
        TrackingLimits.requireLength("dataset", text, TrackingLimits.TEXT_CHARACTERS_MAX);
      }
    }
    change(
        asked,
        "run.linked",
        id,
        (tables, before) -> {
          requireActive(before);
          datasets.forEach(dataset -> tables.addDataset(id, dataset));
          models.forEach(model -> tables.addModel(id, model));
          return before;
        },
        work -> models.forEach(model -> LoggedModels.require(work, model.modelId())));
  }

  /**
   * Notes, in a tag, a model that a client before MLflow 3 logged.
   *
   * @param description a JSON object
   * @throws SlipwayException NOT_FOUND; BAD_REQUEST
   */
  public void recordModel(Requested asked, String id, String description) {
    JsonNode model = parse(description);
    if (!model.isObject()) {
      throw new SlipwayException(ErrorCode.BAD_REQUEST, "model_json: (expected: a JSON object)");
    }
    change(
        asked,
        "run.logged",
        id,
        (tables, before) -> {
          requireActive(before);
          JsonNode known = parse(tables.tags().value(id, MODEL_HISTORY_TAG).orElse("[]"));
          ArrayNode history = known instanceof ArrayNode array ? array : JSON.createArrayNode();
          history.add(model);
          tables.tags().put(id, Map.of(MODEL_HISTORY_TAG, history.toString()));
          return before;
        });
  }

  private static JsonNode parse(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      return node == null ? JSON.missingNode() : node;
    } catch (JsonProcessingException e) {
      throw new SlipwayException(ErrorCode.BAD_REQUEST, "model_json: " + e.getOriginalMessage(), e);
    }
  }

  private interface Step {
    Run apply(RunTables tables, Run before);
  }

  private interface Also {
    void run(UnitOfWork work);
  }

  private Run change(Requested asked, String action, String id, Step step) {
    return change(asked, action, id, step, work -> {});
  }

  private Run change(Requested asked, String action, String id, Step step, Also also) {
    Instant now = clock.instant();
    return store.commit(
        work -> {
          RunTables tables = new RunTables(work.sql());
          Run before = require(work, id);
          also.run(work);
          Run after = step.apply(tables, before);
          if (!after.equals(before)) {
            tables.update(after);
          }
          work.append(asked.entry(action, KIND, id, now));
          return after;
        });
  }

  private static Run named(Run run, Map<String, String> tags) {
    String name = tags.get(NAME_TAG);
    return name == null
        ? run
        : new Run(
            run.id(),
            run.experimentId(),
            name,
            run.userId(),
            run.status(),
            run.startMillis(),
            run.endMillis(),
            run.artifactUri(),
            run.lifecycle());
  }

  /** Params never change: what was computed with one value must not seem to have another. */
  static void putParams(
      NamedValues table, String owner, String ownerId, Map<String, String> params) {
    if (params.isEmpty()) {
      return;
    }
    Map<String, String> known = table.of(ownerId);
    params.forEach(
        (key, value) -> {
          String before = known.getOrDefault(key, value);
          if (!before.equals(value)) {
            throw new SlipwayException(
                ErrorCode.BAD_REQUEST,
                "Changing param values is not allowed. Param with key='%s' of %s: '%s'"
                        .formatted(key, owner, value)
                    + " (expected: '%s', which was logged before)".formatted(before));
          }
        });
    table.put(ownerId, params);
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  public static Run require(ControlView view, String id) {
    return new RunTables(view.sql())
        .find(id)
        .orElseThrow(
            () -> new SlipwayException(ErrorCode.NOT_FOUND, "Run '%s' not found".formatted(id)));
  }

  private static void requireActive(Run run) {
    if (run.lifecycle() != Lifecycle.ACTIVE) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "The run %s must be in the 'active' state. Current state is deleted; restore it first."
              .formatted(run.id()));
    }
  }
}
