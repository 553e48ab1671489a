package dev.slipway.store.tracking;

import dev.slipway.core.search.Clause;
import dev.slipway.core.search.Filter;
import dev.slipway.core.search.Ordering;
import dev.slipway.core.search.Page;
import dev.slipway.core.tracking.DatasetKey;
import dev.slipway.core.tracking.Lifecycle;
import dev.slipway.core.tracking.LoggedModel;
import dev.slipway.core.tracking.Metric;
import dev.slipway.store.control.SqlSession;
import dev.slipway.store.search.Condition;
import dev.slipway.store.search.KeysetQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Logged models, their params, tags and metrics. */
public final class LoggedModelTables {
  private final SqlSession sql;
  private final NamedValues params;
  private final NamedValues tags;

  public LoggedModelTables(SqlSession sql) {
    this.sql = sql;
    this.params = new NamedValues(sql, "logged_model_param", "model_id");
    this.tags = new NamedValues(sql, "logged_model_tag", "model_id");
  }

  /** Adds a model with its params and tags; its id is free. */
  public void add(LoggedModel model) {
    sql.update(
        """
        INSERT INTO logged_model (id, experiment_id, name, model_type, source_run_id, artifact_uri,
          status, lifecycle, created_ms, updated_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """,
        model.id(),
        model.experimentId(),
        model.name(),
        model.modelType(),
        model.sourceRunId(),
        model.artifactUri(),
        model.status().name(),
        model.lifecycle().text(),
        model.createdMillis(),
        model.updatedMillis());
    params.put(model.id(), model.params());
    tags.put(model.id(), model.tags());
  }

  /** Changes how far it has come. */
  public void update(String id, LoggedModel.Status status, Lifecycle lifecycle, long nowMillis) {
    sql.update(
        "UPDATE logged_model SET status = ?, lifecycle = ?, updated_ms = ? WHERE id = ?",
        status.name(),
        lifecycle.text(),
        nowMillis,
        id);
  }

  /** Its params. */
  public NamedValues params() {
    return params;
  }

  /** Its tags. */
  public NamedValues tags() {
    return tags;
  }

  public Optional<LoggedModel> find(String id) {
    return complete(
            sql.list("SELECT * FROM logged_model WHERE id = ?", LoggedModelTables::read, id))
        .stream()
        .findFirst();
  }

  /** Notes the measurements of a run that name a model. */
  public void addMetrics(List<Metric> points) {
    sql.updateAll(
        """
        INSERT INTO logged_model_metric (model_id, name, run_id, dataset_name, dataset_digest, step,
          time_ms, value, is_nan) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (model_id, name, run_id, dataset_name, dataset_digest) DO UPDATE SET
          step = excluded.step, time_ms = excluded.time_ms, value = excluded.value,
          is_nan = excluded.is_nan
        WHERE (excluded.step, excluded.time_ms, excluded.value)
          >= (logged_model_metric.step, logged_model_metric.time_ms, logged_model_metric.value)\
        """,
        points.stream()
            .map(
                point ->
                    new Object[] {
                      point.modelId(),
                      point.name(),
                      point.runId(),
                      point.datasetName(),
                      point.datasetDigest(),
                      point.step(),
                      point.timeMillis(),
                      RunTables.stored(point),
                      Double.isNaN(point.value()) ? 1 : 0
                    })
            .toList());
  }

  /**
   * Searches models that are not deleted.
   *
   * @param experiments ids, at least one
   * @param measuredOn one of these the model has a metric on; empty means any or none
   */
  public Page<LoggedModel> search(
      List<Long> experiments,
      List<DatasetKey> measuredOn,
      Filter filter,
      List<Ordering> orders,
      String token,
      int count) {
    KeysetQuery query =
        new KeysetQuery("l.* FROM logged_model l")
            .where(
                "l.experiment_id IN (%s)"
                    .formatted(String.join(", ", Collections.nCopies(experiments.size(), "?"))),
                experiments.toArray());
    Lifecycles.restrict(query, "l.lifecycle", Lifecycle.View.ACTIVE_ONLY);
    if (!measuredOn.isEmpty()) {
      query.where(on(measuredOn));
    }
    filter.clauses().forEach(clause -> query.where(condition(clause)));
    orders.forEach(order -> add(query, order));
    if (orders.isEmpty()) {
      query.orderBy("l.created_ms", false);
    }
    return query
        .orderBy("l.id", true)
        .page(sql, LoggedModelTables::read, token, count)
        .withItems(this::complete);
  }

  private static Condition on(List<DatasetKey> datasets) {
    List<String> each = new ArrayList<>();
    List<Object> parameters = new ArrayList<>();
    for (DatasetKey dataset : datasets) {
      parameters.add(dataset.name());
      if (dataset.digest().isEmpty()) {
        each.add("dataset_name = ?");
      } else {
        each.add("(dataset_name = ? AND dataset_digest = ?)");
        parameters.add(dataset.digest());
      }
    }
    return new Condition(
        "l.id IN (SELECT model_id FROM logged_model_metric WHERE %s)"
            .formatted(String.join(" OR ", each)),
        parameters);
  }

  private static Condition condition(Clause clause) {
    return switch (clause.entity()) {
      case "param", "params" ->
          Condition.named("l.id", "SELECT model_id FROM logged_model_param WHERE", clause);
      case "tag", "tags" ->
          Condition.named("l.id", "SELECT model_id FROM logged_model_tag WHERE", clause);
      case "metric", "metrics" -> {
        Condition value = Condition.number("value", clause);
        List<Object> parameters = new ArrayList<>();
        parameters.add(clause.key());
        parameters.addAll(value.parameters());
        yield new Condition(
            "l.id IN (SELECT model_id FROM logged_model_metric WHERE name = ? AND is_nan = 0 AND %s)"
                .formatted(value.sql()),
            parameters);
      }
      case "", "attribute", "attributes" -> attribute(clause);
      default -> throw Condition.expected(clause, "attributes, params, tags or metrics");
    };
  }

  private static Condition attribute(Clause clause) {
    return switch (clause.key()) {
      case "name" -> Condition.text("l.name", clause);
      case "model_id" -> Condition.text("l.id", clause);
      case "model_type" -> Condition.text("l.model_type", clause);
      case "status" -> Condition.text("'LOGGED_MODEL_' || l.status", clause);
      case "source_run_id" -> Condition.text("l.source_run_id", clause);
      case "creation_time", "creation_timestamp", "creation_timestamp_ms" ->
          Condition.number("l.created_ms", clause);
      case "last_updated_timestamp", "last_updated_timestamp_ms" ->
          Condition.number("l.updated_ms", clause);
      default ->
          throw Condition.expected(
              clause,
              "name, model_id, model_type, status, source_run_id, creation_timestamp or"
                  + " last_updated_timestamp");
    };
  }

  private static void add(KeysetQuery query, Ordering order) {
    if (order.entity().equals("metrics") || order.entity().equals("metric")) {
      String of =
          " FROM logged_model_metric m WHERE m.model_id = l.id AND m.name = ? AND m.is_nan = 0)";
      query.orderBy("CASE WHEN EXISTS (SELECT 1" + of + " THEN 0 ELSE 1 END", true, order.key());
      String which = order.ascending() ? "MIN" : "MAX";
      query.orderBy(
          "COALESCE((SELECT " + which + "(m.value)" + of + ", CAST(0 AS DOUBLE PRECISION))",
          order.ascending(),
          order.key());
      return;
    }
    query.orderBy(
        switch (order.key()) {
          case "name" -> "l.name";
          case "model_id" -> "l.id";
          case "creation_time", "creation_timestamp", "creation_timestamp_ms" -> "l.created_ms";
          case "last_updated_timestamp", "last_updated_timestamp_ms" -> "l.updated_ms";
          default ->
              throw Orders.unknown(
                  order, "name, model_id, creation_timestamp, last_updated_timestamp or a metric");
        },
        order.ascending());
  }

  private List<LoggedModel> complete(List<LoggedModel> models) {
    List<String> ids = models.stream().map(LoggedModel::id).toList();
    Map<String, List<Metric>> metrics = new HashMap<>();
    NamedValues.inChunks(
        ids,
        (marks, chunk) ->
            sql.list(
                "SELECT * FROM logged_model_metric WHERE model_id IN (%s) ORDER BY model_id, name"
                    .formatted(marks),
                row ->
                    metrics
                        .computeIfAbsent(row.getString("model_id"), id -> new ArrayList<>())
                        .add(
                            new Metric(
                                row.getString("name"),
                                RunTables.value(row),
                                row.getLong("time_ms"),
                                row.getLong("step"),
                                row.getString("dataset_name"),
                                row.getString("dataset_digest"),
                                row.getString("model_id"),
                                row.getString("run_id"))),
                chunk));
    Map<Object, Map<String, String>> paramsOf = params.of(ids);
    Map<Object, Map<String, String>> tagsOf = tags.of(ids);
    return models.stream()
        .map(
            model ->
                new LoggedModel(
                    model.id(),
                    model.experimentId(),
                    model.name(),
                    model.modelType(),
                    model.sourceRunId(),
                    model.artifactUri(),
                    model.status(),
                    model.lifecycle(),
                    model.createdMillis(),
                    model.updatedMillis(),
                    paramsOf.getOrDefault(model.id(), Map.of()),
                    tagsOf.getOrDefault(model.id(), Map.of()),
                    metrics.getOrDefault(model.id(), List.of())))
        .toList();
  }

  private static LoggedModel read(ResultSet row) throws SQLException {
    return new LoggedModel(
        row.getString("id"),
        row.getLong("experiment_id"),
        row.getString("name"),
        row.getString("model_type"),
        row.getString("source_run_id"),
        row.getString("artifact_uri"),
        LoggedModel.Status.valueOf(row.getString("status")),
        Lifecycle.of(row.getString("lifecycle")),
        row.getLong("created_ms"),
        row.getLong("updated_ms"),
        Map.of(),
        Map.of(),
        List.of());
  }
}
