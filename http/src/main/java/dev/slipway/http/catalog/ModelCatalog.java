package dev.slipway.http.catalog;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.ExecutionProvider;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.routing.RepositoryLog;
import dev.slipway.protocol.metadata.ModelConfiguration;
import dev.slipway.protocol.metadata.ModelIndexEntry;
import dev.slipway.protocol.metadata.ModelMetadata;
import dev.slipway.protocol.metadata.ModelStatisticsEntry;
import dev.slipway.protocol.metadata.ModelStatisticsEntry.BatchEntry;
import dev.slipway.protocol.metadata.ModelStatisticsEntry.Stages;
import dev.slipway.protocol.metadata.ModelStatisticsEntry.Total;
import dev.slipway.protocol.metadata.ServerMetadata;
import dev.slipway.serving.ServedVariant;
import dev.slipway.serving.ServingPlane;
import dev.slipway.serving.metrics.BatchTotals;
import dev.slipway.serving.metrics.HistogramSnapshot;
import dev.slipway.serving.metrics.Outcome;
import dev.slipway.serving.metrics.Stage;
import dev.slipway.serving.metrics.VariantKey;
import dev.slipway.serving.metrics.VariantSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Describes the server and its models. Thread-safe. */
public final class ModelCatalog {
  /** The extensions that this server really has. */
  private static final List<String> EXTENSIONS =
      List.of(
          "binary_tensor_data",
          "classification",
          "model_configuration",
          "model_repository",
          "parameters",
          "schedule_policy",
          "statistics");

  private final ServingPlane plane;
  private final String serverVersion;
  private final RepositoryLog log;
  private final AtomicBoolean draining;

  /**
   * @param log is told of loads and unloads
   * @param draining while true, the server says that it is not ready
   */
  public ModelCatalog(
      ServingPlane plane, String serverVersion, RepositoryLog log, AtomicBoolean draining) {
    this.plane = plane;
    this.serverVersion = serverVersion;
    this.log = log;
    this.draining = draining;
  }

  public ServerMetadata server() {
    return new ServerMetadata("slipway", serverVersion, EXTENSIONS);
  }

  /** Whether every deployed model has answered a real inference, and the server is to stay. */
  public boolean isServerReady() {
    return plane.isReady() && !draining.get();
  }

  /**
   * The variant that answers for a name.
   *
   * @param version 0 means the deployment's own choice
   * @throws SlipwayException NOT_FOUND if no such variant is live
   */
  public ServedVariant require(String model, int version) {
    return plane.variant(model, version).orElseThrow(() -> notFound(model, version));
  }

  private SlipwayException notFound(String model, int version) {
    List<String> versions = versions(model);
    return new SlipwayException(
        ErrorCode.NOT_FOUND,
        versions.isEmpty()
            ? "model: '%s' (expected: the name of a deployment)".formatted(model)
            : "model: '%s' version %d (expected: one of %s)".formatted(model, version, versions));
  }

  private List<String> versions(String model) {
    return plane.variants().stream()
        .filter(variant -> variant.deployment().equals(model))
        .map(variant -> Integer.toString(variant.version().ref().version()))
        .toList();
  }

  /** Whether a request for it would be answered, after a load at worst. */
  public boolean isReady(ServedVariant variant) {
    return switch (variant.state()) {
      case READY, EVICTED -> true;
      case LOADING, UNLOADED, UNAVAILABLE -> false;
    };
  }

  /**
   * @throws SlipwayException as {@link #require}
   */
  public ModelMetadata metadata(String model, int version) {
    ServedVariant variant = require(model, version);
    ModelVersion served = variant.version();
    return new ModelMetadata(
        model,
        versions(model),
        platform(served),
        served.signature(),
        Map.of("digest", served.digest().value(), "engine", variant.engine()));
  }

  /** Who made the model and in which form, as Triton names it where Triton knows it. */
  private static String platform(ModelVersion version) {
    return switch (version.format()) {
      case ONNX -> "onnxruntime_onnx";
      case XGBOOST_UBJ -> "xgboost_ubj";
      case XGBOOST_JSON -> "xgboost_json";
      case LIGHTGBM_TEXT -> "lightgbm_text";
      case REMOTE_V2 -> "remote_v2";
      case UNSERVED -> "";
    };
  }

  /**
   * @throws SlipwayException as {@link #require}
   */
  public ModelConfiguration configuration(String model, int version) {
    ServedVariant variant = require(model, version);
    EngineSettings engine = variant.version().settings().engine();
    boolean onGpu =
        engine.provider() == ExecutionProvider.CUDA
            || engine.provider() == ExecutionProvider.TENSORRT;
    return new ModelConfiguration(
        model,
        variant.version(),
        platform(variant.version()),
        variant.engine(),
        onGpu,
        Math.max(1, engine.instances()));
  }

  /** Every live version, ordered by deployment. */
  public List<ModelIndexEntry> index(boolean readyOnly) {
    return plane.variants().stream()
        .filter(variant -> !readyOnly || isReady(variant))
        .map(
            variant ->
                new ModelIndexEntry(
                    variant.deployment(),
                    Integer.toString(variant.version().ref().version()),
                    state(variant),
                    reason(variant)))
        .toList();
  }

  private static String state(ServedVariant variant) {
    return switch (variant.state()) {
      case READY, EVICTED -> "READY";
      case LOADING -> "LOADING";
      case UNLOADED, UNAVAILABLE -> "UNAVAILABLE";
    };
  }

  private static String reason(ServedVariant variant) {
    if (!variant.reason().isEmpty()) {
      return variant.reason();
    }
    return switch (variant.state()) {
      case READY, LOADING, UNAVAILABLE -> "";
      case EVICTED -> "evicted to save memory; loads at the next request";
      case UNLOADED -> "unloaded";
    };
  }

  /**
   * What was counted since the start.
   *
   * @param model empty means every deployment
   * @param version 0 means every version
   * @throws SlipwayException as {@link #require}, where a model is named
   */
  public List<ModelStatisticsEntry> statistics(String model, int version) {
    if (!model.isEmpty()) {
      require(model, version);
    }
    Map<VariantKey, VariantSnapshot> counted = new HashMap<>();
    plane.metrics().variants().forEach(variant -> counted.put(variant.key(), variant));
    List<ModelStatisticsEntry> entries = new ArrayList<>();
    for (ServedVariant variant : plane.variants()) {
      VariantKey key = new VariantKey(variant.deployment(), variant.version().ref().version());
      if ((model.isEmpty() || key.deployment().equals(model))
          && (version == 0 || key.version() == version)) {
        VariantSnapshot snapshot = counted.get(key);
        entries.add(snapshot == null ? nothingYet(key) : entry(snapshot));
      }
    }
    return entries;
  }

  private static ModelStatisticsEntry nothingYet(VariantKey key) {
    Total none = Total.NONE;
    return new ModelStatisticsEntry(
        key.deployment(),
        Integer.toString(key.version()),
        0,
        0,
        0,
        new Stages(none, none, none, none, none, none, none, none),
        List.of());
  }

  private static ModelStatisticsEntry entry(VariantSnapshot variant) {
    long succeeded = variant.requests().count(Outcome.SUCCESS);
    return new ModelStatisticsEntry(
        variant.key().deployment(),
        Integer.toString(variant.key().version()),
        variant.lastInferenceMillis(),
        variant.rows(),
        variant.batches(),
        new Stages(
            new Total(succeeded, variant.stage(Stage.END_TO_END).sum()),
            new Total(variant.requests().total() - succeeded, 0),
            total(variant.stage(Stage.QUEUE)),
            total(variant.stage(Stage.DECODE)),
            total(variant.stage(Stage.INFER)),
            total(variant.stage(Stage.ENCODE)),
            new Total(variant.cacheHits(), 0),
            new Total(variant.cacheMisses(), 0)),
        variant.batchTotals().stream().map(ModelCatalog::entry).toList());
  }

  private static BatchEntry entry(BatchTotals batch) {
    return new BatchEntry(
        batch.rows(),
        new Total(batch.runs(), batch.inputNanos()),
        new Total(batch.runs(), batch.inferNanos()),
        new Total(batch.runs(), batch.outputNanos()));
  }

  private static Total total(HistogramSnapshot durations) {
    return new Total(durations.count(), durations.sum());
  }

  /**
   * Loads an unloaded deployment; blocks until it is ready.
   *
   * @param actor who asks
   * @param parameters names of what the caller wants changed about it, which cannot be done here
   * @throws SlipwayException as {@link #require}; NOT_IMPLEMENTED if there are parameters
   */
  public void load(Actor actor, String model, Collection<String> parameters) {
    if (!parameters.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.NOT_IMPLEMENTED,
          "parameters: %s (expected: none; files and settings come with a registered version)"
              .formatted(parameters));
    }
    require(model, 0);
    log.loadAsked(actor, model);
    plane.load(model);
  }

  /**
   * Takes a deployment out of memory; blocks until it is.
   *
   * @param actor who asks
   * @throws SlipwayException as {@link #require}
   */
  public void unload(Actor actor, String model) {
    require(model, 0);
    log.unloadAsked(actor, model);
    plane.unload(model);
  }
}
