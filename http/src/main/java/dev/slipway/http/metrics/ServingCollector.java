package dev.slipway.http.metrics;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.inference.Protocol;
import dev.slipway.serving.ServedVariant;
import dev.slipway.serving.ServingPlane;
import dev.slipway.serving.metrics.BucketLayout;
import dev.slipway.serving.metrics.Outcome;
import dev.slipway.serving.metrics.ServingSnapshot;
import dev.slipway.serving.metrics.ServingSnapshot.PlaneCounts;
import dev.slipway.serving.metrics.Stage;
import dev.slipway.serving.metrics.VariantSnapshot;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Shows the serving plane's counts to Prometheus. Labels are {@code model} (the deployment), {@code
 * version} (0 for requests refused before one was chosen), {@code outcome}, {@code protocol},
 * {@code stage} and {@code reason}, all bounded. Thread-safe.
 */
public final class ServingCollector implements MultiCollector {
  /** 30 us to 8 s, two bounds to a doubling: a quantile read from it is off by at most 41 %. */
  private static final HistogramConversion REQUEST_SECONDS =
      new HistogramConversion(BucketLayout.SECONDS, -15, 3, 2);

  private static final HistogramConversion STAGE_SECONDS =
      new HistogramConversion(BucketLayout.SECONDS, -20, 3, 1);
  private static final HistogramConversion BATCH_ROWS =
      new HistogramConversion(BucketLayout.ROWS, 0, 12, 1);

  private final ServingPlane plane;

  public ServingCollector(ServingPlane plane) {
    this.plane = plane;
  }

  @Override
  public MetricSnapshots collect() {
    ServingSnapshot snapshot = plane.metrics();
    List<MetricSnapshot> metrics = new ArrayList<>();
    addRequests(metrics, snapshot.variants());
    addLatencies(metrics, snapshot.variants());
    // Requests refused before a version was chosen touched no model.
    addVariants(metrics, snapshot.variants().stream().filter(v -> v.key().version() != 0).toList());
    addModels(metrics, plane.variants());
    addPlane(metrics, snapshot.plane());
    return new MetricSnapshots(metrics);
  }

  private static void addRequests(List<MetricSnapshot> metrics, List<VariantSnapshot> variants) {
    CounterSnapshot.Builder requests =
        CounterSnapshot.builder().name("slipway_requests").help("Requests by how they ended.");
    CounterSnapshot.Builder failures =
        CounterSnapshot.builder()
            .name("slipway_failures")
            .help("Requests that ended with an error other than a rejection, by reason.");
    CounterSnapshot.Builder rejected =
        CounterSnapshot.builder()
            .name("slipway_rejected")
            .help("Requests refused so that the server stays healthy, by reason.");
    for (VariantSnapshot variant : variants) {
      for (Outcome outcome : Outcome.values()) {
        for (Protocol protocol : Protocol.values()) {
          long count = variant.requests().count(outcome, protocol);
          if (count > 0) {
            Labels labels =
                labels(variant).add("outcome", outcome.label()).add("protocol", protocol.label());
            requests.dataPoint(point(count, labels));
          }
        }
      }
      addReasons(failures, variant, variant.failures());
      addReasons(rejected, variant, variant.rejections());
    }
    metrics.add(requests.build());
    metrics.add(failures.build());
    metrics.add(rejected.build());
  }

  private static void addReasons(
      CounterSnapshot.Builder counter, VariantSnapshot variant, Map<ErrorCode, Long> reasons) {
    reasons.forEach(
        (code, count) ->
            counter.dataPoint(
                point(count, labels(variant).add("reason", code.name().toLowerCase(Locale.ROOT)))));
  }

  private static void addLatencies(List<MetricSnapshot> metrics, List<VariantSnapshot> variants) {
    HistogramSnapshot.Builder requests =
        HistogramSnapshot.builder()
            .name("slipway_request_seconds")
            .unit(Unit.SECONDS)
            .help("From the first byte handled to the answer handed to the network.");
    HistogramSnapshot.Builder stages =
        HistogramSnapshot.builder()
            .name("slipway_stage_seconds")
            .unit(Unit.SECONDS)
            .help("Time in each stage of a request.");
    HistogramSnapshot.Builder rows =
        HistogramSnapshot.builder().name("slipway_batch_rows").help("Rows in each run.");
    for (VariantSnapshot variant : variants) {
      Labels labels = labels(variant);
      for (Stage stage : Stage.values()) {
        if (variant.stage(stage).count() == 0) {
          continue;
        }
        if (stage == Stage.END_TO_END) {
          requests.dataPoint(REQUEST_SECONDS.convert(variant.stage(stage), labels));
        } else {
          stages.dataPoint(
              STAGE_SECONDS.convert(variant.stage(stage), labels.add("stage", stage.label())));
        }
      }
      if (variant.batchRows().count() > 0) {
        rows.dataPoint(BATCH_ROWS.convert(variant.batchRows(), labels));
      }
    }
    metrics.add(requests.build());
    metrics.add(stages.build());
    metrics.add(rows.build());
  }

  private static void addVariants(List<MetricSnapshot> metrics, List<VariantSnapshot> variants) {
    metrics.add(
        counter(variants, "slipway_inferences", "Rows that an engine ran.", VariantSnapshot::rows));
    metrics.add(
        counter(variants, "slipway_batches", "Runs of an engine.", VariantSnapshot::batches));
    metrics.add(
        counter(
            variants,
            "slipway_cache_hits",
            "Requests answered by the response cache.",
            VariantSnapshot::cacheHits));
    metrics.add(
        counter(
            variants,
            "slipway_cache_misses",
            "Requests that the response cache was asked for in vain.",
            VariantSnapshot::cacheMisses));
    metrics.add(
        counter(
            variants,
            "slipway_model_cold_starts",
            "Requests that found the model unloaded and waited for it.",
            VariantSnapshot::coldStarts));
    metrics.add(
        gauge(variants, "slipway_queue_depth", "Requests waiting.", VariantSnapshot::queueDepth));
    metrics.add(
        gauge(
            variants,
            "slipway_model_loaded_bytes",
            "Memory that the model occupies.",
            VariantSnapshot::loadedBytes));
  }

  private static void addModels(List<MetricSnapshot> metrics, List<ServedVariant> variants) {
    InfoSnapshot.Builder scheduling =
        InfoSnapshot.builder()
            .name("slipway_model_scheduling")
            .help("The engine and the scheduling chosen for a model, and its state.");
    GaugeSnapshot.Builder measured =
        GaugeSnapshot.builder()
            .name("slipway_model_run_seconds")
            .unit(Unit.SECONDS)
            .help("One single-row run, as measured at warm-up.");
    for (ServedVariant variant : variants) {
      Labels labels = labels(variant.deployment(), variant.version().ref().version());
      scheduling.dataPoint(
          InfoDataPointSnapshot.builder()
              .labels(
                  labels
                      .add("engine", variant.engine())
                      .add("scheduling", variant.scheduling().name().toLowerCase(Locale.ROOT))
                      .add("state", variant.state().name().toLowerCase(Locale.ROOT)))
              .build());
      if (variant.measuredNanos() > 0) {
        measured.dataPoint(
            GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(Unit.nanosToSeconds(variant.measuredNanos()))
                .build());
      }
    }
    metrics.add(scheduling.build());
    metrics.add(measured.build());
  }

  private static void addPlane(List<MetricSnapshot> metrics, PlaneCounts counts) {
    metrics.add(
        SingleGauge.of(
            "slipway_requests_in_flight", "Requests being served.", counts.requestsInFlight()));
    metrics.add(
        SingleGauge.of("slipway_models_loaded", "Models in memory.", counts.modelsLoaded()));
    metrics.add(
        SingleGauge.of(
            "slipway_models_loaded_bytes",
            "Memory that all models occupy.",
            counts.modelBytesLoaded()));
    metrics.add(
        SingleGauge.of(
            "slipway_cache_bytes", "Memory of the response caches.", counts.cacheBytes()));
    metrics.add(
        SingleGauge.of(
            "slipway_buffer_pool_bytes",
            "Idle memory of the buffer pools.",
            counts.bufferBytesPooled()));
    metrics.add(
        SingleGauge.of("slipway_buffers_taken", "Tensor buffers in use.", counts.buffersTaken()));
    metrics.add(total("slipway_model_loads", "Models loaded.", counts.modelLoads()));
    metrics.add(
        total(
            "slipway_model_evictions",
            "Models unloaded to stay within the memory budget.",
            counts.modelEvictions()));
    metrics.add(
        total(
            "slipway_workers_replaced",
            "Worker threads that died of an unexpected error.",
            counts.workersReplaced()));
  }

  private static CounterSnapshot counter(
      List<VariantSnapshot> variants,
      String name,
      String help,
      ToLongFunction<VariantSnapshot> value) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
    for (VariantSnapshot variant : variants) {
      counter.dataPoint(point(value.applyAsLong(variant), labels(variant)));
    }
    return counter.build();
  }

  private static GaugeSnapshot gauge(
      List<VariantSnapshot> variants,
      String name,
      String help,
      ToLongFunction<VariantSnapshot> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    for (VariantSnapshot variant : variants) {
      gauge.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(labels(variant))
              .value((double) value.applyAsLong(variant))
              .build());
    }
    return gauge.build();
  }

  private static CounterSnapshot total(String name, String help, long value) {
    return CounterSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(point(value, Labels.EMPTY))
        .build();
  }

  private static CounterDataPointSnapshot point(long value, Labels labels) {
    return CounterDataPointSnapshot.builder().labels(labels).value((double) value).build();
  }

  private static Labels labels(VariantSnapshot variant) {
    return labels(variant.key().deployment(), variant.key().version());
  }

  private static Labels labels(String model, int version) {
    return Labels.of("model", model, "version", Integer.toString(version));
  }
}
