package dev.slipway.core.model;

/**
 * Everything about serving a version that its owner may set.
 *
 * @param cacheEnabled whether equal requests are answered from the response cache; only for
 *     deterministic models
 */
public record ModelSettings(EngineSettings engine, BatchSettings batch, boolean cacheEnabled) {
  public static final ModelSettings DEFAULT =
      new ModelSettings(EngineSettings.DEFAULT, BatchSettings.DEFAULT, false);
}
