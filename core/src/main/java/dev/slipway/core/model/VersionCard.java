package dev.slipway.core.model;

import java.time.Instant;

/**
 * What is listed of every registered version, whether it can be deployed or not. Texts are empty
 * where there is nothing to say.
 *
 * @param source where its files came from, as it was said at the registration
 * @param runId run that made it
 * @param loggedModelId logged model that it is
 * @param stage {@code None}, {@code Staging}, {@code Production} or {@code Archived}
 * @param description people may change it
 * @param digest its frozen files; empty if it has none
 * @param obstacle why it cannot be deployed; empty if it can
 */
public record VersionCard(
    ModelRef ref,
    String source,
    String runId,
    String runLink,
    String loggedModelId,
    String stage,
    String description,
    String digest,
    String obstacle,
    Instant createdAt,
    Instant updatedAt) {
  /** Stage of a version that was never moved. */
  public static final String NO_STAGE = "None";

  /** Where the frozen files of a version are read, before the hexadecimal digest. */
  public static final String FROZEN = "mlflow-artifacts:/frozen/";

  /** The card of a version that was registered by its bytes alone. */
  public static VersionCard of(ModelVersion version) {
    return new VersionCard(
        version.ref(),
        FROZEN + version.digest().hex(),
        "",
        "",
        "",
        NO_STAGE,
        version.description(),
        version.digest().value(),
        "",
        version.registeredAt(),
        version.registeredAt());
  }
}
