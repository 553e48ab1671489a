package dev.slipway.platform.tracking;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.search.Filter;
import dev.slipway.core.search.Ordering;
import dev.slipway.core.search.Page;
import dev.slipway.core.tracking.DatasetKey;
import dev.slipway.core.tracking.Experiment;
import dev.slipway.core.tracking.Lifecycle;
import dev.slipway.core.tracking.LoggedModel;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.UnitOfWork;
import dev.slipway.store.tracking.LoggedModelTables;
import dev.slipway.store.tracking.NamedValues;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;

/** Models as runs leave them. Thread-safe; every method blocks. */
public final class LoggedModels {
  private static final String KIND = "logged-model";
  private static final String VERSIONS_TAG = "mlflow.modelVersions";

  private final ControlStore store;
  private final InstantSource clock;

  public LoggedModels(ControlStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Begins a model; its files follow.
   *
   * @throws SlipwayException NOT_FOUND if the experiment or the run does not exist; BAD_REQUEST
   */
  public LoggedModel create(Requested asked, LoggedModelDraft draft) {
    TrackingLimits.requireParams(draft.params());
    TrackingLimits.requireTags(draft.tags());
    TrackingLimits.requireLength("name", draft.name(), TrackingLimits.NAME_CHARACTERS_MAX);
    String id = "m-" + UUID.randomUUID().toString().replace("-", "");
    String name = draft.name().isEmpty() ? "model-" + id.substring(2, 10) : draft.name();
    if (name.chars().anyMatch(c -> "/:.%\"'".indexOf(c) >= 0 || Character.isISOControl(c))) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "name: '%s' (expected: none of / : . %% \" ' and no control characters)".formatted(name));
    }
    Instant now = clock.instant();
    return store.commit(
        work -> {
          Experiment experiment =
              Experiments.requireActive(Experiments.require(work, draft.experimentId()));
          if (!draft.sourceRunId().isEmpty()) {
            Runs.require(work, draft.sourceRunId());
          }
          LoggedModel model =
              new LoggedModel(
                  id,
                  experiment.id(),
                  name,
                  draft.modelType(),
                  draft.sourceRunId(),
                  experiment.artifactLocation() + "/models/" + id + "/artifacts",
                  LoggedModel.Status.PENDING,
                  Lifecycle.ACTIVE,
                  now.toEpochMilli(),
                  now.toEpochMilli(),
                  draft.params(),
                  draft.tags(),
                  List.of());
          new LoggedModelTables(work.sql()).add(model);
          work.append(asked.entry("logged-model.created", KIND, id, now));
          return model;
        });
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  public LoggedModel model(String id) {
    return store.read(view -> require(view, id));
  }

  /**
   * Searches models that are not deleted; {@code token} as {@link Page#nextToken}.
   *
   * @param measuredOn one of these a model has a metric on; empty means any or none
   * @throws SlipwayException BAD_REQUEST
   */
  public Page<LoggedModel> search(
      List<Long> experiments,
      List<DatasetKey> measuredOn,
      Filter filter,
      List<Ordering> orders,
      String token,
      int count) {
    TrackingLimits.requireAtMost("datasets", measuredOn.size(), TrackingLimits.TAGS_MAX);
    return experiments.isEmpty()
        ? new Page<>(List.of(), "")
        : store.read(
            look ->
                new LoggedModelTables(look.sql())
                    .search(experiments, measuredOn, filter, orders, token, count));
  }

  /**
   * Says how far its files have come.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public LoggedModel finish(Requested asked, String id, LoggedModel.Status status) {
    return change(
        asked,
        "logged-model.finished",
        id,
        (tables, now) -> tables.update(id, status, Lifecycle.ACTIVE, now));
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  public void delete(Requested asked, String id) {
    Instant now = clock.instant();
    store.commit(
        work -> {
          LoggedModel model = require(work, id);
          new LoggedModelTables(work.sql())
              .update(id, model.status(), Lifecycle.DELETED, now.toEpochMilli());
          return work.append(asked.entry("logged-model.deleted", KIND, id, now));
        });
  }

  /**
   * Adds params, which never change.
   *
   * @throws SlipwayException NOT_FOUND; BAD_REQUEST
   */
  public void logParams(Requested asked, String id, Map<String, String> params) {
    TrackingLimits.requireParams(params);
    change(
        asked,
        "logged-model.logged",
        id,
        (tables, now) -> Runs.putParams(tables.params(), "logged model " + id, id, params));
  }

  /**
   * @throws SlipwayException NOT_FOUND; BAD_REQUEST
   */
  public LoggedModel tag(Requested asked, String id, Map<String, String> tags) {
    TrackingLimits.requireTags(tags);
    return change(asked, "logged-model.tagged", id, (tables, now) -> tables.tags().put(id, tags));
  }

  /**
   * @throws SlipwayException NOT_FOUND if there is no such model or tag
   */
  public LoggedModel untag(Requested asked, String id, String key) {
    return change(
        asked,
        "logged-model.untagged",
        id,
        (tables, now) -> {
          if (!tables.tags().remove(id, key)) {
            throw new SlipwayException(
                ErrorCode.NOT_FOUND,
                "No tag with key '%s' found for logged model %s".formatted(key, id));
          }
        });
  }

  private LoggedModel change(
      Requested asked, String action, String id, BiConsumer<LoggedModelTables, Long> step) {
    Instant now = clock.instant();
    return store.commit(
        work -> {
          require(work, id);
          step.accept(new LoggedModelTables(work.sql()), now.toEpochMilli());
          work.append(asked.entry(action, KIND, id, now));
          return require(work, id);
        });
  }

  /**
   * @throws SlipwayException NOT_FOUND, also if it was deleted
   */
  public static LoggedModel require(ControlView view, String id) {
    return new LoggedModelTables(view.sql())
        .find(id)
        .filter(model -> model.lifecycle() == Lifecycle.ACTIVE)
        .orElseThrow(
            () ->
                new SlipwayException(
                    ErrorCode.NOT_FOUND, "Logged model '%s' not found".formatted(id)));
  }

  /** Notes, in a tag of a logged model that is here, that it became a version. */
  public static void noteVersion(UnitOfWork work, String id, ModelRef version) {
    if (!exists(work, id)) {
      return;
    }
    NamedValues tags = new LoggedModelTables(work.sql()).tags();
    String known = tags.value(id, VERSIONS_TAG).filter(text -> text.endsWith("]")).orElse("[]");
    String one =
        "{\"name\": %s, \"version\": %d}"
            .formatted(TextNode.valueOf(version.model()), version.version());
    String all =
        known.equals("[]")
            ? "[" + one + "]"
            : known.substring(0, known.length() - 1) + ", " + one + "]";
    // Past the limit of a tag the newest stands alone: the registry has the whole list.
    tags.put(
        id,
        Map.of(
            VERSIONS_TAG,
            all.length() > TrackingLimits.TAG_CHARACTERS_MAX ? "[" + one + "]" : all));
  }

  static boolean exists(ControlView view, String id) {
    return new LoggedModelTables(view.sql()).find(id).isPresent();
  }
}
