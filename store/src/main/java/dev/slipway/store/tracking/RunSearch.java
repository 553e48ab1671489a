package dev.slipway.store.tracking;

import dev.slipway.core.search.Clause;
import dev.slipway.core.search.Filter;
import dev.slipway.core.search.Ordering;
import dev.slipway.core.tracking.Lifecycle;
import dev.slipway.store.search.Condition;
import dev.slipway.store.search.KeysetQuery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a filter and an order over runs mean in SQL. */
final class RunSearch {
  private RunSearch() {}

  /**
   * @param experiments ids, at least one
   */
  static KeysetQuery query(
      List<Long> experiments, Filter filter, List<Ordering> orders, Lifecycle.View view) {
    KeysetQuery query = new KeysetQuery("r.* FROM run r");
    query.where(
        "r.experiment_id IN (%s)"
            .formatted(String.join(", ", Collections.nCopies(experiments.size(), "?"))),
        experiments.toArray());
    Lifecycles.restrict(query, "r.lifecycle", view);
    filter.clauses().forEach(clause -> query.where(condition(clause)));
    boolean byStart = orders.stream().anyMatch(order -> isStart(order.key()));
    orders.forEach(order -> add(query, order));
    if (!byStart) {
      query.orderBy("r.start_ms", false);
    }
    return query.orderBy("r.id", true);
  }

  private static boolean isStart(String key) {
    return key.equals("start_time") || key.equals("created") || key.equals("Created");
  }

  private static Condition condition(Clause clause) {
    return switch (clause.entity()) {
      case "metric", "metrics" -> metric(clause);
      case "param", "params", "parameter", "parameters" ->
          Condition.named("r.id", "SELECT run_id FROM run_param WHERE", clause);
      case "tag", "tags" -> Condition.named("r.id", "SELECT run_id FROM run_tag WHERE", clause);
      case "dataset", "datasets" -> dataset(clause);
      case "", "attribute", "attributes", "attr", "run" -> attribute(clause);
      default -> throw Condition.expected(clause, "metrics, params, tags, attributes or datasets");
    };
  }

  private static Condition metric(Clause clause) {
    Condition value = Condition.number("value", clause);
    List<Object> parameters = new ArrayList<>();
    parameters.add(clause.key());
    parameters.addAll(value.parameters());
    return new Condition(
        "r.id IN (SELECT run_id FROM run_metric WHERE name = ? AND is_nan = 0 AND %s)"
            .formatted(value.sql()),
        parameters);
  }

  private static Condition dataset(Clause clause) {
    return switch (clause.key()) {
      case "name", "digest" -> {
        Condition value = Condition.text(clause.key(), clause);
        yield new Condition(
            "r.id IN (SELECT run_id FROM run_dataset WHERE %s)".formatted(value.sql()),
            value.parameters());
      }
      case "context" -> {
        Condition value = Condition.text("value", clause);
        yield new Condition(
            "r.id IN (SELECT run_id FROM run_dataset_tag WHERE name = 'mlflow.data.context' AND %s)"
                .formatted(value.sql()),
            value.parameters());
      }
      default -> throw Condition.expected(clause, "name, digest or context");
    };
  }

  private static Condition attribute(Clause clause) {
    return switch (clause.key()) {
      case "run_id" -> Condition.text("r.id", clause);
      case "run_name", "run name", "Run name", "Run Name" -> Condition.text("r.name", clause);
      case "status" -> Condition.text("r.status", clause);
      case "user_id" -> Condition.text("r.user_id", clause);
      case "artifact_uri" -> Condition.text("r.artifact_uri", clause);
      case "lifecycle_stage" -> Condition.text("r.lifecycle", clause);
      case "start_time", "created", "Created" -> Condition.number("r.start_ms", clause);
      case "end_time" -> Condition.number("r.end_ms", clause);
      default ->
          throw Condition.expected(
              clause, "run_id, run_name, status, user_id, artifact_uri, start_time or end_time");
    };
  }

  private static void add(KeysetQuery query, Ordering order) {
    switch (order.entity()) {
      case "metric", "metrics" -> addMetric(query, order);
      case "param", "params", "parameter", "parameters" -> addText(query, order, "run_param");
      case "tag", "tags" -> addText(query, order, "run_tag");
      case "", "attribute", "attributes", "attr", "run" -> addAttribute(query, order);
      default -> throw Orders.unknown(order, "metrics, params, tags or attributes");
    }
  }

  /** Numbers first, then what is no number, then runs without the metric, in either direction. */
  private static void addMetric(KeysetQuery query, Ordering order) {
    String of = " FROM run_metric m WHERE m.run_id = r.id AND m.name = ?)";
    query.orderBy("COALESCE((SELECT m.is_nan" + of + ", 2)", true, order.key());
    query.orderBy(
        "COALESCE((SELECT m.value" + of + ", CAST(0 AS DOUBLE PRECISION))",
        order.ascending(),
        order.key());
  }

  private static void addText(KeysetQuery query, Ordering order, String table) {
    String of = " FROM " + table + " t WHERE t.run_id = r.id AND t.name = ?)";
    query.orderBy("COALESCE((SELECT 0" + of + ", 1)", true, order.key());
    query.orderBy("COALESCE((SELECT t.value" + of + ", '')", order.ascending(), order.key());
  }

  private static void addAttribute(KeysetQuery query, Ordering order) {
    switch (order.key()) {
      case "start_time", "created", "Created" -> query.orderBy("r.start_ms", order.ascending());
      case "end_time" -> {
        query.orderBy("CASE WHEN r.end_ms IS NULL THEN 1 ELSE 0 END", true);
        query.orderBy("COALESCE(r.end_ms, 0)", order.ascending());
      }
      case "run_name", "run name", "Run name", "Run Name" ->
          query.orderBy("r.name", order.ascending());
      case "status" -> query.orderBy("r.status", order.ascending());
      case "user_id" -> query.orderBy("r.user_id", order.ascending());
      case "artifact_uri" -> query.orderBy("r.artifact_uri", order.ascending());
      case "run_id" -> query.orderBy("r.id", order.ascending());
      default ->
          throw Orders.unknown(
              order, "start_time, end_time, run_name, status, user_id, artifact_uri or run_id");
    }
  }
}
