package dev.slipway.platform.tracking;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.search.Filter;
import dev.slipway.core.search.Ordering;
import dev.slipway.core.search.Page;
import dev.slipway.core.tracking.Experiment;
import dev.slipway.core.tracking.Lifecycle;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.tracking.ExperimentTables;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Makes, changes and finds experiments. Thread-safe; every method blocks. */
public final class Experiments {
  private static final String KIND = "experiment";

  private final ControlStore store;
  private final InstantSource clock;

  public Experiments(ControlStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Makes an experiment.
   *
   * @param artifactLocation URI below which its runs keep files; empty lets the server keep them
   * @throws SlipwayException ALREADY_EXISTS, also if one of that name was deleted; BAD_REQUEST
   */
  public Experiment create(
      Requested asked, String name, String artifactLocation, Map<String, String> tags) {
    TrackingLimits.requireName("name", name);
    TrackingLimits.requireTags(tags);
    TrackingLimits.requireLength(
        "artifact_location", artifactLocation, TrackingLimits.NAME_CHARACTERS_MAX);
    Instant now = clock.instant();
    return store.commit(
        work -> {
          ExperimentTables tables = new ExperimentTables(work.sql());
          requireFree(tables, name);
          long id = tables.nextId();
          Experiment experiment =
              new Experiment(
                  id,
                  name,
                  artifactLocation.isEmpty() ? "mlflow-artifacts:/" + id : artifactLocation,
                  Lifecycle.ACTIVE,
                  now.toEpochMilli(),
                  now.toEpochMilli(),
                  tags);
          tables.add(experiment);
          work.append(asked.entry("experiment.created", KIND, Long.toString(id), now));
          return experiment;
        });
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  public Experiment experiment(long id) {
    return store.read(view -> require(view, id));
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  public Experiment experiment(String name) {
    return store.read(
        view ->
            new ExperimentTables(view.sql())
                .findByName(name)
                .orElseThrow(
                    () ->
                        new SlipwayException(
                            ErrorCode.NOT_FOUND, "no experiment is named '%s'".formatted(name))));
  }

  /** Searches experiments; {@code token} as {@link Page#nextToken}. */
  public Page<Experiment> search(
      Filter filter, List<Ordering> orders, Lifecycle.View view, String token, int count) {
    return store.read(
        look -> new ExperimentTables(look.sql()).search(filter, orders, view, token, count));
  }

  /**
   * @throws SlipwayException NOT_FOUND; BAD_REQUEST if it is deleted; ALREADY_EXISTS
   */
  public void rename(Requested asked, long id, String name) {
    TrackingLimits.requireName("new_name", name);
    change(
        asked,
        "experiment.renamed",
        id,
        (tables, before) -> {
          requireActive(before);
          if (!before.name().equals(name)) {
            requireFree(tables, name);
          }
          return new Experiment(
              id,
              name,
              before.artifactLocation(),
              before.lifecycle(),
              before.createdMillis(),
              before.updatedMillis(),
              before.tags());
        });
  }

  /**
   * Puts an experiment away, or takes it back.
   *
   * @throws SlipwayException NOT_FOUND; BAD_REQUEST if that is what it is
   */
  public void move(Requested asked, long id, Lifecycle to) {
    change(
        asked,
        to == Lifecycle.DELETED ? "experiment.deleted" : "experiment.restored",
        id,
        (tables, before) -> {
          if (before.lifecycle() == to) {
            throw new SlipwayException(
                ErrorCode.BAD_REQUEST,
                "experiment %d is %s (expected: not yet)".formatted(id, to.text()));
          }
          return new Experiment(
              id,
              before.name(),
              before.artifactLocation(),
              to,
              before.createdMillis(),
              before.updatedMillis(),
              before.tags());
        });
  }

  /**
   * @throws SlipwayException NOT_FOUND; BAD_REQUEST if it is deleted
   */
  public void tag(Requested asked, long id, String key, String value) {
    TrackingLimits.requireTags(Map.of(key, value));
    change(
        asked,
        "experiment.tagged",
        id,
        (tables, before) -> {
          requireActive(before);
          tables.tags().put(id, Map.of(key, value));
          return before;
        });
  }

  /**
   * @throws SlipwayException NOT_FOUND if there is no such experiment or tag
   */
  public void untag(Requested asked, long id, String key) {
    change(
        asked,
        "experiment.untagged",
        id,
        (tables, before) -> {
          if (!tables.tags().remove(id, key)) {
            throw new SlipwayException(
                ErrorCode.NOT_FOUND, "experiment %d has no tag '%s'".formatted(id, key));
          }
          return before;
        });
  }

  private interface Step {
    Experiment apply(ExperimentTables tables, Experiment before);
  }

  private void change(Requested asked, String action, long id, Step step) {
    Instant now = clock.instant();
    store.commit(
        work -> {
          ExperimentTables tables = new ExperimentTables(work.sql());
          Experiment after = step.apply(tables, require(work, id));
          tables.update(after, now.toEpochMilli());
          return work.append(asked.entry(action, KIND, Long.toString(id), now));
        });
  }

  static Experiment require(ControlView view, long id) {
    return new ExperimentTables(view.sql())
        .find(id)
        .orElseThrow(
            () ->
                new SlipwayException(
                    ErrorCode.NOT_FOUND, "No Experiment with id=%d exists".formatted(id)));
  }

  static Experiment requireActive(Experiment experiment) {
    if (experiment.lifecycle() != Lifecycle.ACTIVE) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "The experiment %d must be in the 'active' state. Current state is deleted; restore it first."
              .formatted(experiment.id()));
    }
    return experiment;
  }

  private static void requireFree(ExperimentTables tables, String name) {
    tables
        .findByName(name)
        .ifPresent(
            other -> {
              throw new SlipwayException(
                  ErrorCode.ALREADY_EXISTS,
                  "Experiment(name=%s) already exists%s"
                      .formatted(
                          name,
                          other.lifecycle() == Lifecycle.DELETED
                              ? " in deleted state; restore it, or choose another name"
                              : ""));
            });
  }
}
