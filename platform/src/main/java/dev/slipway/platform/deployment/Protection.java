package dev.slipway.platform.deployment;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.Deployment;
import dev.slipway.core.model.Environment;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.store.control.DeploymentChange.Kind;
import dev.slipway.store.control.UnitOfWork;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What guards the deployments of protected environments; it is never asked about others. */
public interface Protection {
  /** For where nobody can approve: nothing is let in. */
  Protection CLOSED =
      new Protection() {
        @Override
        public void requireLoadable(
            String deployment, Environment environment, ModelVersion version) {
          throw new SlipwayException(
              ErrorCode.POLICY_REFUSED,
              "environment %s: nothing is promoted here (expected: dev)".formatted(environment));
        }

        @Override
        public long onChange(
            UnitOfWork work,
            @Nullable Deployment before,
            Deployment after,
            ModelVersion version,
            Kind kind,
            Instant now) {
          throw new IllegalStateException("nothing is loadable here");
        }
      };

  /**
   * Lets a version be loaded there, at a change, a rollback or a restart.
   *
   * @throws dev.slipway.core.error.SlipwayException POLICY_REFUSED with what is missing
   */
  void requireLoadable(String deployment, Environment environment, ModelVersion version);

  /**
   * Takes part in the commit of a change.
   *
   * @param before null if the deployment is new
   * @param version what serves after
   * @return number of the promotion that allows it
   * @throws dev.slipway.core.error.SlipwayException if nothing allows it any more; then nothing is
   *     committed
   */
  long onChange(
      UnitOfWork work,
      @Nullable Deployment before,
      Deployment after,
      ModelVersion version,
      Kind kind,
      Instant now);
}
