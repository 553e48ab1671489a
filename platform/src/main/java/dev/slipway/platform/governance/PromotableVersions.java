package dev.slipway.platform.governance;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.PromotionTarget;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.ArtifactFormat;
import dev.slipway.core.model.ListedVersion;
import dev.slipway.core.model.ModelRef;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.VersionCard;
import dev.slipway.store.control.ControlView;
import dev.slipway.store.registry.RegistryTables;
import java.util.List;
import java.util.Optional;

/**
 * The versions that can be promoted. To an alias or a stage these are also versions of a flavor
 * that is not served here: their files are frozen, so that gates which look at files can judge
 * them, and gates which ask the model fail.
 */
final class PromotableVersions {
  private PromotableVersions() {}

  /**
   * A version as gates and bindings see it.
   *
   * @return empty if it is not registered, or has no files
   */
  static Optional<ModelVersion> find(ControlView view, ModelRef ref) {
    return view.version(ref)
        .or(
            () ->
                new RegistryTables(view.sql())
                    .version(ref)
                    .map(ListedVersion::card)
                    .filter(card -> !card.digest().isEmpty())
                    .map(PromotableVersions::unserved));
  }

  private static ModelVersion unserved(VersionCard card) {
    return new ModelVersion(
        card.ref(),
        new ArtifactDigest(card.digest()),
        ArtifactFormat.UNSERVED,
        "",
        new ModelSignature(List.of(), List.of()),
        ModelSettings.DEFAULT,
        card.description(),
        "",
        0,
        card.createdAt());
  }

  /**
   * The version that is to go to a place.
   *
   * @throws SlipwayException NOT_FOUND if it is not registered; POLICY_REFUSED if it can never be
   *     at such a place
   */
  static ModelVersion require(ControlView view, ModelRef ref, PromotionTarget target) {
    ModelVersion version =
        find(view, ref)
            .orElseThrow(
                () ->
                    new RegistryTables(view.sql()).version(ref).isPresent()
                        ? refused(ref, target, "it has no files, so no gate can look at it")
                        : new SlipwayException(
                            ErrorCode.NOT_FOUND,
                            "model version %s is not registered".formatted(ref)));
    if (target instanceof PromotionTarget.OfDeployment
        && version.format() == ArtifactFormat.UNSERVED) {
      throw refused(ref, target, view.obstacle(ref).orElse("no engine here serves it"));
    }
    return version;
  }

  private static SlipwayException refused(ModelRef ref, PromotionTarget target, String why) {
    return new SlipwayException(
        ErrorCode.POLICY_REFUSED, "%s may not go to %s: %s".formatted(ref, target.label(), why));
  }
}
