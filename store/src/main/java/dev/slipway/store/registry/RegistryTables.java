package dev.slipway.store.registry;

import dev.slipway.core.model.ListedVersion;
import dev.slipway.core.model.ModelCard;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.VersionCard;
import dev.slipway.core.search.Filter;
import dev.slipway.core.search.Ordering;
import dev.slipway.core.search.Page;
import dev.slipway.store.control.SqlSession;
import dev.slipway.store.control.StoredTime;
import dev.slipway.store.tracking.NamedValues;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The registry's side that people read and write. */
public final class RegistryTables {
  /** Each needs two parameters. */
  private static final int VERSIONS_PER_STATEMENT = 400;

  private final SqlSession sql;
  private final NamedValues modelTags;

  public RegistryTables(SqlSession sql) {
    this.sql = sql;
    this.modelTags = new NamedValues(sql, "registered_model_tag", "model");
  }

  /** Tags of models. */
  public NamedValues modelTags() {
    return modelTags;
  }

  /** Adds a model without versions; false if one of that name is registered. */
  public boolean addModel(String name, String description, Instant now) {
    long micros = StoredTime.toMicros(now);
    return sql.update(
            """
            INSERT INTO registered_model
              (name, latest_version, created_micros, updated_micros, description, deleted)
            VALUES (?, 0, ?, ?, ?, 0)
            ON CONFLICT (name) DO UPDATE SET deleted = 0, created_micros = excluded.created_micros,
              updated_micros = excluded.updated_micros, description = excluded.description
            WHERE registered_model.deleted = 1\
            """,
            name,
            micros,
            micros,
            description)
        == 1;
  }

  public Optional<ModelCard> model(String name) {
    return complete(
            sql.list(
                "SELECT * FROM registered_model WHERE name = ? AND deleted = 0",
                RegistryTables::readModel,
                name))
        .stream()
        .findFirst();
  }

  /** Notes that something about a model changed. */
  public void touch(String name, Instant now) {
    sql.update(
        "UPDATE registered_model SET updated_micros = ? WHERE name = ?",
        StoredTime.toMicros(now),
        name);
  }

  public void describe(String name, String description, Instant now) {
    sql.update(
        "UPDATE registered_model SET description = ?, updated_micros = ? WHERE name = ?",
        description,
        StoredTime.toMicros(now),
        name);
  }

  /**
   * Moves everything of a model to another name. The old name keeps its last number, so that its
   * version numbers never come twice.
   *
   * @param to no model has it now
   */
  public void rename(String from, String to, Instant now) {
    sql.update(
        """
        INSERT INTO registered_model
          (name, latest_version, created_micros, updated_micros, description, deleted)
        SELECT ?, latest_version, created_micros, ?, description, 0
        FROM registered_model WHERE name = ?
        ON CONFLICT (name) DO UPDATE SET deleted = 0, created_micros = excluded.created_micros,
          updated_micros = excluded.updated_micros, description = excluded.description,
          latest_version = CASE
            WHEN registered_model.latest_version > excluded.latest_version
            THEN registered_model.latest_version ELSE excluded.latest_version END\
        """,
        to,
        StoredTime.toMicros(now),
        from);
    sql.update("UPDATE registered_model_tag SET model = ? WHERE model = ?", to, from);
    sql.update("UPDATE model_version SET model = ? WHERE model = ?", to, from);
    // The cards are copied first: tags and aliases refer to them at every moment.
    sql.update(
        """
        INSERT INTO version_card (model, version, source, run_id, run_link, logged_model_id, stage,
          description, digest, obstacle, created_micros, updated_micros)
        SELECT ?, version, source, run_id, run_link, logged_model_id, stage, description, digest,
          obstacle, created_micros, updated_micros FROM version_card WHERE model = ?\
        """,
        to,
        from);
    sql.update("UPDATE version_tag SET model = ? WHERE model = ?", to, from);
    sql.update("UPDATE model_alias SET model = ? WHERE model = ?", to, from);
    sql.update("DELETE FROM version_card WHERE model = ?", from);
    sql.update("UPDATE registered_model SET deleted = 1 WHERE name = ?", from);
  }

  /** Deletes a model with all its versions, tags and aliases; its last number is kept. */
  public void deleteModel(String name) {
    sql.update("DELETE FROM model_alias WHERE model = ?", name);
    sql.update("DELETE FROM version_tag WHERE model = ?", name);
    sql.update("DELETE FROM version_card WHERE model = ?", name);
    sql.update("DELETE FROM model_version WHERE model = ?", name);
    sql.update("DELETE FROM registered_model_tag WHERE model = ?", name);
    sql.update("UPDATE registered_model SET deleted = 1, description = '' WHERE name = ?", name);
  }

  public Optional<ListedVersion> version(ModelRef ref) {
    return completeVersions(
            sql.list(
                "SELECT * FROM version_card WHERE model = ? AND version = ?",
                RegistryTables::readCard,
                ref.model(),
                ref.version()))
        .stream()
        .findFirst();
  }

  /** Changes a version's stage and description. */
  public void update(VersionCard card) {
    sql.update(
        """
        UPDATE version_card SET stage = ?, description = ?, updated_micros = ?
        WHERE model = ? AND version = ?\
        """,
        card.stage(),
        card.description(),
        StoredTime.toMicros(card.updatedAt()),
        card.ref().model(),
        card.ref().version());
  }

  /** Numbers of the versions of a model that are in a stage. */
  public List<Integer> inStage(String model, String stage) {
    return sql.list(
        "SELECT version FROM version_card WHERE model = ? AND stage = ? ORDER BY version",
        row -> row.getInt("version"),
        model,
        stage);
  }

  /** Deletes a version with its tags and the aliases that point to it. */
  public void deleteVersion(ModelRef ref) {
    for (String table : List.of("model_alias", "version_tag", "version_card", "model_version")) {
      sql.update(
          "DELETE FROM %s WHERE model = ? AND version = ?".formatted(table),
          ref.model(),
          ref.version());
    }
  }

  /** Sets tags of a version. */
  public void putVersionTags(ModelRef ref, Map<String, String> tags) {
    sql.updateAll(
        """
        INSERT INTO version_tag (model, version, name, value) VALUES (?, ?, ?, ?)
        ON CONFLICT (model, version, name) DO UPDATE SET value = excluded.value\
        """,
        tags.entrySet().stream()
            .map(tag -> new Object[] {ref.model(), ref.version(), tag.getKey(), tag.getValue()})
            .toList());
  }

  public void removeVersionTag(ModelRef ref, String name) {
    sql.update(
        "DELETE FROM version_tag WHERE model = ? AND version = ? AND name = ?",
        ref.model(),
        ref.version(),
        name);
  }

  /** Points an alias to a version. */
  public void putAlias(ModelRef ref, String alias) {
    sql.update(
        """
        INSERT INTO model_alias (model, name, version) VALUES (?, ?, ?)
        ON CONFLICT (model, name) DO UPDATE SET version = excluded.version\
        """,
        ref.model(),
        alias,
        ref.version());
  }

  public void removeAlias(String model, String alias) {
    sql.update("DELETE FROM model_alias WHERE model = ? AND name = ?", model, alias);
  }

  public Optional<ModelRef> aliased(String model, String alias) {
    return sql.first(
        "SELECT version FROM model_alias WHERE model = ? AND name = ?",
        row -> new ModelRef(model, row.getInt("version")),
        model,
        alias);
  }

  /**
   * Names of the deployments that serve a model now or would after an undo.
   *
   * @param version number; 0 means any
   */
  public List<String> deploymentsOf(String model, int version) {
    return sql.list(
        """
        SELECT name FROM deployment
        WHERE model = ? AND (? = 0 OR current_version = ? OR previous_version = ?) ORDER BY name\
        """,
        row -> row.getString("name"),
        model,
        version,
        version,
        version);
  }

  /** Searches models by {@code name} and tags. */
  public Page<ModelCard> models(Filter filter, List<Ordering> orders, String token, int count) {
    return RegistrySearch.models(filter, orders)
        .page(sql, RegistryTables::readModel, token, count)
        .withItems(this::complete);
  }

  /** Searches versions by {@code name}, {@code version_number}, {@code run_id} and more. */
  public Page<ListedVersion> versions(
      Filter filter, List<Ordering> orders, String token, int count) {
    return RegistrySearch.versions(filter, orders)
        .page(sql, RegistryTables::readCard, token, count)
        .withItems(this::completeVersions);
  }

  private List<ModelCard> complete(List<ModelCard> models) {
    List<String> names = models.stream().map(ModelCard::name).toList();
    Map<Object, Map<String, String>> tags = modelTags.of(names);
    Map<String, Map<String, Integer>> aliases = new HashMap<>();
    List<VersionCard> newest = new ArrayList<>();
    NamedValues.inChunks(
        names,
        (marks, chunk) -> {
          sql.list(
              "SELECT * FROM model_alias WHERE model IN (%s)".formatted(marks),
              row ->
                  aliases
                      .computeIfAbsent(row.getString("model"), model -> new TreeMap<>())
                      .put(row.getString("name"), row.getInt("version")),
              chunk);
          newest.addAll(
              sql.list(
                  """
                  SELECT c.* FROM version_card c JOIN (
                    SELECT model, MAX(version) AS version FROM version_card
                    WHERE model IN (%s) GROUP BY model, stage) n
                  ON c.model = n.model AND c.version = n.version ORDER BY c.model, c.version\
                  """
                      .formatted(marks),
                  RegistryTables::readCard,
                  chunk));
        });
    Map<String, List<ListedVersion>> latest = new HashMap<>();
    completeVersions(newest)
        .forEach(
            version ->
                latest
                    .computeIfAbsent(version.card().ref().model(), model -> new ArrayList<>())
                    .add(version));
    return models.stream()
        .map(
            model ->
                new ModelCard(
                    model.name(),
                    model.description(),
                    model.createdAt(),
                    model.updatedAt(),
                    latest.getOrDefault(model.name(), List.of()),
                    tags.getOrDefault(model.name(), Map.of()),
                    aliases.getOrDefault(model.name(), Map.of())))
        .toList();
  }

  private List<ListedVersion> completeVersions(List<VersionCard> cards) {
    Map<ModelRef, Map<String, String>> tags = new HashMap<>();
    Map<ModelRef, List<String>> aliases = new HashMap<>();
    for (int from = 0; from < cards.size(); from += VERSIONS_PER_STATEMENT) {
      List<VersionCard> part =
          cards.subList(from, Math.min(cards.size(), from + VERSIONS_PER_STATEMENT));
      String marks = String.join(", ", Collections.nCopies(part.size(), "(?, ?)"));
      Object[] names =
          part.stream()
              .flatMap(card -> Stream.<Object>of(card.ref().model(), card.ref().version()))
              .toArray();
      sql.list(
          "SELECT * FROM version_tag WHERE (model, version) IN (VALUES %s)".formatted(marks),
          row ->
              tags.computeIfAbsent(refOf(row), ref -> new TreeMap<>())
                  .put(row.getString("name"), row.getString("value")),
          names);
      sql.list(
          "SELECT * FROM model_alias WHERE (model, version) IN (VALUES %s) ORDER BY name"
              .formatted(marks),
          row ->
              aliases
                  .computeIfAbsent(refOf(row), ref -> new ArrayList<>())
                  .add(row.getString("name")),
          names);
    }
    return cards.stream()
        .map(
            card ->
                new ListedVersion(
                    card,
                    tags.getOrDefault(card.ref(), Map.of()),
                    aliases.getOrDefault(card.ref(), List.of())))
        .toList();
  }

  private static ModelRef refOf(ResultSet row) throws SQLException {
    return new ModelRef(row.getString("model"), row.getInt("version"));
  }

  private static ModelCard readModel(ResultSet row) throws SQLException {
    return new ModelCard(
        row.getString("name"),
        row.getString("description"),
        StoredTime.fromMicros(row.getLong("created_micros")),
        StoredTime.fromMicros(row.getLong("updated_micros")),
        List.of(),
        Map.of(),
        Map.of());
  }

  private static VersionCard readCard(ResultSet row) throws SQLException {
    return new VersionCard(
        refOf(row),
        row.getString("source"),
        row.getString("run_id"),
        row.getString("run_link"),
        row.getString("logged_model_id"),
        row.getString("stage"),
        row.getString("description"),
        row.getString("digest"),
        row.getString("obstacle"),
        StoredTime.fromMicros(row.getLong("created_micros")),
        StoredTime.fromMicros(row.getLong("updated_micros")));
  }
}
