package dev.slipway.platform.deployment;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Promotion;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelName;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.routing.DeploymentRoute;
import dev.slipway.core.routing.RoutingTable;
import dev.slipway.core.routing.UnavailableRoute;
import dev.slipway.core.routing.VariantRoute;
import dev.slipway.platform.audit.AuditActions;
import dev.slipway.platform.audit.AuditTrail.Numbered;
import dev.slipway.platform.audit.ServedState;
import dev.slipway.platform.deployment.LiveRouting.PreparedRouting;
import dev.slipway.serving.ServedVariant;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.DeploymentChange;
import dev.slipway.store.control.DeploymentChange.Kind;
import dev.slipway.store.control.UnitOfWork;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which version each deployment serves, and makes it so. Thread-safe; every method blocks.
 *
 * <p>A change goes: take an epoch, load and warm beside what serves, commit, flip, answer. So a
 * version that cannot be loaded changes nothing; what was acknowledged is durable; and a crash
 * before the commit loses only a change that nobody was told of. A routing table is always the
 * whole, so changes happen one after another, whatever their deployment.
 */
public final class Deployments {
  private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);
  private static final int PAGE = 1_000;

  /** How long a change waits for those before it, each of which may load a large model. */
  private static final Duration WAIT_MAX = Duration.ofMinutes(5);

  private final ControlStore store;
  private final LiveRouting routing;
  private final Protection protection;
  private final InstantSource clock;
  private final ReentrantLock changing = new ReentrantLock(true);

  /** What is to answer, by name. Guarded by {@code changing}. */
  private final Map<String, DeploymentRoute> live = new HashMap<>();

  /** What should answer and cannot, by name. Guarded by {@code changing}. */
  private final Map<String, UnavailableRoute> unavailable = new HashMap<>();

  public Deployments(
      ControlStore store, LiveRouting routing, Protection protection, InstantSource clock) {
    this.store = store;
    this.routing = routing;
    this.protection = protection;
    this.clock = clock;
  }

  /**
   * Makes live what was live when the last process ended. A version that cannot be loaded any more
   * leaves its own deployment UNAVAILABLE and no other; deploying or undoing it tries again.
   *
   * @return what could not be restored, with the reason
   */
  public Map<String, String> restore() {
    return changing(
        () -> {
          List<DeploymentRoute> routes = new ArrayList<>();
          for (DeploymentRecord saved : store.read(Deployments::all)) {
            DeploymentRoute route = route(saved.deployment().name(), saved.version());
            try {
              requireLoadable(saved);
              routes.add(route);
            } catch (SlipwayException e) {
              lost(route, e);
            }
          }
          restore(routes);
          if (!unavailable.isEmpty()) {
            // Their callers learn that they exist, and why they do not answer.
            goLive(List.of());
          }
          Map<String, String> reasons = new HashMap<>();
          unavailable.forEach((name, route) -> reasons.put(name, route.reason()));
          return Map.copyOf(reasons);
        });
  }

  /** As {@link #deploy(Actor, String, Environment, ModelRef)}, where it is or else in DEV. */
  public DeploymentStatus deploy(Actor actor, String name, ModelRef ref) {
    return deploy(actor, name, null, ref);
  }

  /**
   * Lets a deployment serve a version, and creates it the first time. Deploying what serves already
   * changes nothing, so that a retry is harmless.
   *
   * @param actor who asks
   * @param environment where it answers; null means where it is, and DEV for a new one
   * @throws SlipwayException NOT_FOUND if the version is not registered; CONFLICT if the deployment
   *     serves another model, or is in another environment; POLICY_REFUSED if the environment is
   *     protected and no promotion allows it; what loading the version failed with. Nothing has
   *     changed then
   */
  public DeploymentStatus deploy(
      Actor actor, String name, @Nullable Environment environment, ModelRef ref) {
    ModelName.require(name);
    return changing(
        () -> {
          ModelVersion version = store.read(view -> requireVersion(view, ref));
          DeploymentRecord before =
              store.read(
                  view -> view.deployment(name).map(found -> record(view, found)).orElse(null));
          requireSame(name, before, environment);
          if (before != null && before.deployment().currentRef().equals(ref)) {
            DeploymentRecord same = new DeploymentRecord(before.deployment(), version);
            answerAgain(same);
            return status(same);
          }
          Instant now = now();
          Deployment after =
              before == null
                  ? Deployment.first(
                      name, environment == null ? Environment.DEV : environment, ref, now)
                  : before.deployment().deployed(ref, now);
          return change(actor, before, new DeploymentRecord(after, version), Kind.DEPLOY);
        });
  }

  private static void requireSame(
      String name, @Nullable DeploymentRecord before, @Nullable Environment environment) {
    if (before != null
        && environment != null
        && !before.deployment().environment().equals(environment)) {
      throw new SlipwayException(
          ErrorCode.CONFLICT,
          "deployment %s is in environment %s (expected: that, not %s; a deployment never moves)"
              .formatted(name, before.deployment().environment(), environment));
    }
  }

  /**
   * Goes back to the version that served before; done twice it is a redo.
   *
   * @param actor who asks
   * @throws SlipwayException NOT_FOUND if there is no such deployment; NOTHING_TO_UNDO if no
   *     version served before; what loading the version failed with, and then nothing has changed
   */
  public DeploymentStatus undo(Actor actor, String name) {
    return changing(
        () -> {
          DeploymentRecord before = store.read(view -> record(view, require(view, name)));
          Deployment after = before.deployment().undone(now());
          ModelVersion version = store.read(view -> requireVersion(view, after.currentRef()));
          return change(actor, before, new DeploymentRecord(after, version), Kind.UNDO);
        });
  }

  /**
   * Takes what serves out of a protected environment if it may not be loaded there any more; its
   * callers learn why it does not answer. Does nothing to other deployments, or where there is
   * none.
   */
  public void withdrawUnlessLoadable(String name) {
    changing(
        () -> {
          Optional<DeploymentRecord> saved =
              store.read(view -> view.deployment(name).map(found -> record(view, found)));
          DeploymentRoute route = live.get(name);
          if (saved.isEmpty() || route == null) {
            return false;
          }
          try {
            requireLoadable(saved.get());
            return false;
          } catch (SlipwayException e) {
            live.remove(name);
            lost(route, e);
            goLive(List.of());
            return true;
          }
        });
  }

  /**
   * @throws SlipwayException NOT_FOUND
   */
  public DeploymentStatus deployment(String name) {
    return status(store.read(view -> record(view, require(view, name))));
  }

  /** In the order of their names, at most {@code count}, beginning after {@code after}. */
  public List<DeploymentStatus> deployments(String after, int count) {
    List<DeploymentRecord> records =
        store.read(
            view ->
                view.deployments(after, count).stream()
                    .map(deployment -> record(view, deployment))
                    .toList());
    return records.stream().map(this::status).toList();
  }

  /**
   * Every change of a deployment, the newest first.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public List<DeploymentChange> history(String name) {
    return store.read(
        view -> {
          require(view, name);
          return view.history(name);
        });
  }

  /**
   * What a deployment served when, the newest first, with what the audit log says.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public List<HistoryEntry> served(String name) {
    return store.read(
        view -> {
          require(view, name);
          List<HistoryEntry> entries = new ArrayList<>();
          Instant until = null;
          for (DeploymentChange change : view.history(name)) {
            entries.add(
                new HistoryEntry(
                    change.after(),
                    switch (change.kind()) {
                      case DEPLOY -> HistoryEntry.Asked.DEPLOY;
                      case UNDO -> HistoryEntry.Asked.UNDO;
                    },
                    change.epoch(),
                    requireVersion(view, change.after().currentRef()),
                    until,
                    logged(view, change.auditIndex()),
                    promotion(view, change.promotion())));
            until = change.after().changedAt();
          }
          return entries;
        });
  }

  private static @Nullable Promotion promotion(ControlView view, @Nullable Long id) {
    return id == null ? null : view.governance().promotion(id).orElse(null);
  }

  private static @Nullable Numbered logged(ControlView view, @Nullable Long index) {
    return index == null
        ? null
        : new Numbered(index, view.auditLeaves(index, index + 1).getFirst());
  }

  /**
   * What a deployment served at a time.
   *
   * @return empty if it was not there yet
   * @throws SlipwayException NOT_FOUND
   */
  public Optional<HistoryEntry> servedAt(String name, Instant time) {
    return served(name).stream()
        .filter(entry -> !entry.deployment().changedAt().isAfter(time))
        .findFirst();
  }

  private record DeploymentRecord(Deployment deployment, ModelVersion version) {}

  private DeploymentStatus change(
      Actor actor, @Nullable DeploymentRecord before, DeploymentRecord after, Kind kind) {
    Deployment deployment = after.deployment();
    DeploymentRoute route = route(deployment.name(), after.version());
    AuditEntry entry =
        AuditActions.deployed(
            actor,
            switch (kind) {
              case DEPLOY -> AuditActions.DEPLOYMENT_CHANGED;
              case UNDO -> AuditActions.DEPLOYMENT_UNDONE;
            },
            before == null ? null : ServedState.of(before.deployment(), before.version().digest()),
            deployment,
            after.version());
    requireLoadable(after);
    long epoch = store.commit(UnitOfWork::nextEpoch);
    try (PreparedRouting prepared =
        routing.prepare(tableWith(epoch, List.of(route)), Set.of(deployment.name()))) {
      store.commit(
          work -> {
            Long promotion =
                deployment.environment().isProtected()
                    ? protection.onChange(
                        work,
                        before == null ? null : before.deployment(),
                        deployment,
                        after.version(),
                        kind,
                        deployment.changedAt())
                    : null;
            long index = work.append(entry);
            work.putDeployment(new DeploymentChange(deployment, kind, epoch, index, promotion));
            return index;
          });
      // The change is decided now: whatever becomes of the flip, later tables contain it.
      decided(List.of(route));
      prepared.flip();
    }
    LOG.info(
        "deployment {} serves {} (epoch {})", deployment.name(), deployment.currentRef(), epoch);
    return status(after);
  }

  /** Brings back a deployment that could not be restored, or that was unloaded. */
  private void answerAgain(DeploymentRecord saved) {
    String name = saved.deployment().name();
    ModelVersion version = saved.version();
    boolean unloaded =
        routing
            .variant(name, version.ref().version())
            .filter(variant -> variant.state() == ServedVariant.State.UNLOADED)
            .isPresent();
    if (unloaded || unavailable.containsKey(name)) {
      requireLoadable(saved);
      goLive(List.of(route(name, version)));
    }
  }

  /** Tries all at once, and on failure halves, so that few bad ones among many cost little. */
  private void restore(List<DeploymentRoute> routes) {
    if (routes.isEmpty()) {
      return;
    }
    try {
      goLive(routes);
    } catch (SlipwayException e) {
      if (routes.size() == 1) {
        lost(routes.getFirst(), e);
        return;
      }
      int half = routes.size() / 2;
      restore(routes.subList(0, half));
      restore(routes.subList(half, routes.size()));
    }
  }

  private void lost(DeploymentRoute route, SlipwayException why) {
    unavailable.put(route.name(), new UnavailableRoute(route, reason(why)));
    LOG.error("deployment {} is unavailable: {}", route.name(), why.getMessage(), why);
  }

  private void requireLoadable(DeploymentRecord saved) {
    Deployment deployment = saved.deployment();
    if (deployment.environment().isProtected()) {
      protection.requireLoadable(deployment.name(), deployment.environment(), saved.version());
    }
  }

  /** What callers may know; what was not foreseen may tell of paths and classes. */
  private static String reason(SlipwayException failure) {
    return failure.code() == ErrorCode.INTERNAL
        ? "it failed to load, and the server's log says why"
        : failure.getMessage();
  }

  private void goLive(List<DeploymentRoute> routes) {
    long epoch = store.commit(UnitOfWork::nextEpoch);
    Set<String> names =
        routes.stream().map(DeploymentRoute::name).collect(Collectors.toUnmodifiableSet());
    try (PreparedRouting prepared = routing.prepare(tableWith(epoch, routes), names)) {
      prepared.flip();
    }
    decided(routes);
  }

  private RoutingTable tableWith(long epoch, List<DeploymentRoute> routes) {
    Map<String, DeploymentRoute> next = new HashMap<>(live);
    Map<String, UnavailableRoute> stillUnavailable = new HashMap<>(unavailable);
    for (DeploymentRoute route : routes) {
      next.put(route.name(), route);
      stillUnavailable.remove(route.name());
    }
    return new RoutingTable(epoch, next, stillUnavailable);
  }

  private void decided(List<DeploymentRoute> routes) {
    for (DeploymentRoute route : routes) {
      live.put(route.name(), route);
      unavailable.remove(route.name());
    }
  }

  private static DeploymentRoute route(String name, ModelVersion version) {
    return new DeploymentRoute(
        name, name, List.of(new VariantRoute(version, VariantRoute.FULL_WEIGHT)));
  }

  private DeploymentStatus status(DeploymentRecord saved) {
    String name = saved.deployment().name();
    return new DeploymentStatus(
        saved.deployment(),
        saved.version(),
        routing
            .variant(name, saved.version().ref().version())
            .orElseGet(
                () ->
                    new ServedVariant(
                        name,
                        saved.version(),
                        ServedVariant.State.UNAVAILABLE,
                        "it is not in the live routing table",
                        "",
                        Scheduling.AUTO,
                        0,
                        0)));
  }

  private static List<DeploymentRecord> all(ControlView view) {
    List<DeploymentRecord> all = new ArrayList<>();
    List<Deployment> page = view.deployments("", PAGE);
    while (!page.isEmpty()) {
      page.forEach(deployment -> all.add(record(view, deployment)));
      page = view.deployments(page.getLast().name(), PAGE);
    }
    return all;
  }

  private static DeploymentRecord record(ControlView view, Deployment deployment) {
    return new DeploymentRecord(deployment, requireVersion(view, deployment.currentRef()));
  }

  private static Deployment require(ControlView view, String name) {
    return view.deployment(name)
        .orElseThrow(
            () ->
                new SlipwayException(
                    ErrorCode.NOT_FOUND, "deployment '%s' does not exist".formatted(name)));
  }

  private static ModelVersion requireVersion(ControlView view, ModelRef ref) {
    return view.version(ref)
        .orElseThrow(
            () ->
                view.obstacle(ref)
                    .map(
                        obstacle ->
                            new SlipwayException(
                                ErrorCode.FORMAT_UNSUPPORTED,
                                "model version %s cannot be deployed: %s".formatted(ref, obstacle)))
                    .orElseGet(
                        () ->
                            new SlipwayException(
                                ErrorCode.NOT_FOUND,
                                "model version %s is not registered".formatted(ref))));
  }

  /** Instants as the store keeps them, so that an answer equals what is read back. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private <T> T changing(Supplier<T> change) {
    boolean mine;
    try {
      mine = changing.tryLock(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      mine = false;
    }
    if (!mine) {
      throw new SlipwayException(
          ErrorCode.TOO_MANY_REQUESTS,
          "other deployments have been changing for %d s (expected: a turn within that)"
              .formatted(WAIT_MAX.toSeconds()));
    }
    try {
      return change.get();
    } finally {
      changing.unlock();
    }
  }
}
