package dev.slipway.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ListedVersion;
import dev.slipway.core.model.ModelCard;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.VersionCard;
import dev.slipway.core.search.Filter;
import dev.slipway.core.search.Ordering;
import dev.slipway.core.search.Page;
import dev.slipway.core.tracking.Dataset;
import dev.slipway.core.tracking.Experiment;
import dev.slipway.core.tracking.Lifecycle;
import dev.slipway.core.tracking.LoggedModel;
import dev.slipway.core.tracking.LoggedRun;
import dev.slipway.core.tracking.Metric;
import dev.slipway.core.tracking.Run;
import dev.slipway.core.tracking.RunModel;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.registry.RegistryTables;
import dev.slipway.store.tracking.ExperimentTables;
import dev.slipway.store.tracking.LoggedModelTables;
import dev.slipway.store.tracking.RunTables;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the tables of experiments, runs, logged models and the registry must do in every database. A
 * subclass says how one is opened.
 */
public abstract class TrackingKit {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123456Z");

  @TempDir Path folder;
  private ControlStore store;

  /** Opens the store that lives in {@code root}. */
  protected abstract ControlStore open(Path root);

  @BeforeEach
  void openStore() {
    store = open(folder);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void aNewStoreHasTheDefaultExperimentAlone() {
    Page<Experiment> page = experiments("", Lifecycle.View.ALL);

    assertThat(page.items()).extracting(Experiment::name).containsExactly("Default");
    assertThat(page.items().getFirst().id()).isZero();
    assertThat(page.nextToken()).isEmpty();
  }

  @Test
  void experimentsAreFoundByNameTagAndLifecycle() {
    long red = addExperiment("Red_1", Map.of("team", "it's", "weiß", "ja"));
    long blue = addExperiment("blue%", Map.of("team", "b"));
    changeExperiments(tables -> tables.update(experiment(blue, Lifecycle.DELETED), 7));

    assertThat(found("name LIKE 'Red\\_1'")).isEmpty(); // A backslash escapes nothing.
    assertThat(found("name LIKE 'Red__'")).containsExactly(red);
    assertThat(found("name LIKE 'red%'")).isEmpty();
    assertThat(found("name ILIKE 'red%'")).containsExactly(red);
    assertThat(found("tags.team = 'it''s' AND tags.weiß = 'ja'")).containsExactly(red);
    assertThat(found("tags.team IS NULL")).containsExactly(0L);
    assertThat(experiments("", Lifecycle.View.DELETED_ONLY).items())
        .extracting(Experiment::id)
        .containsExactly(blue);
    assertThat(experiments("", Lifecycle.View.DELETED_ONLY).items().getFirst().updatedMillis())
        .isEqualTo(7);
  }

  @Test
  void aRunComesBackWithAllThatWasLogged() {
    Dataset dataset =
        new Dataset("train", "d1", "s3", "{}", "{\"a\":1}", "", Map.of("context", "training"));
    changeRuns(
        tables -> {
          tables.add(run("r1", 0, 5));
          tables.params().put("r1", Map.of("depth", "6", "note", "Grüße 🚀 'x'\n"));
          tables.tags().put("r1", Map.of("a", "1"));
          tables.tags().put("r1", Map.of("a", "2", "b", ""));
          tables.addDataset("r1", dataset);
          tables.addDataset("r1", dataset);
          tables.addModel("r1", new RunModel(RunModel.Direction.OUTPUT, "m-1", 3));
        });

    LoggedRun found = logged("r1");

    assertThat(found.run()).isEqualTo(run("r1", 0, 5));
    assertThat(found.params()).isEqualTo(Map.of("depth", "6", "note", "Grüße 🚀 'x'\n"));
    assertThat(found.tags()).isEqualTo(Map.of("a", "2", "b", ""));
    assertThat(found.datasets()).containsExactly(dataset);
    assertThat(found.models()).containsExactly(new RunModel(RunModel.Direction.OUTPUT, "m-1", 3));
  }

  @Test
  void theNewestPointOfAMetricIsTheOneOfTheHighestStepThenTimeThenValue() {
    changeRuns(
        tables -> {
          tables.add(run("r1", 0, 5));
          tables.addMetrics("r1", List.of(point("loss", 3, 10, 2), point("loss", 9, 99, 1)));
          tables.addMetrics("r1", List.of(point("loss", 4, 10, 2), point("loss", 1, 10, 2)));
          tables.addMetrics("r1", List.of(point("loss", 4, 10, 2)));
        });

    assertThat(logged("r1").metrics()).extracting(Metric::value).containsExactly(4.0);
    assertThat(history("r1", "loss", 10)).containsExactly(1.0, 3.0, 4.0, 9.0);
  }

  @Test
  void everyDoubleComesBackAlsoOverPages() {
    List<Double> values =
        List.of(
            Double.NEGATIVE_INFINITY,
            -Double.MAX_VALUE,
            -1.5,
            0.0,
            Double.MIN_VALUE,
            0.1 + 0.2,
            Double.MAX_VALUE,
            Double.POSITIVE_INFINITY);
    changeRuns(
        tables -> {
          tables.add(run("r1", 0, 5));
          tables.addMetrics("r1", values.stream().map(value -> point("m", value, 1, 0)).toList());
          tables.addMetrics("r1", List.of(point("m", Double.NaN, 2, 0)));
        });

    List<Double> expected = new ArrayList<>(values);
    expected.add(Double.NaN);
    assertThat(history("r1", "m", 1)).containsExactlyElementsOf(expected);
    assertThat(history("r1", "m", 4)).containsExactlyElementsOf(expected);
  }

  @Test
  void runsAreSearchedByEverythingThatIsLogged() {
    changeRuns(
        tables -> {
          for (int i = 0; i < 4; i++) {
            String id = "r" + i;
            tables.add(run(id, 0, i));
            tables.params().put(id, Map.of("kind", i % 2 == 0 ? "even" : "odd"));
            tables.tags().put(id, Map.of("a b", "x".repeat(300) + i));
            tables.addMetrics(id, List.of(point("auc", i / 10.0, 1, 1)));
          }
          tables.addMetrics("r3", List.of(point("auc", Double.NaN, 2, 2)));
          tables.addDataset("r2", new Dataset("train", "d", "", "", "", "", Map.of()));
        });

    assertThat(runs("metrics.auc >= 0.1 AND params.kind = 'even'")).containsExactly("r2");
    assertThat(runs("metrics.auc < 100")).containsExactly("r2", "r1", "r0"); // NaN is no number.
    assertThat(runs("tags.`a b` = '" + "x".repeat(300) + "1'")).containsExactly("r1");
    assertThat(runs("tags.\"a b\" LIKE '%1'")).containsExactly("r1");
    assertThat(runs("params.kind != 'odd'")).containsExactly("r2", "r0");
    assertThat(runs("dataset.name = 'train' AND datasets.digest IN ('d')")).containsExactly("r2");
    assertThat(runs("run_id NOT IN ('r0', 'r3')")).containsExactly("r2", "r1");
    assertThat(runs("attributes.start_time > 1 AND status = 'RUNNING'"))
        .containsExactly("r3", "r2");
    assertThat(runs("end_time > 0")).isEmpty();
    for (String wrong :
        List.of(
            "metrics.auc = 'x'",
            "metrics.auc LIKE 'x'",
            "status > 1",
            "nothing = 1",
            "a.b = 1",
            "start_time = 'x'",
            "params.kind > 'a'",
            "dataset.other = 'x'")) {
      assertThatThrownBy(() -> runs(wrong))
          .as(wrong)
          .isInstanceOfSatisfying(
              SlipwayException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.BAD_REQUEST))
          .hasMessageContaining("expected:");
    }
  }

  @Test
  void whateverATextSaysItIsNeverSql() {
    String text = "x' OR '1'='1'; DROP TABLE run; -- \" ` ? % _ \\ $1 {}";
    changeRuns(
        tables -> {
          tables.add(run("r1", 0, 1));
          tables.add(run("r2", 0, 2));
          tables.tags().put("r1", Map.of("k", text));
        });
    String quoted = "'" + text.replace("'", "''") + "'";

    assertThat(runs("tags.k = " + quoted)).containsExactly("r1");
    assertThat(runs("tags.k LIKE " + quoted)).containsExactly("r1");
    assertThat(runs("run_id = " + quoted)).isEmpty();
    assertThat(runs("tags.`" + text.replace("`", "``") + "` = 'x'")).isEmpty();
    assertThat(runs("params.k IN (" + quoted + ", 'y')")).isEmpty();
  }

  @Test
  void everyOrderIsPagedWithoutGapOrRepetitionWhileRunsComeAndGo() {
    changeRuns(
        tables -> {
          for (int i = 0; i < 9; i++) {
            String id = "r" + i;
            tables.add(run(id, 0, i / 3));
            if (i % 3 != 2) {
              tables.addMetrics(
                  id, List.of(point("auc", i == 4 ? Double.NaN : i % 3 == 0 ? 0.5 : i, 1, 1)));
              tables.tags().put(id, Map.of("t", "v" + i % 3));
            }
          }
        });
    for (String order :
        List.of(
            "metrics.auc DESC",
            "metrics.auc",
            "tags.t DESC",
            "start_time",
            "run_id DESC",
            "end_time DESC",
            "status",
            "params.none")) {
      List<String> whole = pages(order, 100);
      assertThat(whole).as(order).hasSize(9).doesNotHaveDuplicates();
      assertThat(pages(order, 1)).as(order).isEqualTo(whole);
      assertThat(pages(order, 4)).as(order).isEqualTo(whole);
    }
    assertThat(pages("metrics.auc DESC", 100)).startsWith("r7", "r1").endsWith("r8", "r5", "r2");

    Page<LoggedRun> first = page("start_time", "", 4);
    changeRuns(
        tables -> {
          tables.add(run("a-new", 0, 0)); // Before what was read.
          tables.update(deleted("r3")); // The last one that was read.
        });
    assertThat(page("start_time", first.nextToken(), 100).items())
        .extracting(found -> found.run().id())
        .containsExactly("r4", "r5", "r6", "r7", "r8");
    assertThatThrownBy(() -> page("status", first.nextToken(), 4))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    assertThatThrownBy(() -> page("start_time", "no token!", 4)).hasMessageContaining("page_token");
  }

  @Test
  void moreRunsThanAStatementMayNameComeBackWhole() {
    changeRuns(
        tables -> {
          for (int i = 0; i < 1_100; i++) {
            tables.add(run("r%04d".formatted(i), 0, i));
            tables.tags().put("r%04d".formatted(i), Map.of("i", Integer.toString(i)));
          }
        });

    List<LoggedRun> found = page("run_id", "", 2_000).items();

    assertThat(found).hasSize(1_100);
    assertThat(found.get(1_050).tags()).isEqualTo(Map.of("i", "1050"));
  }

  @Test
  void aLoggedModelComesBackWithItsMetrics() {
    LoggedModel model = model("m-1", Map.of("depth", "3"), List.of());
    Metric metric = new Metric("auc", 0.75, 9, 1, "train", "d", "m-1", "r1");
    store.commit(
        work -> {
          LoggedModelTables tables = new LoggedModelTables(work.sql());
          tables.add(model);
          tables.addMetrics(List.of(metric));
          return tables;
        });

    Optional<LoggedModel> found = store.read(view -> new LoggedModelTables(view.sql()).find("m-1"));
    assertThat(found).contains(model("m-1", Map.of("depth", "3"), List.of(metric)));
    assertThat(models("metrics.auc > 0.7 AND params.depth = '3'", "metrics.auc DESC"))
        .containsExactly("m-1");
    assertThat(models("status = 'LOGGED_MODEL_PENDING' AND name LIKE 'a%'", "name"))
        .containsExactly("m-1");
    assertThat(models("metrics.auc > 0.8", "creation_timestamp")).isEmpty();
  }

  @Test
  void modelsAndVersionsAreFoundByWhatPeopleWroteOnThem() {
    register("fraud", 3);
    register("Churn", 1);
    registry(
        tables -> {
          tables.modelTags().put("fraud", Map.of("team", "risk"));
          tables.modelTags().put("Churn", Map.of("mlflow.prompt.is_prompt", "true"));
          tables.putVersionTags(new ModelRef("fraud", 2), Map.of("checked", "yes"));
          tables.putAlias(new ModelRef("fraud", 1), "champion");
          tables.putAlias(new ModelRef("fraud", 2), "champion");
          tables.describe("fraud", "cards", NOW);
        });

    assertThat(names("tags.team = 'risk'")).containsExactly("fraud");
    assertThat(names("name ILIKE 'CH%'")).containsExactly("Churn");
    assertThat(names("tags.`mlflow.prompt.is_prompt` != 'true'")).containsExactly("fraud");
    assertThat(names("tags.`mlflow.prompt.is_prompt` = 'true'")).containsExactly("Churn");
    assertThat(versions("name = 'fraud' AND version_number >= 2")).containsExactly(3, 2);
    assertThat(versions("tags.checked = 'yes'")).containsExactly(2);
    assertThat(versions("run_id IN ('run-1', 'run-3') AND name = 'fraud'")).containsExactly(3, 1);
    ModelCard card = card("fraud").orElseThrow();
    assertThat(card.aliases()).isEqualTo(Map.of("champion", 2));
    assertThat(card.description()).isEqualTo("cards");
    assertThat(card.latest())
        .extracting(version -> version.card().ref().version())
        .containsExactly(3);
    assertThat(card.tags()).isEqualTo(Map.of("team", "risk"));
  }

  @Test
  void aDeletedVersionTakesItsAliasesAndTagsAlong() {
    register("fraud", 2);
    registry(
        tables -> {
          tables.putAlias(new ModelRef("fraud", 2), "champion");
          tables.putVersionTags(new ModelRef("fraud", 2), Map.of("a", "1"));
          tables.deleteVersion(new ModelRef("fraud", 2));
        });

    assertThat(versions("name = 'fraud'")).containsExactly(1);
    assertThat(card("fraud").orElseThrow().aliases()).isEmpty();
    register("fraud", 1);
    assertThat(versions("name = 'fraud'")).containsExactly(3, 1); // A number never comes twice.
  }

  @Test
  void aRenamedModelKeepsAllAndADeletedOneLeavesItsNumbers() {
    register("old", 2);
    registry(
        tables -> {
          tables.putAlias(new ModelRef("old", 1), "a");
          tables.putVersionTags(new ModelRef("old", 1), Map.of("k", "v"));
          tables.modelTags().put("old", Map.of("t", "1"));
          tables.rename("old", "new", NOW);
        });

    assertThat(card("old")).isEmpty();
    ModelCard renamed = card("new").orElseThrow();
    assertThat(renamed.aliases()).isEqualTo(Map.of("a", 1));
    assertThat(renamed.tags()).isEqualTo(Map.of("t", "1"));
    assertThat(versions("name = 'new' AND tags.k = 'v'")).containsExactly(1);

    registry(tables -> tables.deleteModel("new"));
    assertThat(card("new")).isEmpty();
    assertThat(versions("name = 'new'")).isEmpty();
    register("new", 1);
    assertThat(versions("name = 'new'")).containsExactly(3);
    assertThat(card("new").orElseThrow().aliases()).isEmpty();
  }

  private void register(String model, int count) {
    store.commit(
        work -> {
          new RegistryTables(work.sql()).addModel(model, "", NOW);
          for (int i = 0; i < count; i++) {
            int number = work.nextVersion(model, NOW);
            work.putCard(
                new VersionCard(
                    new ModelRef(model, number),
                    "models:/m-" + number,
                    "run-" + number,
                    "",
                    "",
                    VersionCard.NO_STAGE,
                    "",
                    "",
                    "a test",
                    NOW,
                    NOW));
          }
          return count;
        });
  }

  private void registry(Consumer<RegistryTables> change) {
    store.commit(
        work -> {
          change.accept(new RegistryTables(work.sql()));
          return 0;
        });
  }

  private Optional<ModelCard> card(String name) {
    return store.read(view -> new RegistryTables(view.sql()).model(name));
  }

  private List<String> names(String filter) {
    return store.read(
        view ->
            new RegistryTables(view.sql())
                .models(Filter.parse(filter), List.of(), "", 100).items().stream()
                    .map(ModelCard::name)
                    .toList());
  }

  private List<Integer> versions(String filter) {
    List<Integer> all = new ArrayList<>();
    String token = "";
    do {
      String from = token;
      Page<ListedVersion> page =
          store.read(
              view ->
                  new RegistryTables(view.sql())
                      .versions(Filter.parse(filter), List.of(), from, 1));
      page.items().forEach(version -> all.add(version.card().ref().version()));
      token = page.nextToken();
    } while (!token.isEmpty());
    return all;
  }

  private List<String> models(String filter, String order) {
    return store.read(
        view ->
            new LoggedModelTables(view.sql())
                    .search(
                        List.of(0L),
                        List.of(),
                        Filter.parse(filter),
                        List.of(Ordering.parse(order)),
                        "",
                        100)
                    .items()
                    .stream()
                    .map(LoggedModel::id)
                    .toList());
  }

  private static LoggedModel model(String id, Map<String, String> params, List<Metric> metrics) {
    return new LoggedModel(
        id,
        0,
        "a model",
        "",
        "r1",
        "mlflow-artifacts:/0/models/" + id + "/artifacts",
        LoggedModel.Status.PENDING,
        Lifecycle.ACTIVE,
        1,
        1,
        params,
        Map.of(),
        metrics);
  }

  private long addExperiment(String name, Map<String, String> tags) {
    return store.commit(
        work -> {
          ExperimentTables tables = new ExperimentTables(work.sql());
          long id = tables.nextId();
          tables.add(
              new Experiment(id, name, "mlflow-artifacts:/" + id, Lifecycle.ACTIVE, id, id, tags));
          return id;
        });
  }

  private Experiment experiment(long id, Lifecycle lifecycle) {
    Experiment e = store.read(view -> new ExperimentTables(view.sql()).find(id)).orElseThrow();
    return new Experiment(
        id,
        e.name(),
        e.artifactLocation(),
        lifecycle,
        e.createdMillis(),
        e.updatedMillis(),
        e.tags());
  }

  private void changeExperiments(Consumer<ExperimentTables> change) {
    store.commit(
        work -> {
          change.accept(new ExperimentTables(work.sql()));
          return 0;
        });
  }

  private Page<Experiment> experiments(String filter, Lifecycle.View view) {
    return store.read(
        look ->
            new ExperimentTables(look.sql())
                .search(Filter.parse(filter), List.of(), view, "", 100));
  }

  private List<Long> found(String filter) {
    return experiments(filter, Lifecycle.View.ACTIVE_ONLY).items().stream()
        .map(Experiment::id)
        .toList();
  }

  private void changeRuns(Consumer<RunTables> change) {
    store.commit(
        work -> {
          change.accept(new RunTables(work.sql()));
          return 0;
        });
  }

  private <T> T ofRuns(Function<RunTables, T> reading) {
    return store.read(view -> reading.apply(new RunTables(view.sql())));
  }

  private LoggedRun logged(String id) {
    return ofRuns(tables -> tables.logged(List.of(tables.find(id).orElseThrow()))).getFirst();
  }

  private Run deleted(String id) {
    Run run = logged(id).run();
    return new Run(
        id,
        run.experimentId(),
        run.name(),
        run.userId(),
        run.status(),
        run.startMillis(),
        run.endMillis(),
        run.artifactUri(),
        Lifecycle.DELETED);
  }

  private List<Double> history(String run, String metric, int count) {
    List<Double> all = new ArrayList<>();
    String token = "";
    do {
      String from = token;
      Page<Metric> page = ofRuns(tables -> tables.history(run, metric, from, count));
      page.items().forEach(point -> all.add(point.value()));
      token = page.nextToken();
    } while (!token.isEmpty());
    return all;
  }

  private List<String> runs(String filter) {
    return ids(search(filter, null, "", 100));
  }

  private Page<LoggedRun> page(String order, String token, int count) {
    return search("", order, token, count);
  }

  private List<String> pages(String order, int count) {
    List<String> all = new ArrayList<>();
    String token = "";
    do {
      Page<LoggedRun> page = page(order, token, count);
      all.addAll(ids(page));
      token = page.nextToken();
    } while (!token.isEmpty());
    return all;
  }

  private Page<LoggedRun> search(String filter, @Nullable String order, String token, int count) {
    return ofRuns(
        tables ->
            tables.search(
                List.of(0L),
                Filter.parse(filter),
                order == null ? List.of() : List.of(Ordering.parse(order)),
                Lifecycle.View.ACTIVE_ONLY,
                token,
                count));
  }

  private static List<String> ids(Page<LoggedRun> page) {
    return page.items().stream().map(found -> found.run().id()).toList();
  }

  private static Run run(String id, long experiment, long startMillis) {
    return new Run(
        id,
        experiment,
        "run " + id,
        "me",
        Run.Status.RUNNING,
        startMillis,
        null,
        "mlflow-artifacts:/0/" + id + "/artifacts",
        Lifecycle.ACTIVE);
  }

  private static Metric point(String name, double value, long timeMillis, long step) {
    return new Metric(name, value, timeMillis, step, "", "", "", "r1");
  }
}
