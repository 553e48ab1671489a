package dev.slipway.serving;

import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.serving.batching.QueuePolicy;
import dev.slipway.serving.metrics.VariantKey;
import dev.slipway.serving.pool.PooledModel;
import dev.slipway.serving.validation.RequestValidator;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A version in a deployment with everything the loops share of it. Thread-safe.
 *
 * <p>It lives from the plan that names it first until every loop has answered its last request
 * after a plan that no longer names it.
 */
final class PlannedVariant {
  private final VariantKey key;
  private final ModelVersion version;
  private final PooledModel model;
  private final RequestValidator validator;
  private final QueuePolicy policy;
  private final AtomicInteger loopsLeft = new AtomicInteger();
  private volatile Runnable onLeft = () -> {};

  PlannedVariant(String deployment, ModelVersion version, PooledModel model, ServingLimits limits) {
    this.key = new VariantKey(deployment, version.ref().version());
    this.version = version;
    this.model = model;
    this.validator = new RequestValidator(version.signature());
    ModelSettings settings = version.settings();
    this.policy =
        new QueuePolicy(
            settings.batch(),
            version.signature().isBatched(),
            limits.queueCapacityDefault(),
            instances(settings.engine(), limits));
  }

  /** For each loop, as many runs at a time as there are workers, where the user set no number. */
  private static int instances(EngineSettings settings, ServingLimits limits) {
    return settings.instances() > 0
        ? settings.instances()
        : Math.max(1, limits.workerThreads() / settings.intraOpThreads());
  }

  VariantKey key() {
    return key;
  }

  ModelVersion version() {
    return version;
  }

  PooledModel model() {
    return model;
  }

  RequestValidator validator() {
    return validator;
  }

  QueuePolicy policy() {
    return policy;
  }

  /** Before the plan without it goes out: {@code done} runs when the last loop has left. */
  void leaving(int loops, Runnable done) {
    onLeft = done;
    loopsLeft.set(loops);
    if (loops == 0) {
      done.run();
    }
  }

  /** One loop has answered its last request. */
  void left() {
    if (loopsLeft.decrementAndGet() == 0) {
      onLeft.run();
    }
  }
}
