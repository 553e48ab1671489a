package dev.slipway.platform.registry;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.ModelEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The engines that may run an artifact, the preferred one first. */
final class EngineChoice {
  private final List<ModelEngine> engines;

  EngineChoice(List<ModelEngine> engines) {
    this.engines = List.copyOf(engines);
  }

  /**
   * The signature, from the first engine that can read the model.
   *
   * @throws SlipwayException as {@link ModelEngine#inspect}
   */
  ModelSignature inspect(ModelArtifact artifact, EngineSettings settings) {
    return first(artifact, settings, engine -> engine.inspect(artifact));
  }

  /**
   * What {@code use} makes of the first engine with which it succeeds.
   *
   * @throws SlipwayException of the first engine, with those of the others suppressed, if none does
   */
  <T> T first(ModelArtifact artifact, EngineSettings settings, Function<ModelEngine, T> use) {
    List<SlipwayException> failures = new ArrayList<>();
    for (ModelEngine engine : candidates(artifact, settings)) {
      try {
        return use.apply(engine);
      } catch (SlipwayException e) {
        failures.add(e);
      }
    }
    // That a model is broken says more than that some engine does not run its kind.
    SlipwayException told =
        failures.stream()
            .filter(failure -> failure.code() != ErrorCode.FORMAT_UNSUPPORTED)
            .findFirst()
            .orElse(failures.getFirst());
    failures.stream().filter(failure -> failure != told).forEach(told::addSuppressed);
    throw told;
  }

  private List<ModelEngine> candidates(ModelArtifact artifact, EngineSettings settings) {
    String wanted = settings.engine();
    List<ModelEngine> able;
    if (wanted.equals(EngineSettings.AUTO_ENGINE)) {
      able = engines.stream().filter(engine -> engine.supports(artifact)).toList();
    } else {
      List<String> names = engines.stream().map(ModelEngine::name).toList();
      if (!names.contains(wanted)) {
        throw new SlipwayException(
            ErrorCode.CONFIGURATION_INVALID,
            "engine: %s (expected: auto, %s)".formatted(wanted, String.join(", ", names)));
      }
      able =
          engines.stream()
              .filter(engine -> engine.name().equals(wanted) && engine.supports(artifact))
              .toList();
    }
    if (able.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.FORMAT_UNSUPPORTED,
          "%s: no engine here runs %s%s"
              .formatted(
                  artifact.root().relativize(artifact.primaryFile()),
                  artifact.format(),
                  wanted.equals(EngineSettings.AUTO_ENGINE) ? "" : " with engine: " + wanted));
    }
    return able;
  }
}
