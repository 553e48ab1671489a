package dev.slipway.http.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.drift.AlertRule;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Rights;
import dev.slipway.core.identity.Role;
import dev.slipway.core.table.TableLimits;
import dev.slipway.http.identity.AccessCounts;
import dev.slipway.http.identity.Caller;
import dev.slipway.platform.audit.AuditLimits;
import dev.slipway.platform.audit.AuditTrail;
import dev.slipway.platform.audit.AuditedControlStore;
import dev.slipway.platform.audit.LogKey;
import dev.slipway.platform.backup.Backups;
import dev.slipway.platform.deployment.Deployments;
import dev.slipway.platform.deployment.ServingPlaneRouting;
import dev.slipway.platform.doctor.AuditChecks;
import dev.slipway.platform.doctor.Doctor;
import dev.slipway.platform.doctor.DoctorLimits;
import dev.slipway.platform.governance.Governance;
import dev.slipway.platform.governance.ProtectedDeployments;
import dev.slipway.platform.governance.gate.Gates;
import dev.slipway.platform.identity.Accounts;
import dev.slipway.platform.identity.IdentityLimits;
import dev.slipway.platform.identity.TokenTable;
import dev.slipway.platform.identity.Tokens;
import dev.slipway.platform.lineage.Lineage;
import dev.slipway.platform.monitor.CellKeeper;
import dev.slipway.platform.monitor.DriftMonitor;
import dev.slipway.platform.monitor.DriftWatch;
import dev.slipway.platform.monitor.Monitors;
import dev.slipway.platform.monitor.References;
import dev.slipway.platform.profile.Profiles;
import dev.slipway.platform.registry.ExampleInputs;
import dev.slipway.platform.registry.Registry;
import dev.slipway.platform.registry.RegistryLimits;
import dev.slipway.platform.registry.StoredArtifacts;
import dev.slipway.platform.upload.UploadLimits;
import dev.slipway.platform.upload.Uploads;
import dev.slipway.platform.webhook.HostResolver;
import dev.slipway.platform.webhook.WebhookLimits;
import dev.slipway.platform.webhook.WebhookTargets;
import dev.slipway.platform.webhook.Webhooks;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.serving.ServingLimits;
import dev.slipway.serving.ServingPlane;
import dev.slipway.serving.cells.Monitoring;
import dev.slipway.serving.engine.EngineSelector;
import dev.slipway.serving.engine.ModelEngine;
import dev.slipway.serving.engine.WarmUp;
import dev.slipway.serving.profile.ModelProfiler;
import dev.slipway.serving.profile.ProfileLimits;
import dev.slipway.store.audit.AuditLog;
import dev.slipway.store.audit.FolderTileStore;
import dev.slipway.store.audit.LastCheckpointFile;
import dev.slipway.store.backup.BackupWriter;
import dev.slipway.store.blob.FileBlobStore;
import dev.slipway.store.blob.TreeLimits;
import dev.slipway.store.control.CommittedLeaves;
import dev.slipway.store.control.ControlStore;
import dev.slipway.store.control.SqliteControlStore;
import dev.slipway.store.data.DataFolder;
import dev.slipway.testkit.engine.LinearEngine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The control API over a store, a log and engines that are real, in a folder of the test's. */
final class ControlApiScene {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** May do what administrators may. */
  static final Caller ADMINISTRATOR = caller("ops", PrincipalKind.SERVICE, Rights.of(Role.ADMIN));

  final DataFolder data;
  final AuditTrail trail;
  final ControlApi api;
  private final List<AutoCloseable> parts;

  /** An answer with a body of JSON or text. */
  record Answer(int status, String contentType, String text) {
    JsonNode body() throws IOException {
      return JSON.readTree(text);
    }
  }

  ControlApiScene(Path folder) {
    InstantSource clock = InstantSource.system();
    data = DataFolder.open(folder.resolve("data"));
    SqliteControlStore database = new SqliteControlStore(data.database(), clock);
    LastCheckpointFile kept = new LastCheckpointFile(data.auditCheckpoint());
    CommittedLeaves leaves = new CommittedLeaves(database);
    FolderTileStore tiles = new FolderTileStore(data.auditLog());
    SigningKey key = LogKey.readOrCreate(data.auditKey(), new SecureRandom());
    trail =
        new AuditTrail(
            new AuditLog(leaves, tiles, kept, key, clock), tiles, leaves, AuditLimits.DEFAULT);
    ControlStore store = new AuditedControlStore(database, trail);
    FileBlobStore blobs = new FileBlobStore(data.blobs(), TreeLimits.DEFAULT);
    List<ModelEngine> engines = List.of(new LinearEngine());
    StoredArtifacts artifacts = new StoredArtifacts(blobs);
    V2ExampleReader examples = new V2ExampleReader(DecodeLimits.DEFAULT);
    Registry registry =
        new Registry(store, blobs, engines, examples, RegistryLimits.DEFAULT, clock);
    References references =
        new References(
            store,
            registry,
            artifacts,
            new EngineSelector(engines, new WarmUp(version -> List.of())),
            TableLimits.DEFAULT,
            clock);
    CellKeeper cells = CellKeeper.start(store, Duration.ofMillis(20), clock);
    ServingPlane plane =
        new ServingPlane(
            ServingLimits.DEFAULT,
            engines,
            artifacts,
            version -> List.of(),
            new Monitoring("scene", references, cells, clock));
    DriftMonitor drift = new DriftMonitor(store, AlertRule.DEFAULT, clock);
    DriftWatch watch = DriftWatch.start(drift, Duration.ofMillis(50));
    Governance governance =
        Governance.of(
            store,
            registry,
            trail,
            trail.log().verifier(),
            artifacts,
            new EngineSelector(engines, new WarmUp(version -> List.of())),
            Gates.all(new ExampleInputs(examples), "test"),
            clock,
            "test");
    Deployments deployments =
        new Deployments(store, new ServingPlaneRouting(plane), governance.protection(), clock);
    ModelProfiler profiler =
        new ModelProfiler(engines, new ProfileLimits(Duration.ofMillis(50), 2, 1));
    TokenTable table = new TokenTable();
    Tokens tokens = new Tokens(store, table, IdentityLimits.DEFAULT, new SecureRandom(), clock);
    api =
        new ControlApi(
            registry,
            deployments,
            new Profiles(registry, artifacts, profiler),
            new Doctor(
                data,
                store,
                blobs,
                registry,
                deployments,
                new AuditChecks(store, trail, kept),
                DoctorLimits.DEFAULT,
                clock),
            new Uploads(data.temporary(), UploadLimits.DEFAULT),
            trail,
            new Accounts(store, table, tokens, IdentityLimits.DEFAULT, new SecureRandom(), clock),
            tokens,
            governance,
            new ProtectedDeployments(store, deployments, governance.promotions()),
            new Lineage(store),
            new Backups(
                data.backups(),
                new BackupWriter(data, store, data.auditKey(), data.auditCheckpoint()),
                store,
                clock),
            new Webhooks(
                store,
                new WebhookTargets(Set.of(), HostResolver.system()),
                WebhookLimits.DEFAULT,
                new SecureRandom(),
                clock),
            new Monitors(references, cells, drift, watch),
            clock);
    parts = List.of(watch, plane, cells, trail, database, data);
  }

  static Caller caller(String name, PrincipalKind kind, Rights rights) {
    return new Caller(
        new Principal(name, kind, new Actor.ServiceAccount(name), rights, null),
        new AccessCounts());
  }

  Answer call(
      Caller caller, String method, String path, Map<String, String> query, InputStream body) {
    return call(caller, method, path, query, Map.of(), body);
  }

  Answer call(
      Caller caller,
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      InputStream body) {
    ControlResponse response =
        api.handle(new ControlRequest(method, path, query, headers, caller, body, "request-1"));
    return new Answer(
        response.status(), response.contentType(), new String(response.body(), UTF_8));
  }

  void close() throws Exception {
    for (AutoCloseable part : parts) {
      part.close();
    }
  }
}
