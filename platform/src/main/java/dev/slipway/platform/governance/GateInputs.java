package dev.slipway.platform.governance;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Promotion;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.table.TableLimits;
import dev.slipway.platform.governance.gate.Endpoint;
import dev.slipway.platform.governance.gate.GateSubject;
import dev.slipway.platform.governance.holdout.Holdout;
import dev.slipway.platform.rows.RowModel;
import dev.slipway.serving.engine.ArtifactSource;
import dev.slipway.serving.engine.EngineSelector;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.store.control.ControlStore;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Makes what gates look at, out of a promotion and what a person gave. Thread-safe. */
public final class GateInputs {
  private final ControlStore store;
  private final ArtifactSource artifacts;
  private final EngineSelector engines;
  private final TableLimits limits;

  GateInputs(
      ControlStore store, ArtifactSource artifacts, EngineSelector engines, TableLimits limits) {
    this.store = store;
    this.artifacts = artifacts;
    this.engines = engines;
    this.limits = limits;
  }

  /**
   * Where a version answers already.
   *
   * @param server this one
   * @param deployment that serves the version
   */
  public record ServedBy(URI server, String deployment) {}

  /**
   * What the gates of a promotion look at.
   *
   * @param holdout file with rows whose outcome is known; null if none was given
   * @param servedBy where the candidate answers; null if nowhere
   * @throws SlipwayException NOT_FOUND if the version is gone, BAD_REQUEST if the rows cannot be
   *     read
   */
  GateSubject subject(Promotion promotion, @Nullable Path holdout, @Nullable ServedBy servedBy) {
    ModelVersion candidate =
        store.read(
            view ->
                PromotableVersions.require(view, promotion.ref(), promotion.binding().target()));
    return new GateSubject(
        candidate,
        artifacts.artifact(candidate),
        store
            .read(view -> PromotionChanges.incumbent(view, promotion.binding().target()))
            .orElse(null),
        holdout == null ? null : Holdout.read(holdout, limits),
        version -> RowModel.open(version, artifacts.artifact(version), engines),
        servedBy == null ? null : endpoint(servedBy, candidate.ref()));
  }

  /**
   * What gates look at of a version that is not registered.
   *
   * @param artifact its bytes
   * @param incumbent what it is compared with; null if nothing serves yet
   * @param holdout as for a promotion
   * @throws SlipwayException BAD_REQUEST if the rows cannot be read
   */
  GateSubject subject(
      ModelVersion candidate,
      ModelArtifact artifact,
      @Nullable ModelVersion incumbent,
      @Nullable Path holdout) {
    return new GateSubject(
        candidate,
        artifact,
        incumbent,
        holdout == null ? null : Holdout.read(holdout, limits),
        version ->
            RowModel.open(
                version,
                version.digest().equals(candidate.digest())
                    ? artifact
                    : artifacts.artifact(version),
                engines),
        null);
  }

  private Endpoint endpoint(ServedBy servedBy, ModelRef candidate) {
    String deployment = servedBy.deployment();
    ModelRef serving =
        store
            .read(view -> view.deployment(deployment))
            .orElseThrow(
                () ->
                    new SlipwayException(
                        ErrorCode.NOT_FOUND,
                        "deployment '%s' does not exist".formatted(deployment)))
            .currentRef();
    if (!serving.equals(candidate)) {
      throw new SlipwayException(
          ErrorCode.CONFLICT,
          "deployment %s serves %s (expected: %s, of slipway deploy %s --to %s)"
              .formatted(deployment, serving, candidate, candidate, deployment));
    }
    return new Endpoint(servedBy.server(), new ModelRef(deployment, candidate.version()));
  }
}
