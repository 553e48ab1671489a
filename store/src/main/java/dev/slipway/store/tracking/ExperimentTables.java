package dev.slipway.store.tracking;

import dev.slipway.core.search.Clause;
import dev.slipway.core.search.Filter;
import dev.slipway.core.search.Ordering;
import dev.slipway.core.search.Page;
import dev.slipway.core.tracking.Experiment;
import dev.slipway.core.tracking.Lifecycle;
import dev.slipway.store.control.SequenceNumber;
import dev.slipway.store.control.SqlSession;
import dev.slipway.store.search.Condition;
import dev.slipway.store.search.KeysetQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Experiments and their tags. */
public final class ExperimentTables {
  private final SqlSession sql;
  private final NamedValues tags;

  public ExperimentTables(SqlSession sql) {
    this.sql = sql;
    this.tags = new NamedValues(sql, "experiment_tag", "experiment_id");
  }

  /** Takes the id of the next experiment. */
  public long nextId() {
    return SequenceNumber.next(sql, "experiment");
  }

  /** Adds an experiment; its id and its name are free. */
  public void add(Experiment experiment) {
    sql.update(
        """
        INSERT INTO experiment (id, name, artifact_location, lifecycle, created_ms, updated_ms)
        VALUES (?, ?, ?, ?, ?, ?)\
        """,
        experiment.id(),
        experiment.name(),
        experiment.artifactLocation(),
        experiment.lifecycle().text(),
        experiment.createdMillis(),
        experiment.updatedMillis());
    tags.put(experiment.id(), experiment.tags());
  }

  /** Changes its name, its lifecycle and the time of its change; the new name is free. */
  public void update(Experiment experiment, long nowMillis) {
    sql.update(
        "UPDATE experiment SET name = ?, lifecycle = ?, updated_ms = ? WHERE id = ?",
        experiment.name(),
        experiment.lifecycle().text(),
        nowMillis,
        experiment.id());
  }

  /** Its tags. */
  public NamedValues tags() {
    return tags;
  }

  public Optional<Experiment> find(long id) {
    return withTags(sql.list("SELECT * FROM experiment WHERE id = ?", ExperimentTables::read, id))
        .stream()
        .findFirst();
  }

  public Optional<Experiment> findByName(String name) {
    return withTags(
            sql.list("SELECT * FROM experiment WHERE name = ?", ExperimentTables::read, name))
        .stream()
        .findFirst();
  }

  /** Searches by {@code name}, {@code creation_time}, {@code last_update_time} and tags. */
  public Page<Experiment> search(
      Filter filter, List<Ordering> orders, Lifecycle.View view, String token, int count) {
    KeysetQuery query = new KeysetQuery("e.* FROM experiment e");
    Lifecycles.restrict(query, "e.lifecycle", view);
    filter.clauses().forEach(clause -> query.where(condition(clause)));
    orders.forEach(order -> query.orderBy(column(order), order.ascending()));
    if (orders.isEmpty()) {
      query.orderBy("e.created_ms", false);
    }
    return query
        .orderBy("e.id", false)
        .page(sql, ExperimentTables::read, token, count)
        .withItems(this::withTags);
  }

  private static Condition condition(Clause clause) {
    return switch (clause.entity()) {
      case "tag", "tags" ->
          Condition.named("e.id", "SELECT experiment_id FROM experiment_tag WHERE", clause);
      case "", "attribute", "attributes", "attr" ->
          switch (clause.key()) {
            case "name" -> Condition.text("e.name", clause);
            case "creation_time" -> Condition.number("e.created_ms", clause);
            case "last_update_time" -> Condition.number("e.updated_ms", clause);
            default ->
                throw Condition.expected(clause, "name, creation_time, last_update_time or tags");
          };
      default -> throw Condition.expected(clause, "attribute or tags");
    };
  }

  private static String column(Ordering order) {
    return switch (order.key()) {
      case "name" -> "e.name";
      case "experiment_id" -> "e.id";
      case "creation_time" -> "e.created_ms";
      case "last_update_time" -> "e.updated_ms";
      default ->
          throw Orders.unknown(order, "name, experiment_id, creation_time or last_update_time");
    };
  }

  private List<Experiment> withTags(List<Experiment> experiments) {
    Map<Object, Map<String, String>> found =
        tags.of(experiments.stream().map(Experiment::id).toList());
    return experiments.stream()
        .map(
            e ->
                new Experiment(
                    e.id(),
                    e.name(),
                    e.artifactLocation(),
                    e.lifecycle(),
                    e.createdMillis(),
                    e.updatedMillis(),
                    found.getOrDefault(e.id(), Map.of())))
        .toList();
  }

  private static Experiment read(ResultSet row) throws SQLException {
    return new Experiment(
        row.getLong("id"),
        row.getString("name"),
        row.getString("artifact_location"),
        Lifecycle.of(row.getString("lifecycle")),
        row.getLong("created_ms"),
        row.getLong("updated_ms"),
        Map.of());
  }
}
