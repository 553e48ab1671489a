package dev.slipway.platform.audit;

import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.RegisteredModel;
import dev.slipway.core.model.VersionCard;
import dev.slipway.store.control.DeploymentChange;
import dev.slipway.store.control.GovernanceWork;
import dev.slipway.store.control.IdentityWork;
import dev.slipway.store.control.SqlSession;
import dev.slipway.store.control.UnitOfWork;
import dev.slipway.store.control.VersionDraft;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Another unit of work, whose appended entries are told of before they are committed.
 *
 * @param appended is given the number of each entry, and may throw
 */
record WatchedUnitOfWork(UnitOfWork work, LongConsumer appended) implements UnitOfWork {
  @Override
  public long append(AuditEntry entry) {
    long index = work.append(entry);
    appended.accept(index);
    return index;
  }

  @Override
  public ModelVersion addVersion(VersionDraft draft) {
    return work.addVersion(draft);
  }

  @Override
  public int nextVersion(String model, Instant now) {
    return work.nextVersion(model, now);
  }

  @Override
  public void putVersion(ModelVersion version) {
    work.putVersion(version);
  }

  @Override
  public void putCard(VersionCard card) {
    work.putCard(card);
  }

  @Override
  public Optional<String> obstacle(ModelRef ref) {
    return work.obstacle(ref);
  }

  @Override
  public SqlSession sql() {
    return work.sql();
  }

  @Override
  public void putDeployment(DeploymentChange change) {
    work.putDeployment(change);
  }

  @Override
  public GovernanceWork governance() {
    return work.governance();
  }

  @Override
  public long nextEpoch() {
    return work.nextEpoch();
  }

  @Override
  public Optional<RegisteredModel> model(String name) {
    return work.model(name);
  }

  @Override
  public List<RegisteredModel> models(String after, int count) {
    return work.models(after, count);
  }

  @Override
  public Optional<ModelVersion> version(ModelRef ref) {
    return work.version(ref);
  }

  @Override
  public Optional<ModelVersion> latestVersion(String model) {
    return work.latestVersion(model);
  }

  @Override
  public List<ModelVersion> versions(String model) {
    return work.versions(model);
  }

  @Override
  public Set<ArtifactDigest> artifacts() {
    return work.artifacts();
  }

  @Override
  public Optional<Deployment> deployment(String name) {
    return work.deployment(name);
  }

  @Override
  public List<Deployment> deployments(String after, int count) {
    return work.deployments(after, count);
  }

  @Override
  public List<DeploymentChange> history(String deployment) {
    return work.history(deployment);
  }

  @Override
  public List<DeploymentChange> servedBy(ModelRef ref) {
    return work.servedBy(ref);
  }

  @Override
  public Optional<ContentDigest> versionState(ModelRef ref) {
    return work.versionState(ref);
  }

  @Override
  public long auditSize() {
    return work.auditSize();
  }

  @Override
  public List<byte[]> auditLeaves(long from, long to) {
    return work.auditLeaves(from, to);
  }

  @Override
  public IdentityWork identity() {
    return work.identity();
  }

  @Override
  public long epoch() {
    return work.epoch();
  }
}
