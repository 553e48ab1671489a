package dev.slipway.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.search.Filter;
import dev.slipway.core.search.Ordering;
import dev.slipway.core.search.Page;
import dev.slipway.core.tracking.Lifecycle;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.SqlSession;
import dev.slipway.store.control.SqliteControlStore;
import dev.slipway.store.registry.RegistryTables;
import dev.slipway.store.tracking.RunTables;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches stay interactive however much was logged and registered. */
class TrackingSpeedTest {
  private static final double MEDIAN_MILLIS_MAX = 200;
  private static final int ASKED = 9;
  private static final int POINTS_PER_METRIC = 10;
  private static final int METRICS_PER_RUN = 10;
  private static final int VERSIONS_PER_MODEL = 100;

  @TempDir Path folder;

  @Test
  void searchesStayFastWithATenthOfTheData() {
    measure(1_000, 100);
  }

  @Tag("long")
  @Test
  void searchesStayFastWithAMillionPointsAndAHundredThousandVersions() {
    measure(10_000, 1_000);
  }

  private void measure(int runs, int models) {
    try (ControlStore store =
        new SqliteControlStore(folder.resolve("control.db"), InstantSource.system())) {
      store.commit(
          work -> {
            fill(work.sql(), runs, models);
            return runs;
          });
      System.out.printf(
          "%d runs with %d points, %d versions of %d models%n",
          runs, runs * METRICS_PER_RUN * POINTS_PER_METRIC, models * VERSIONS_PER_MODEL, models);
      inRuns(store, runs);
      inRegistry(store, models);
    }
  }

  private static void inRuns(ControlStore store, int runs) {
    within("the newest 100 runs", 100, () -> runs(store, "", "", "", 100));
    within("the best 100 runs of all", 100, () -> runs(store, "", "metrics.m3 DESC", "", 100));
    within(
        "runs by metric and param",
        50,
        () -> runs(store, "metrics.m3 > 0.5 AND params.kind = 'k1'", "metrics.m3", "", 50));
    within("runs by tag", 1, () -> runs(store, "tags.label = 't7'", "", "", 100));
    Page<?> deep = new Page<>(List.of(), "");
    for (int page = 0; page < runs / 200; page++) {
      deep = runs(store, "", "", deep.nextToken(), 100);
    }
    String token = deep.nextToken();
    within("100 runs half way down", 100, () -> runs(store, "", "", token, 100));
    within(
        "a metric's history",
        POINTS_PER_METRIC,
        () -> store.read(view -> new RunTables(view.sql()).history("run-000007", "m3", "", 1_000)));
  }

  private static void inRegistry(ControlStore store, int models) {
    within("the newest 100 versions", 100, () -> versions(store, "", "", "", 100));
    within(
        "the versions of a model",
        VERSIONS_PER_MODEL,
        () -> versions(store, "name = 'model-0007'", "version_number DESC", "", 100));
    within("versions by tag", 1, () -> versions(store, "tags.label = 't77'", "", "", 100));
    within("versions of a run", 1, () -> versions(store, "run_id = 'run-000077'", "", "", 100));
    Page<?> deep = new Page<>(List.of(), "");
    for (int page = 0; page < models / 20; page++) {
      deep = versions(store, "", "name", deep.nextToken(), 1_000);
    }
    String token = deep.nextToken();
    within("100 versions half way down", 100, () -> versions(store, "", "name", token, 100));
    within(
        "the first 100 models",
        100,
        () ->
            store.read(
                view -> new RegistryTables(view.sql()).models(Filter.ALL, List.of(), "", 100)));
    within(
        "models by a part of their name",
        models / 10,
        () ->
            store.read(
                view ->
                    new RegistryTables(view.sql())
                        .models(Filter.parse("name LIKE '%7'"), List.of(), "", 1_000)));
  }

  private static Page<?> runs(
      ControlStore store, String filter, String order, String token, int count) {
    return store.read(
        view ->
            new RunTables(view.sql())
                .search(
                    List.of(0L),
                    Filter.parse(filter),
                    orders(order),
                    Lifecycle.View.ACTIVE_ONLY,
                    token,
                    count));
  }

  private static Page<?> versions(
      ControlStore store, String filter, String order, String token, int count) {
    return store.read(
        view ->
            new RegistryTables(view.sql())
                .versions(Filter.parse(filter), orders(order), token, count));
  }

  private static List<Ordering> orders(String order) {
    return order.isEmpty() ? List.of() : List.of(Ordering.parse(order));
  }

  private static void within(String what, int items, Supplier<Page<?>> search) {
    double[] millis =
        IntStream.range(0, ASKED)
            .mapToDouble(
                i -> {
                  long from = System.nanoTime();
                  assertThat(search.get().items()).as(what).hasSize(items);
                  return (System.nanoTime() - from) / 1e6;
                })
            .sorted()
            .toArray();
    System.out.printf(
        "%-32s median %6.1f ms, worst %6.1f ms%n", what, millis[ASKED / 2], millis[ASKED - 1]);
    assertThat(millis[ASKED / 2]).as(what).isLessThan(MEDIAN_MILLIS_MAX);
  }

  private static void fill(SqlSession sql, int runs, int models) {
    sql.update(
        """
        INSERT INTO run (id, experiment_id, name, user_id, status, start_ms, end_ms, artifact_uri,
          lifecycle)
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
        SELECT printf('run-%06d', i), 0, 'a run', 'me', 'FINISHED', i, i + 1, 'mlflow-artifacts:/0',
          'active' FROM n\
        """,
        runs);
    sql.update(
        """
        INSERT INTO run_param (run_id, name, value)
        SELECT id, 'kind', 'k' || (start_ms % 3) FROM run\
        """);
    sql.update(
        "INSERT INTO run_tag (run_id, name, value) SELECT id, 'label', 't' || start_ms FROM run");
    String metrics =
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d) "
            .formatted(METRICS_PER_RUN);
    String points =
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d) "
            .formatted(METRICS_PER_RUN * POINTS_PER_METRIC);
    sql.update(
        """
        INSERT INTO run_metric (run_id, name, step, time_ms, value, is_nan, dataset_name,
          dataset_digest, model_id) %s
        SELECT id, 'm' || i, 9, 9, ((start_ms * 7919 + i) %% 1000) / 1000.0, 0, '', '', ''
        FROM run, n\
        """
            .formatted(metrics));
    sql.update(
        """
        INSERT INTO metric_point (run_id, name, time_ms, step, value, is_nan) %s
        SELECT id, 'm' || (i / 10), i %% 10, i %% 10, ((start_ms * 7919 + i) %% 1000) / 1000.0, 0
        FROM run, n\
        """
            .formatted(points));
    sql.update(
        """
        INSERT INTO registered_model (name, latest_version, created_micros, updated_micros,
          description, deleted)
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
        SELECT printf('model-%04d', i), 100, i, i, '', 0 FROM n\
        """,
        models);
    sql.update(
        """
        INSERT INTO version_card (model, version, source, run_id, run_link, logged_model_id, stage,
          description, digest, obstacle, created_micros, updated_micros)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        SELECT name, i, 'runs:/x/model', printf('run-%06d', created_micros * 100 + i), '', '',
          CASE i % 50 WHEN 0 THEN 'Production' ELSE 'None' END, '', '', '', created_micros + i,
          created_micros * 100 + i
        FROM registered_model, n\
        """,
        VERSIONS_PER_MODEL);
    sql.update(
        """
        INSERT INTO version_tag (model, version, name, value)
        SELECT model, version, 'label', 't' || updated_micros FROM version_card\
        """);
  }
}
