package dev.slipway.store.registry;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.search.Clause;
import dev.slipway.core.search.Comparison;
import dev.slipway.core.search.Filter;
import dev.slipway.core.search.Ordering;
import dev.slipway.store.search.Condition;
import dev.slipway.store.search.KeysetQuery;
import java.util.ArrayList;
import java.util.List;

/** What a filter and an order over models and versions mean in SQL. */
final class RegistrySearch {
  /** Prompts are models with this tag; clients ask for those that have it not. */
  private static final String PROMPT_TAG = "mlflow.prompt.is_prompt";

  private RegistrySearch() {}

  static KeysetQuery models(Filter filter, List<Ordering> orders) {
    KeysetQuery query = new KeysetQuery("m.* FROM registered_model m").where("m.deleted = 0");
    filter
        .clauses()
        .forEach(
            clause ->
                query.where(
                    isTag(clause)
                        ? tag("m.name", "SELECT model FROM registered_model_tag WHERE", clause)
                        : model(clause)));
    for (Ordering order : orders) {
      query.orderBy(
          switch (order.key()) {
            case "name" -> "m.name";
            case "creation_timestamp" -> "m.created_micros";
            case "timestamp", "last_updated_timestamp" -> "m.updated_micros";
            default -> throw unknown(order, "name, creation_timestamp or last_updated_timestamp");
          },
          order.ascending());
    }
    return query.orderBy("m.name", true);
  }

  static KeysetQuery versions(Filter filter, List<Ordering> orders) {
    KeysetQuery query = new KeysetQuery("c.* FROM version_card c");
    filter
        .clauses()
        .forEach(
            clause ->
                query.where(
                    isTag(clause)
                        ? tag(
                            "(c.model, c.version)",
                            "SELECT model, version FROM version_tag WHERE",
                            clause)
                        : version(clause)));
    for (Ordering order : orders) {
      query.orderBy(
          switch (order.key()) {
            case "name" -> "c.model";
            case "version_number" -> "c.version";
            case "creation_timestamp" -> "c.created_micros";
            case "timestamp", "last_updated_timestamp" -> "c.updated_micros";
            default ->
                throw unknown(
                    order, "name, version_number, creation_timestamp or last_updated_timestamp");
          },
          order.ascending());
    }
    if (orders.isEmpty()) {
      query.orderBy("c.updated_micros", false);
    }
    return query.orderBy("c.model", true).orderBy("c.version", false);
  }

  private static boolean isTag(Clause clause) {
    return clause.entity().equals("tag") || clause.entity().equals("tags");
  }

  /** A model that never was a prompt has no tag that says so. */
  private static Condition tag(String owner, String select, Clause clause) {
    if (!clause.key().equals(PROMPT_TAG) || clause.comparison() != Comparison.NOT_EQUAL) {
      return Condition.named(owner, select, clause);
    }
    Condition equal =
        Condition.named(
            owner,
            select,
            new Clause(clause.entity(), clause.key(), Comparison.EQUAL, clause.operand()));
    return new Condition("NOT (" + equal.sql() + ")", new ArrayList<>(equal.parameters()));
  }

  private static Condition model(Clause clause) {
    requireAttribute(clause);
    return switch (clause.key()) {
      case "name" -> Condition.text("m.name", clause);
      default -> throw Condition.expected(clause, "name or tags");
    };
  }

  private static Condition version(Clause clause) {
    requireAttribute(clause);
    return switch (clause.key()) {
      case "name" -> Condition.text("c.model", clause);
      case "version_number" -> Condition.number("c.version", clause);
      case "run_id" -> Condition.text("c.run_id", clause);
      case "source_path" -> Condition.text("c.source", clause);
      case "model_id" -> Condition.text("c.logged_model_id", clause);
      case "stage", "current_stage" -> Condition.text("c.stage", clause);
      default ->
          throw Condition.expected(
              clause, "name, version_number, run_id, source_path, model_id, stage or tags");
    };
  }

  private static void requireAttribute(Clause clause) {
    switch (clause.entity()) {
      case "", "attribute", "attributes", "attr" -> {}
      default -> throw Condition.expected(clause, "attributes or tags");
    }
  }

  private static SlipwayException unknown(Ordering order, String expected) {
    return new SlipwayException(
        ErrorCode.BAD_REQUEST, "order_by: %s (expected: %s)".formatted(order.key(), expected));
  }
}
