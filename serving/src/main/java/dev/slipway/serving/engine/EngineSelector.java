package dev.slipway.serving.engine;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ArtifactDigest;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.TensorSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the engine that runs a version: the one its settings name, else of those that can, the
 * faster one in a short race on made-up rows. Thread-safe.
 */
public final class EngineSelector {
  private static final Logger LOG = LoggerFactory.getLogger(EngineSelector.class);
  private static final int REMEMBERED_MAX = 10_000;

  /** About 30 ms a round and engine. */
  private static final int RACE_ROUNDS_MAX = 8;

  private static final double IMPROVEMENT = 0.95;

  private final List<ModelEngine> engines;
  private final WarmUp warmUp;
  private final Map<RaceKey, String> winners =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RaceKey, String> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  private record RaceKey(ArtifactDigest digest, EngineSettings settings) {}

  /**
   * A model that was loaded and proved to answer.
   *
   * @param engine name of the engine
   */
  public record Selected(String engine, LoadedModel model, MeasuredCost cost) {
    @Override
    public String toString() {
      return "%s (%.1f us a row, %.1f us for %d)"
          .formatted(
              engine, cost.singleNanos() / 1e3, cost.batchNanos() / 1e3, MeasuredCost.BATCH_ROWS);
    }
  }

  public EngineSelector(List<ModelEngine> engines, WarmUp warmUp) {
    this.engines = List.copyOf(engines);
    this.warmUp = warmUp;
  }

  /**
   * Loads and warms a version on the engine that suits it.
   *
   * @param known cost measured before, or UNKNOWN; where it is known nothing is measured again
   * @throws SlipwayException CONFIGURATION_INVALID if the settings name no engine there is,
   *     FORMAT_UNSUPPORTED if none can run it, or whatever the engine throws
   */
  public Selected load(ModelVersion version, ModelArtifact artifact, MeasuredCost known) {
    EngineSettings settings = version.settings().engine();
    RaceKey key = new RaceKey(artifact.digest(), settings);
    List<ModelEngine> candidates = candidates(artifact, settings);
    if (candidates.size() > 1) {
      String winner = winner(key);
      candidates =
          winner == null
              ? candidates
              : candidates.stream().filter(engine -> engine.name().equals(winner)).toList();
    }
    if (candidates.size() == 1) {
      return warmed(candidates.get(0), version, artifact, known);
    }
    Selected selected = race(candidates, version, artifact);
    remember(key, selected.engine());
    return selected;
  }

  /**
   * Reads the signature from the model itself, with the first engine that can.
   *
   * @throws SlipwayException as {@link #load}. The first engine that finds the model broken
   *     decides: native code is not asked to read what a careful reader has refused
   */
  public ModelSignature inspect(ModelArtifact artifact, EngineSettings settings) {
    List<SlipwayException> failures = new ArrayList<>();
    for (ModelEngine engine : candidates(artifact, settings)) {
      try {
        return engine.inspect(artifact);
      } catch (SlipwayException e) {
        if (e.code() != ErrorCode.FORMAT_UNSUPPORTED) {
          failures.forEach(e::addSuppressed);
          throw e;
        }
        failures.add(e);
      }
    }
    SlipwayException told = failures.getFirst();
    failures.stream().filter(failure -> failure != told).forEach(told::addSuppressed);
    throw told;
  }

  private List<ModelEngine> candidates(ModelArtifact artifact, EngineSettings settings) {
    if (!settings.engine().equals(EngineSettings.AUTO_ENGINE)) {
      ModelEngine named =
          engines.stream()
              .filter(engine -> engine.name().equals(settings.engine()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new SlipwayException(
                          ErrorCode.CONFIGURATION_INVALID,
                          "engine: %s (expected: auto or one of %s)"
                              .formatted(settings.engine(), names())));
      if (!named.supports(artifact)) {
        throw new SlipwayException(
            ErrorCode.FORMAT_UNSUPPORTED,
            "format: %s (expected: one that engine %s runs)"
                .formatted(artifact.format(), named.name()));
      }
      return List.of(named);
    }
    List<ModelEngine> able = engines.stream().filter(engine -> engine.supports(artifact)).toList();
    if (able.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.FORMAT_UNSUPPORTED,
          "format: %s (expected: one that an engine of %s runs)"
              .formatted(artifact.format(), names()));
    }
    return able;
  }

  private Selected warmed(
      ModelEngine engine, ModelVersion version, ModelArtifact artifact, MeasuredCost known) {
    LoadedModel model = engine.load(artifact, version.settings().engine());
    boolean kept = false;
    try {
      MeasuredCost cost = known;
      if (known.isKnown()) {
        warmUp.prove(version, model);
      } else {
        cost = warmUp.measure(version, model);
      }
      kept = true;
      return new Selected(engine.name(), model, cost);
    } finally {
      if (!kept) {
        model.close();
      }
    }
  }

  /**
   * Loads the version on every candidate and keeps the fastest. One that cannot load it drops out,
   * except for want of the device asked for, when the user's wish would be ignored in silence, and
   * when it finds the model broken, which native code may not survive.
   */
  private Selected race(
      List<ModelEngine> candidates, ModelVersion version, ModelArtifact artifact) {
    List<Selected> finished = new ArrayList<>();
    List<SlipwayException> failures = new ArrayList<>();
    boolean won = false;
    try {
      for (ModelEngine engine : candidates) {
        try {
          Selected selected = warmed(engine, version, artifact, MeasuredCost.UNKNOWN);
          finished.add(selected);
        } catch (SlipwayException e) {
          if (e.code() == ErrorCode.DEVICE_UNAVAILABLE || e.code() == ErrorCode.MODEL_INVALID) {
            throw e;
          }
          failures.add(e);
        }
      }
      if (finished.isEmpty()) {
        SlipwayException first = failures.get(0);
        failures.subList(1, failures.size()).forEach(first::addSuppressed);
        throw first;
      }
      settle(version, finished);
      Selected winner = winner(version, finished);
      finished.remove(winner);
      won = true;
      LOG.info("{}: {} chosen of {}", version.ref(), winner, finished);
      return winner;
    } finally {
      if (won || !finished.isEmpty()) {
        finished.forEach(loser -> loser.model().close());
      }
    }
  }

  /**
   * Measures again as long as that makes somebody faster: code that has just been loaded is still
   * being compiled, and judging it then would favour engines that run native code.
   */
  private void settle(ModelVersion version, List<Selected> finished) {
    boolean improved = finished.size() > 1;
    for (int round = 1; improved && round < RACE_ROUNDS_MAX; round++) {
      improved = false;
      for (int i = 0; i < finished.size(); i++) {
        Selected before = finished.get(i);
        MeasuredCost again =
            before.cost().isKnown()
                ? warmUp.measure(version, before.model())
                : MeasuredCost.UNKNOWN;
        if (again.isKnown()) {
          Selected after = new Selected(before.engine(), before.model(), before.cost().best(again));
          improved |= score(after) < IMPROVEMENT * score(before);
          finished.set(i, after);
        }
      }
    }
  }

  private static Selected winner(ModelVersion version, List<Selected> finished) {
    return finished.stream()
        .filter(selected -> isCompatible(version.signature(), selected.model().signature()))
        .min(Comparator.comparingDouble(EngineSelector::score))
        .orElse(finished.get(0));
  }

  /** Geometric mean of the costs of one row and of a batch; unknown costs come last. */
  private static double score(Selected selected) {
    MeasuredCost cost = selected.cost();
    if (!cost.isKnown()) {
      return Double.MAX_VALUE;
    }
    return Math.sqrt((double) cost.singleNanos() * Math.max(cost.singleNanos(), cost.batchNanos()));
  }

  /** Whether the engine sees the inputs and outputs that the version was registered with. */
  private static boolean isCompatible(ModelSignature registered, ModelSignature seen) {
    return namesAndTypes(registered.inputs()).equals(namesAndTypes(seen.inputs()))
        && namesAndTypes(registered.outputs()).equals(namesAndTypes(seen.outputs()));
  }

  private static List<String> namesAndTypes(List<TensorSpec> specs) {
    return specs.stream().map(spec -> spec.name() + " " + spec.datatype()).toList();
  }

  private synchronized @Nullable String winner(RaceKey key) {
    return winners.get(key);
  }

  private synchronized void remember(RaceKey key, String engine) {
    winners.put(key, engine);
  }

  private List<String> names() {
    return engines.stream().map(ModelEngine::name).toList();
  }
}
