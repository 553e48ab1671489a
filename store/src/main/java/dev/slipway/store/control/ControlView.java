package dev.slipway.store.control;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.RegisteredModel;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One consistent state of the control plane. Valid, and used by one thread, inside the call it is
 * given to.
 */
public interface ControlView {
  Optional<RegisteredModel> model(String name);

  /**
   * Models in the order of their names.
   *
   * @param after names greater than this one; empty means from the first
   * @param count at most so many, {@code >= 1}
   */
  List<RegisteredModel> models(String after, int count);

  Optional<ModelVersion> version(ModelRef ref);

  Optional<ModelVersion> latestVersion(String model);

  /** Versions of a model, the newest first. */
  List<ModelVersion> versions(String model);

  /** Every artifact that a version names, once. */
  Set<ArtifactDigest> artifacts();

  Optional<Deployment> deployment(String name);

  /** As {@link #models}. */
  List<Deployment> deployments(String after, int count);

  /** A deployment's changes, the newest first. */
  List<DeploymentChange> history(String deployment);

  /** The changes that made a version serve, the oldest first. */
  List<DeploymentChange> servedBy(ModelRef ref);

  /**
   * Digest of everything that is kept about a version, to be compared with what the audit log says
   * about its registration.
   *
   * @return empty if the version is not registered
   */
  Optional<ContentDigest> versionState(ModelRef ref);

  /** How many entries the audit log has. */
  long auditSize();

  /**
   * Entries of the audit log as they were written, in order.
   *
   * @param from number of the first, {@code >= 0}
   * @param to number after the last, from {@code from} to {@link #auditSize}
   * @throws dev.slipway.core.error.SlipwayException STORE_CORRUPT if one of them is missing
   */
  List<byte[]> auditLeaves(long from, long to);

  /** The promotions, evidence and policies. */
  GovernanceView governance();

  /** The accounts, tokens and invitations. */
  IdentityView identity();

  /** Number of the newest routing table; 0 before the first. */
  long epoch();

  /**
   * Why a registered version cannot be deployed.
   *
   * @return empty if it can, or is not registered
   */
  Optional<String> obstacle(ModelRef ref);

  /**
   * The transaction itself, for the tables of other features. Inside a {@link ControlStore#read} it
   * is for queries only.
   */
  SqlSession sql();
}
