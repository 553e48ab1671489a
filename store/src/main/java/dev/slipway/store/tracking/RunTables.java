package dev.slipway.store.tracking;

import dev.slipway.core.search.Filter;
import dev.slipway.core.search.Ordering;
import dev.slipway.core.search.Page;
import dev.slipway.core.tracking.Dataset;
import dev.slipway.core.tracking.Lifecycle;
import dev.slipway.core.tracking.LoggedRun;
import dev.slipway.core.tracking.Metric;
import dev.slipway.core.tracking.Run;
import dev.slipway.core.tracking.RunModel;
import dev.slipway.core.tracking.RunModel.Direction;
import dev.slipway.store.control.SqlSession;
import dev.slipway.store.search.KeysetQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs and what was logged in them. */
public final class RunTables {
  private final SqlSession sql;
  private final NamedValues params;
  private final NamedValues tags;

  public RunTables(SqlSession sql) {
    this.sql = sql;
    this.params = new NamedValues(sql, "run_param", "run_id");
    this.tags = new NamedValues(sql, "run_tag", "run_id");
  }

  /** Adds a run; its id is free. */
  public void add(Run run) {
    sql.update(
        """
        INSERT INTO run (id, experiment_id, name, user_id, status, start_ms, end_ms, artifact_uri,
          lifecycle) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """,
        run.id(),
        run.experimentId(),
        run.name(),
        run.userId(),
        run.status().name(),
        run.startMillis(),
        run.endMillis(),
        run.artifactUri(),
        run.lifecycle().text());
  }

  /** Changes its name, status, end and lifecycle. */
  public void update(Run run) {
    sql.update(
        "UPDATE run SET name = ?, status = ?, end_ms = ?, lifecycle = ? WHERE id = ?",
        run.name(),
        run.status().name(),
        run.endMillis(),
        run.lifecycle().text(),
        run.id());
  }

  /** Its params. */
  public NamedValues params() {
    return params;
  }

  /** Its tags. */
  public NamedValues tags() {
    return tags;
  }

  public Optional<Run> find(String id) {
    return sql.first("SELECT * FROM run WHERE id = ?", RunTables::read, id);
  }

  /**
   * Searches runs.
   *
   * @param experiments ids, at least one
   */
  public Page<LoggedRun> search(
      List<Long> experiments,
      Filter filter,
      List<Ordering> orders,
      Lifecycle.View view,
      String token,
      int count) {
    KeysetQuery query = RunSearch.query(experiments, filter, orders, view);
    return query.page(sql, RunTables::read, token, count).withItems(this::logged);
  }

  /** What was logged in these runs, in their order. */
  public List<LoggedRun> logged(List<Run> runs) {
    List<String> ids = runs.stream().map(Run::id).toList();
    Map<String, List<Metric>> metrics = new HashMap<>();
    Map<String, List<Dataset>> datasets = new HashMap<>();
    Map<String, List<RunModel>> models = new HashMap<>();
    NamedValues.inChunks(
        ids,
        (marks, chunk) -> {
          readMetrics(marks, chunk, metrics);
          readDatasets(marks, chunk, datasets);
          readModels(marks, chunk, models);
        });
    Map<Object, Map<String, String>> paramsOf = params.of(ids);
    Map<Object, Map<String, String>> tagsOf = tags.of(ids);
    return runs.stream()
        .map(
            run ->
                new LoggedRun(
                    run,
                    metrics.getOrDefault(run.id(), List.of()),
                    paramsOf.getOrDefault(run.id(), Map.of()),
                    tagsOf.getOrDefault(run.id(), Map.of()),
                    datasets.getOrDefault(run.id(), List.of()),
                    models.getOrDefault(run.id(), List.of())))
        .toList();
  }

  /** Adds points to a run's metrics; the same point again changes nothing. */
  public void addMetrics(String runId, List<Metric> points) {
    sql.updateAll(
        """
        INSERT INTO metric_point (run_id, name, time_ms, step, value, is_nan)
        VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING\
        """,
        points.stream()
            .map(
                point ->
                    new Object[] {
                      runId,
                      point.name(),
                      point.timeMillis(),
                      point.step(),
                      stored(point),
                      Double.isNaN(point.value()) ? 1 : 0
                    })
            .toList());
    sql.updateAll(
        """
        INSERT INTO run_metric (run_id, name, step, time_ms, value, is_nan, dataset_name,
          dataset_digest, model_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (run_id, name) DO UPDATE SET step = excluded.step, time_ms = excluded.time_ms,
          value = excluded.value, is_nan = excluded.is_nan, dataset_name = excluded.dataset_name,
          dataset_digest = excluded.dataset_digest, model_id = excluded.model_id
        WHERE (excluded.step, excluded.time_ms, excluded.value)
          >= (run_metric.step, run_metric.time_ms, run_metric.value)\
        """,
        points.stream()
            .map(
                point ->
                    new Object[] {
                      runId,
                      point.name(),
                      point.step(),
                      point.timeMillis(),
                      stored(point),
                      Double.isNaN(point.value()) ? 1 : 0,
                      point.datasetName(),
                      point.datasetDigest(),
                      point.modelId()
                    })
            .toList());
  }

  /** Every point of a metric, in the order of time, step and value. */
  public Page<Metric> history(String runId, String name, String token, int count) {
    return new KeysetQuery("p.* FROM metric_point p")
        .where("p.run_id = ?", runId)
        .where("p.name = ?", name)
        .orderBy("p.time_ms", true)
        .orderBy("p.step", true)
        .orderBy("p.value", true)
        .orderBy("p.is_nan", true)
        .page(
            sql,
            row ->
                new Metric(
                    name,
                    value(row),
                    row.getLong("time_ms"),
                    row.getLong("step"),
                    "",
                    "",
                    "",
                    runId),
            token,
            count);
  }

  /** Notes that a run read this; the same data set again only adds tags. */
  public void addDataset(String runId, Dataset dataset) {
    sql.update(
        """
        INSERT INTO run_dataset (run_id, name, digest, source_type, source, schema_text, profile)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING\
        """,
        runId,
        dataset.name(),
        dataset.digest(),
        dataset.sourceType(),
        dataset.source(),
        dataset.schema(),
        dataset.profile());
    sql.updateAll(
        """
        INSERT INTO run_dataset_tag (run_id, dataset_name, dataset_digest, name, value)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (run_id, dataset_name, dataset_digest, name)
          DO UPDATE SET value = excluded.value\
        """,
        dataset.tags().entrySet().stream()
            .map(
                tag ->
                    new Object[] {
                      runId, dataset.name(), dataset.digest(), tag.getKey(), tag.getValue()
                    })
            .toList());
  }

  /** Notes that a run read or made a model. */
  public void addModel(String runId, RunModel model) {
    sql.update(
        """
        INSERT INTO run_model (run_id, direction, model_id, step) VALUES (?, ?, ?, ?)
        ON CONFLICT (run_id, direction, model_id) DO UPDATE SET step = excluded.step\
        """,
        runId,
        model.direction().name(),
        model.modelId(),
        model.step());
  }

  private void readMetrics(String marks, Object[] ids, Map<String, List<Metric>> metrics) {
    sql.list(
        "SELECT * FROM run_metric WHERE run_id IN (%s) ORDER BY run_id, name".formatted(marks),
        row -> {
          Metric metric =
              new Metric(
                  row.getString("name"),
                  value(row),
                  row.getLong("time_ms"),
                  row.getLong("step"),
                  row.getString("dataset_name"),
                  row.getString("dataset_digest"),
                  row.getString("model_id"),
                  row.getString("run_id"));
          return add(metrics, metric.runId(), metric);
        },
        ids);
  }

  private void readDatasets(String marks, Object[] ids, Map<String, List<Dataset>> datasets) {
    record Use(String runId, String name, String digest) {}
    Map<Use, Map<String, String>> tagsOf = new HashMap<>();
    sql.list(
        "SELECT * FROM run_dataset_tag WHERE run_id IN (%s)".formatted(marks),
        row ->
            tagsOf
                .computeIfAbsent(
                    new Use(
                        row.getString("run_id"),
                        row.getString("dataset_name"),
                        row.getString("dataset_digest")),
                    use -> new HashMap<>())
                .put(row.getString("name"), row.getString("value")),
        ids);
    sql.list(
        "SELECT * FROM run_dataset WHERE run_id IN (%s) ORDER BY run_id, name, digest"
            .formatted(marks),
        row -> {
          String runId = row.getString("run_id");
          String name = row.getString("name");
          String digest = row.getString("digest");
          return add(
              datasets,
              runId,
              new Dataset(
                  name,
                  digest,
                  row.getString("source_type"),
                  row.getString("source"),
                  row.getString("schema_text"),
                  row.getString("profile"),
                  tagsOf.getOrDefault(new Use(runId, name, digest), Map.of())));
        },
        ids);
  }

  private void readModels(String marks, Object[] ids, Map<String, List<RunModel>> models) {
    sql.list(
        "SELECT * FROM run_model WHERE run_id IN (%s) ORDER BY run_id, model_id".formatted(marks),
        row ->
            add(
                models,
                row.getString("run_id"),
                new RunModel(
                    Direction.valueOf(row.getString("direction")),
                    row.getString("model_id"),
                    row.getLong("step"))),
        ids);
  }

  private static <T> boolean add(Map<String, List<T>> lists, String key, T value) {
    return lists.computeIfAbsent(key, ignored -> new ArrayList<>()).add(value);
  }

  /** SQLite keeps no NaN; the column beside it says that it is one. */
  static double stored(Metric point) {
    return Double.isNaN(point.value()) ? 0 : point.value();
  }

  static double value(ResultSet row) throws SQLException {
    return row.getInt("is_nan") == 1 ? Double.NaN : row.getDouble("value");
  }

  private static Run read(ResultSet row) throws SQLException {
    return new Run(
        row.getString("id"),
        row.getLong("experiment_id"),
        row.getString("name"),
        row.getString("user_id"),
        Run.Status.valueOf(row.getString("status")),
        row.getLong("start_ms"),
        row.getObject("end_ms") == null ? null : row.getLong("end_ms"),
        row.getString("artifact_uri"),
        Lifecycle.of(row.getString("lifecycle")));
  }
}
