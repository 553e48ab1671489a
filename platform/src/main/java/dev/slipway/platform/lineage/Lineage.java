package dev.slipway.platform.lineage;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Promotion;
import dev.slipway.core.lineage.LineageGraph;
import dev.slipway.core.lineage.LineageGraph.Edge;
import dev.slipway.core.lineage.LineageGraph.Kind;
import dev.slipway.core.lineage.LineageGraph.Node;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.ListedVersion;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.tracking.Dataset;
import dev.slipway.core.tracking.LoggedRun;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.registry.RegistryTables;
import dev.slipway.store.tracking.RunTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The lineage of versions. Thread-safe; every method blocks. */
public final class Lineage {
  private final ControlStore store;

  public Lineage(ControlStore store) {
    this.store = store;
  }

  /**
   * What is known about where a version comes from and where it went, all of one state.
   *
   * @param version as it is listed
   * @param run that made it; empty if none is known
   * @param promotions to any place, the oldest first
   * @param changes that made it serve, the oldest first
   */
  public record Facts(
      ListedVersion version,
      Optional<LoggedRun> run,
      List<Promotion> promotions,
      List<Served> changes) {}

  /**
   * A change that made the version serve.
   *
   * @param promotion that allowed it; null where none was needed
   */
  public record Served(Deployment deployment, @Nullable Long promotion) {}

  /**
   * @throws SlipwayException NOT_FOUND if the version is not registered
   */
  public Facts facts(ModelRef ref) {
    return store.read(view -> facts(view, ref));
  }

  private static Facts facts(ControlView view, ModelRef ref) {
    ListedVersion version =
        new RegistryTables(view.sql())
            .version(ref)
            .orElseThrow(
                () ->
                    new SlipwayException(
                        ErrorCode.NOT_FOUND, "model version %s is not registered".formatted(ref)));
    RunTables runs = new RunTables(view.sql());
    Optional<LoggedRun> run =
        runs.find(version.card().runId()).map(found -> runs.logged(List.of(found)).getFirst());
    return new Facts(
        version,
        run,
        view.governance().promotionsOfVersion(ref),
        view.servedBy(ref).stream()
            .map(change -> new Served(change.after(), change.promotion()))
            .toList());
  }

  /** The graph of these facts. */
  public static LineageGraph graph(Facts facts) {
    Map<String, Node> nodes = new LinkedHashMap<>();
    List<Edge> edges = new ArrayList<>();
    ModelRef ref = facts.version().card().ref();
    String version = "model-version/" + ref;
    facts
        .run()
        .ifPresent(
            logged -> {
              String run = "run/" + logged.run().id();
              for (Dataset dataset : logged.datasets()) {
                String id = "dataset/" + dataset.name() + "@" + dataset.digest();
                nodes.put(
                    id,
                    new Node(
                        id,
                        Kind.DATASET,
                        dataset.name(),
                        Map.of("digest", dataset.digest(), "source", dataset.sourceType())));
                edges.add(
                    new Edge(id, run, dataset.tags().getOrDefault("mlflow.data.context", "read")));
              }
              nodes.put(
                  run,
                  new Node(
                      run,
                      Kind.RUN,
                      logged.run().name(),
                      Map.of(
                          "user", logged.run().userId(),
                          "status", logged.run().status().name(),
                          "started", Instant.ofEpochMilli(logged.run().startMillis()).toString())));
              edges.add(new Edge(run, version, "trained"));
            });
    nodes.put(
        version,
        new Node(
            version,
            Kind.MODEL_VERSION,
            ref.toString(),
            Map.of(
                "digest", facts.version().card().digest(),
                "registered", facts.version().card().createdAt().toString())));
    for (Promotion promotion : facts.promotions()) {
      String id = "promotion/" + promotion.id();
      nodes.put(
          id,
          new Node(
              id,
              Kind.PROMOTION,
              "promotion " + promotion.id(),
              Map.of(
                  "target", promotion.binding().target().label(),
                  "state", promotion.state().name())));
      edges.add(new Edge(version, id, "requested"));
    }
    for (Served change : facts.changes()) {
      String id = "deployment/" + change.deployment().name();
      nodes.putIfAbsent(
          id,
          new Node(
              id,
              Kind.DEPLOYMENT,
              change.deployment().name(),
              Map.of("environment", change.deployment().environment().name())));
      String from = change.promotion() == null ? version : "promotion/" + change.promotion();
      edges.add(new Edge(from, id, "served from " + change.deployment().changedAt()));
    }
    return new LineageGraph(List.copyOf(nodes.values()), edges);
  }
}
