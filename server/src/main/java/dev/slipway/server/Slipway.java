package dev.slipway.server;

import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.drift.AlertRule;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.protection.AccountUses;
import dev.slipway.core.table.TableLimits;
import dev.slipway.engine.onnx.OnnxEngine;
import dev.slipway.engine.remote.RemoteEngine;
import dev.slipway.engine.trees.TreeEngine;
import dev.slipway.http.SlipwayHttpServer;
import dev.slipway.http.control.ControlApi;
import dev.slipway.http.control.Mount;
import dev.slipway.http.control.V2ExampleReader;
import dev.slipway.http.mlflow.MlflowApi;
import dev.slipway.http.trace.OtlpTracing;
import dev.slipway.http.trace.Tracing;
import dev.slipway.platform.artifact.Artifacts;
import dev.slipway.platform.audit.AuditBeginning;
import dev.slipway.platform.audit.AuditLimits;
import dev.slipway.platform.audit.AuditTrail;
import dev.slipway.platform.audit.AuditedControlStore;
import dev.slipway.platform.audit.LogKey;
import dev.slipway.platform.backup.Backups;
import dev.slipway.platform.deployment.Deployments;
import dev.slipway.platform.deployment.RepositoryEntries;
import dev.slipway.platform.deployment.ServingPlaneRouting;
import dev.slipway.platform.doctor.AuditChecks;
import dev.slipway.platform.doctor.Doctor;
import dev.slipway.platform.governance.Governance;
import dev.slipway.platform.governance.ProtectedDeployments;
import dev.slipway.platform.governance.gate.Gates;
import dev.slipway.platform.identity.Accounts;
import dev.slipway.platform.identity.IdentityLimits;
import dev.slipway.platform.identity.LocalAdministrator;
import dev.slipway.platform.identity.TokenTable;
import dev.slipway.platform.identity.Tokens;
import dev.slipway.platform.lineage.Lineage;
import dev.slipway.platform.mlflow.RegisteredModels;
import dev.slipway.platform.mlflow.RegisteredVersions;
import dev.slipway.platform.monitor.CellKeeper;
import dev.slipway.platform.monitor.DriftMonitor;
import dev.slipway.platform.monitor.DriftWatch;
import dev.slipway.platform.monitor.Monitors;
import dev.slipway.platform.monitor.References;
import dev.slipway.platform.profile.Profiles;
import dev.slipway.platform.protection.KeptUse;
import dev.slipway.platform.protection.SuspicionLog;
import dev.slipway.platform.registry.ExampleInputs;
import dev.slipway.platform.registry.Registry;
import dev.slipway.platform.registry.StoredArtifacts;
import dev.slipway.platform.tracking.Experiments;
import dev.slipway.platform.tracking.LoggedModels;
import dev.slipway.platform.tracking.Runs;
import dev.slipway.platform.upload.Uploads;
import dev.slipway.platform.webhook.HostResolver;
import dev.slipway.platform.webhook.WebhookDelivery;
import dev.slipway.platform.webhook.WebhookLimits;
import dev.slipway.platform.webhook.WebhookTargets;
import dev.slipway.platform.webhook.Webhooks;
import dev.slipway.server.config.AuditFiles;
import dev.slipway.server.config.ControlLimits;
import dev.slipway.server.config.ServerConfig;
import dev.slipway.serving.ServingPlane;
import dev.slipway.serving.cells.Monitoring;
import dev.slipway.serving.engine.EngineSelector;
import dev.slipway.serving.engine.ModelEngine;
import dev.slipway.serving.engine.WarmUp;
import dev.slipway.serving.profile.ModelProfiler;
import dev.slipway.store.audit.AuditLog;
import dev.slipway.store.audit.FolderTileStore;
import dev.slipway.store.audit.LastCheckpoint;
import dev.slipway.store.audit.LastCheckpointFile;
import dev.slipway.store.backup.BackupWriter;
import dev.slipway.store.blob.BlobStore;
import dev.slipway.store.control.CommittedLeaves;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.control.PostgresControlStore;
import dev.slipway.store.control.SqliteControlStore;
import dev.slipway.store.data.DataFolder;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLSocketFactory;

/** The whole server in one process. */
public final class Slipway implements AutoCloseable {
  /** Share of the requests that begin a trace here which are recorded. */
  private static final double EVERY_REQUEST = 1;

  private final SlipwayHttpServer http;
  private final CloseStack parts;
  private final Path tokenFile;
  private final boolean invited;

  private Slipway(SlipwayHttpServer http, CloseStack parts, Path tokenFile, boolean invited) {
    this.http = http;
    this.parts = parts;
    this.tokenFile = tokenFile;
    this.invited = invited;
  }

  /**
   * Starts everything, and returns when it answers.
   *
   * @throws dev.slipway.core.error.SlipwayException CONFIGURATION_INVALID, with one line for a
   *     person, if it cannot start so; nothing keeps running then
   */
  public static Slipway start(ServerConfig config) {
    InstantSource clock = InstantSource.system();
    SafeAddress.require(config);
    FreePort.require(config.http().host(), config.http().port());
    CloseStack parts = new CloseStack();
    try {
      ControlLimits limits = config.control();
      DataFolder data = parts.push(DataFolder.open(config.data()));
      // Both load much that is used for the first time, and neither needs the other.
      OpeningDatabase opening =
          parts.push(new OpeningDatabase(() -> database(config, data, clock)));
      List<ModelEngine> engines = List.of(new TreeEngine(), new OnnxEngine(), new RemoteEngine());
      ControlStore database = opening.await();
      AuditBeginning.write(database, clock.instant());
      LastCheckpointFile kept = new LastCheckpointFile(config.audit().checkpointFile(data));
      AuditTrail trail = parts.push(auditTrail(config.audit(), data, database, kept, clock));
      ControlStore store = new AuditedControlStore(database, trail);
      ArtifactPlaces places = ArtifactPlaces.open(config, data, trail.log().verifier(), parts);
      BlobStore blobs = places.registered();

      StoredArtifacts artifacts = new StoredArtifacts(blobs);
      V2ExampleReader examples = new V2ExampleReader(config.http().decodeLimits());
      Registry registry = new Registry(store, blobs, engines, examples, limits.registry(), clock);
      if (hasAllThatWasSigned(database, kept)) {
        registry.discardUnregistered();
      }
      EngineSelector selector = new EngineSelector(engines, new WarmUp(version -> List.of()));
      References references =
          new References(store, registry, artifacts, selector, TableLimits.DEFAULT, clock);
      CellKeeper cells = parts.push(CellKeeper.start(store, CellKeeper.SAVED_EVERY, clock));
      ServingPlane plane =
          parts.push(
              new ServingPlane(
                  config.serving(),
                  engines,
                  artifacts,
                  new ExampleInputs(examples),
                  new Monitoring(UUID.randomUUID().toString(), references, cells, clock)));
      Governance governance =
          Governance.of(
              store,
              registry,
              trail,
              trail.log().verifier(),
              artifacts,
              selector,
              Gates.all(new ExampleInputs(examples), ServerConfig.version()),
              clock,
              ServerConfig.version());
      Deployments deployments =
          new Deployments(store, new ServingPlaneRouting(plane), governance.protection(), clock);
      deployments.restore();
      TokenTable table = new TokenTable(config.access().certificates());
      SecureRandom random = new SecureRandom();
      Tokens tokens = new Tokens(store, table, IdentityLimits.DEFAULT, random, clock);
      Accounts accounts = new Accounts(store, table, tokens, IdentityLimits.DEFAULT, random, clock);
      Path tokenFile = config.access().tokenFile(data);
      boolean invited =
          new LocalAdministrator(store, table, tokens, accounts, IdentityLimits.DEFAULT, clock)
              .prepare(tokenFile);
      if (!config.demo().isEmpty()) {
        Demo.named(config.demo()).deploy(registry, references, deployments, data.temporary());
      }

      Profiles profiles =
          new Profiles(registry, artifacts, new ModelProfiler(engines, limits.profile()));
      Doctor doctor =
          new Doctor(
              data,
              store,
              blobs,
              registry,
              deployments,
              new AuditChecks(store, trail, kept),
              limits.doctor(),
              clock);

      WebhookTargets targets = new WebhookTargets(config.webhookPlaces(), HostResolver.system());
      parts.push(
          WebhookDelivery.start(
              store,
              trail.log().verifier().name(),
              targets,
              (SSLSocketFactory) SSLSocketFactory.getDefault(),
              WebhookLimits.DEFAULT,
              clock));
      DriftMonitor drift = new DriftMonitor(store, AlertRule.DEFAULT, clock);
      DriftWatch watch = parts.push(DriftWatch.start(drift, DriftWatch.EVERY));
      ControlApi control =
          new ControlApi(
              registry,
              deployments,
              profiles,
              doctor,
              new Uploads(data.temporary(), limits.uploads()),
              trail,
              accounts,
              tokens,
              governance,
              new ProtectedDeployments(store, deployments, governance.promotions()),
              new Lineage(store),
              new Backups(data.backups(), backup(config, data, store), store, clock),
              new Webhooks(store, targets, WebhookLimits.DEFAULT, random, clock),
              new Monitors(references, cells, drift, watch),
              clock);
      Artifacts files = new Artifacts(places.logged(), blobs, store, clock);
      MlflowApi mlflow =
          new MlflowApi(
              new Experiments(store, clock),
              new Runs(store, clock),
              new LoggedModels(store, clock),
              new RegisteredModels(store, governance.places(), clock),
              new RegisteredVersions(store, files, registry, governance.places(), clock),
              files);

      AccountUses uses =
          new AccountUses(
              config.protection(),
              new SuspicionLog(store, clock),
              KeptUse.earlier(store, clock.instant()),
              clock);
      parts.push(KeptUse.start(store, uses, KeptUse.SAVED_EVERY));

      Tracing tracing = parts.push(tracing(config));
      Entrance entrance = Entrance.open(config.access(), table, uses, random, clock, parts);
      List<Mount> mounts = new ArrayList<>(entrance.mounts());
      mounts.add(new Mount("/api/v1/", control));
      mounts.addAll(mlflow.mounts());
      SlipwayHttpServer http =
          parts.push(
              SlipwayHttpServer.start(
                  config.http(),
                  plane,
                  mounts,
                  tracing,
                  entrance.access(),
                  new RepositoryEntries(store, clock)));
      places.bringEarlier(store, parts);
      return new Slipway(http, parts, tokenFile, invited);
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  private static ControlStore database(ServerConfig config, DataFolder data, InstantSource clock) {
    return config.database() == null
        ? new SqliteControlStore(data.database(), clock)
        : new PostgresControlStore(config.database(), data.backups(), clock);
  }

  private static BackupWriter backup(ServerConfig config, DataFolder data, ControlStore store) {
    BackupWriter all =
        new BackupWriter(
            data, store, config.audit().keyFile(data), config.audit().checkpointFile(data));
    return config.artifacts() == null ? all : all.withoutArtifacts();
  }

  /**
   * Whether the database is at least as new as the log. One that was put back, or is another, does
   * not know every artifact any more, and none may be taken for forgotten.
   */
  private static boolean hasAllThatWasSigned(ControlStore database, LastCheckpoint kept) {
    try {
      long signed = kept.read().map(last -> last.checkpoint().size()).orElse(0L);
      return signed <= database.read(ControlView::auditSize);
    } catch (SlipwayException e) {
      return false; // The trail says what is wrong.
    }
  }

  private static AuditTrail auditTrail(
      AuditFiles files,
      DataFolder data,
      ControlStore database,
      LastCheckpoint kept,
      InstantSource clock) {
    CommittedLeaves leaves = new CommittedLeaves(database);
    FolderTileStore tiles = new FolderTileStore(data.auditLog());
    SigningKey key = LogKey.readOrCreate(files.keyFile(data), new SecureRandom());
    AuditLog log = new AuditLog(leaves, tiles, kept, key, clock);
    return new AuditTrail(log, tiles, leaves, AuditLimits.DEFAULT);
  }

  private static Tracing tracing(ServerConfig config) {
    if (config.otlpEndpoint().isEmpty()) {
      return Tracing.OFF;
    }
    try {
      return new OtlpTracing(
          URI.create(config.otlpEndpoint()), EVERY_REQUEST, ServerConfig.version());
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID,
          "otlp-endpoint: '%s' (expected: a URL such as http://localhost:4318/v1/traces)"
              .formatted(config.otlpEndpoint()),
          e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return http.port();
  }

  /** The file of the local administrator's token. */
  Path tokenFile() {
    return tokenFile;
  }

  /** Whether this is the first start, and a first person may come in. */
  boolean invited() {
    return invited;
  }

  /** Drains, then stops everything in the opposite order of the start. */
  @Override
  public void close() {
    parts.close();
  }
}
