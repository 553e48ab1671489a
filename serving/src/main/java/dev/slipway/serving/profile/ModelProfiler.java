package dev.slipway.serving.profile;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.core.model.ExecutionProvider;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.tensor.Shape;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.engine.ModelEngine;
import dev.slipway.serving.engine.SyntheticInputs;
import dev.slipway.serving.profile.ModelProfile.Unavailable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures a model with every engine that runs it: on each execution provider, with growing
 * batches, with one thread and more. Takes about the time its limits say and one core while it
 * runs, so that figures of a busy server are those of a busy server. Thread-safe; two profiles at
 * the same time disturb each other.
 */
public final class ModelProfiler {
  /** The engine whose providers and threads are settings; see {@link EngineSettings}. */
  private static final String ENGINE_WITH_PROVIDERS = "onnx";

  /** Lengths to try for dimensions that a signature leaves open and a model may not. */
  private static final int[] DYNAMIC_LENGTHS = {1, 8, 32, 128};

  private static final long CELL_NANOS_MIN = 10_000_000;

  /** A run longer than this many budgets of a measurement ends the growing of the batch. */
  private static final int BUDGETS_PER_RUN_MAX = 2;

  private final List<ModelEngine> engines;
  private final ProfileLimits limits;
  private final LongSupplier nanoClock;

  public ModelProfiler(List<ModelEngine> engines, ProfileLimits limits) {
    this(engines, limits, System::nanoTime);
  }

  ModelProfiler(List<ModelEngine> engines, ProfileLimits limits, LongSupplier nanoClock) {
    this.engines = List.copyOf(engines);
    this.limits = limits;
    this.nanoClock = nanoClock;
  }

  /**
   * Blocks until all is measured.
   *
   * @param signature of the version, whose ranges and categories the synthetic rows keep to
   * @throws SlipwayException if nothing can run the model: the first reason met, else
   *     FORMAT_UNSUPPORTED
   */
  public ModelProfile profile(
      ModelArtifact artifact, ModelSignature signature, ProfileListener listener) {
    List<Candidate> candidates = candidates(artifact);
    List<Integer> batches = batches(signature);
    Run run = new Run(artifact, signature, batches, candidates.size() * batches.size(), listener);
    candidates.forEach(run::measure);
    if (run.rows.isEmpty()) {
      throw run.failures.isEmpty()
          ? new SlipwayException(
              ErrorCode.FORMAT_UNSUPPORTED,
              "no engine runs %s".formatted(artifact.primaryFile().getFileName()))
          : run.failures.getFirst();
    }
    return new ModelProfile(
        run.rows,
        run.unavailable,
        SettingsAdvice.recommend(run.rows, run.blocking, limits.coresMax()));
  }

  private record Candidate(ModelEngine engine, ExecutionProvider provider, int threads) {}

  private List<Candidate> candidates(ModelArtifact artifact) {
    List<Candidate> candidates = new ArrayList<>();
    for (ModelEngine engine : engines) {
      if (!engine.supports(artifact)) {
        continue;
      }
      candidates.add(new Candidate(engine, ExecutionProvider.CPU, 1));
      if (engine.name().equals(ENGINE_WITH_PROVIDERS)) {
        for (int threads = 2; threads <= limits.coresMax(); threads *= 2) {
          candidates.add(new Candidate(engine, ExecutionProvider.CPU, threads));
        }
        for (ExecutionProvider provider : ExecutionProvider.values()) {
          if (provider != ExecutionProvider.CPU) {
            candidates.add(new Candidate(engine, provider, 1));
          }
        }
      }
    }
    return candidates;
  }

  private List<Integer> batches(ModelSignature signature) {
    List<Integer> batches = new ArrayList<>();
    if (signature.isBatched()) {
      for (int batch = 1; batch <= limits.batchMax(); batch *= 2) {
        batches.add(batch);
      }
    } else {
      Shape first = signature.inputs().getFirst().shape();
      boolean fixed = first.rank() > 0 && first.dimension(0) > 0;
      batches.add(fixed ? (int) Math.min(first.dimension(0), Integer.MAX_VALUE) : 1);
    }
    return batches;
  }

  /** One call of {@link #profile}. */
  private final class Run {
    private final ModelArtifact artifact;
    private final ModelSignature signature;
    private final List<Integer> batches;
    private final int planned;
    private final ProfileListener listener;
    private final long cellNanos;
    private final List<ProfileRow> rows = new ArrayList<>();
    private final List<Unavailable> unavailable = new ArrayList<>();
    private final List<SlipwayException> failures = new ArrayList<>();
    private final Set<String> blocking = new HashSet<>();

    Run(
        ModelArtifact artifact,
        ModelSignature signature,
        List<Integer> batches,
        int planned,
        ProfileListener listener) {
      this.artifact = artifact;
      this.signature = signature;
      this.batches = batches;
      this.planned = planned;
      this.listener = listener;
      this.cellNanos = Math.max(CELL_NANOS_MIN, limits.duration().toNanos() / Math.max(1, planned));
    }

    void measure(Candidate candidate) {
      EngineSettings settings =
          new EngineSettings(
              candidate.engine().name(),
              candidate.provider(),
              candidate.threads(),
              1,
              Scheduling.AUTO);
      try (LoadedModel model = candidate.engine().load(artifact, settings);
          InferenceSession session = model.openSession()) {
        if (model.blocks()) {
          blocking.add(candidate.engine().name());
        }
        measure(candidate, session);
      } catch (SlipwayException e) {
        failures.add(e);
        unavailable.add(
            new Unavailable(
                candidate.engine().name(), candidate.provider(), e.code() + ": " + e.getMessage()));
      }
    }

    private void measure(Candidate candidate, InferenceSession session) {
      RunTimer timer = new RunTimer(nanoClock, signature, dynamicLength(session));
      for (int batch : batches) {
        double micros = timer.microsPerRun(session, batch, cellNanos);
        ProfileRow row =
            new ProfileRow(
                candidate.engine().name(),
                candidate.provider(),
                batch,
                candidate.threads(),
                Math.max(micros, 0.001));
        rows.add(row);
        listener.measured(row, rows.size(), planned);
        if (micros * 1_000 > (double) cellNanos * BUDGETS_PER_RUN_MAX) {
          return;
        }
      }
    }

    /** The first length that the model takes; its first refusal if it takes none. */
    private int dynamicLength(InferenceSession session) {
      @Nullable SlipwayException refusal = null;
      for (int length : DYNAMIC_LENGTHS) {
        try {
          session.infer(
              SyntheticInputs.of(signature, batches.getFirst(), length, 1), Long.MAX_VALUE);
          return length;
        } catch (SlipwayException e) {
          refusal = refusal == null ? e : refusal;
        }
      }
      throw Objects.requireNonNull(refusal, "at least one length was tried");
    }
  }
}
