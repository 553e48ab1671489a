package dev.slipway.serving;

/**
 * What the serving plane may use.
 *
 * @param concurrentRequestsMax requests accepted and not yet answered, over all models of a loop
 * @param queueCapacityDefault most requests waiting for one model where its settings name no number
 * @param workerThreads threads shared by the models that run off the event loop
 * @param modelMemoryBytesMax memory budget of the model pool
 * @param cacheBytesMax memory budget of the response cache
 */
public record ServingLimits(
    int concurrentRequestsMax,
    int queueCapacityDefault,
    int workerThreads,
    long modelMemoryBytesMax,
    long cacheBytesMax) {
  public static final ServingLimits DEFAULT =
      new ServingLimits(
          20_000,
          4_096,
          Math.max(1, Runtime.getRuntime().availableProcessors()),
          1L << 30,
          64L << 20);
}
