package dev.slipway.protocol.metadata;

import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.protocol.json.JsonWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The REST bodies, each appended to a sink. */
public final class MetadataJson {
  private MetadataJson() {}

  /** {@code GET /}, which is how clients of KServe V1 ask whether a server is alive. */
  public static void encodeAlive(ByteSink sink) {
    new JsonWriter(sink).beginObject().name("status").value("alive").endObject();
  }

  /** {@code GET /v2/health/live}. */
  public static void encodeLive(boolean live, ByteSink sink) {
    new JsonWriter(sink).beginObject().name("live").value(live).endObject();
  }

  /** {@code GET /v2/health/ready}. */
  public static void encodeReady(boolean live, boolean ready, ByteSink sink) {
    JsonWriter json = new JsonWriter(sink);
    json.beginObject().name("live").value(live).name("ready").value(ready).endObject();
  }

  /** {@code GET /v2/models/{m}/ready}. */
  public static void encodeModelReady(String name, boolean ready, ByteSink sink) {
    JsonWriter json = new JsonWriter(sink);
    json.beginObject().name("name").value(name).name("ready").value(ready).endObject();
  }

  public static void encode(ServerMetadata server, ByteSink sink) {
    JsonWriter json = new JsonWriter(sink);
    json.beginObject();
    json.name("name").value(server.name());
    json.name("version").value(server.version());
    strings(json.name("extensions"), server.extensions());
    json.endObject();
  }

  public static void encode(ModelMetadata model, ByteSink sink) {
    JsonWriter json = new JsonWriter(sink);
    json.beginObject();
    json.name("name").value(model.name());
    strings(json.name("versions"), model.versions());
    json.name("platform").value(model.platform());
    tensors(json.name("inputs"), model.signature().inputs());
    tensors(json.name("outputs"), model.signature().outputs());
    if (!model.properties().isEmpty()) {
      json.name("properties").beginObject();
      for (Map.Entry<String, String> property : new TreeMap<>(model.properties()).entrySet()) {
        json.name(property.getKey()).value(property.getValue());
      }
      json.endObject();
    }
    json.endObject();
  }

  /** {@code POST /v2/repository/index}. */
  public static void encodeIndex(List<ModelIndexEntry> entries, ByteSink sink) {
    JsonWriter json = new JsonWriter(sink);
    json.beginArray();
    for (ModelIndexEntry entry : entries) {
      json.beginObject();
      json.name("name").value(entry.name());
      json.name("version").value(entry.version());
      json.name("state").value(entry.state());
      json.name("reason").value(entry.reason());
      json.endObject();
    }
    json.endArray();
  }

  /** {@code GET /v2/models/stats} and {@code GET /v2/models/{m}/stats}. */
  public static void encodeStatistics(List<ModelStatisticsEntry> entries, ByteSink sink) {
    JsonWriter json = new JsonWriter(sink);
    json.beginObject().name("model_stats").beginArray();
    for (ModelStatisticsEntry entry : entries) {
      statistics(json, entry);
    }
    json.endArray().endObject();
  }

  public static void encode(ModelConfiguration model, ByteSink sink) {
    JsonWriter json = new JsonWriter(sink);
    json.beginObject();
    json.name("name").value(model.name());
    json.name("platform").value(model.platform());
    json.name("backend").value(model.backend());
    json.name("version_policy").beginObject().name("specific").beginObject();
    json.name("versions").beginArray().value(model.version().ref().version()).endArray();
    json.endObject().endObject();
    json.name("max_batch_size").value(model.maxBatchSize());
    json.name("input").beginArray();
    for (TensorSpec spec : model.signature().inputs()) {
      configTensor(json, model, spec);
      json.name("optional").value(spec.optional()).endObject();
    }
    json.endArray().name("output").beginArray();
    for (TensorSpec spec : model.signature().outputs()) {
      configTensor(json, model, spec);
      json.endObject();
    }
    json.endArray();
    json.name("instance_group").beginArray().beginObject();
    json.name("name").value(model.name());
    json.name("kind").value(model.onGpu() ? "KIND_GPU" : "KIND_CPU");
    json.name("count").value(model.instances());
    json.endObject().endArray();
    json.name("default_model_filename").value(model.version().primaryFile());
    if (model.signature().isBatched()) {
      dynamicBatching(json.name("dynamic_batching"), model.batch());
    }
    json.name("model_transaction_policy").beginObject().name("decoupled").value(false).endObject();
    json.name("response_cache").beginObject();
    json.name("enable").value(model.version().settings().cacheEnabled()).endObject();
    json.endObject();
  }

  private static void configTensor(JsonWriter json, ModelConfiguration model, TensorSpec spec) {
    json.beginObject();
    json.name("name").value(spec.name());
    json.name("data_type").value(ModelConfiguration.typeName(spec.datatype()));
    longs(json.name("dims"), model.dimensions(spec));
  }

  private static void dynamicBatching(JsonWriter json, BatchSettings batch) {
    json.beginObject();
    json.name("max_queue_delay_microseconds").value(batch.maxQueueDelayMicros());
    json.name("preserve_ordering").value(false);
    json.name("priority_levels").value(batch.priorityLevels());
    json.name("default_priority_level").value(batch.defaultPriority());
    json.name("default_queue_policy").beginObject();
    json.name("timeout_action").value(batch.timeoutAction().name());
    json.name("default_timeout_microseconds").value(batch.defaultTimeoutMicros());
    json.name("allow_timeout_override").value(batch.allowTimeoutOverride());
    json.name("max_queue_size").value(batch.queueCapacity());
    json.endObject().endObject();
  }

  private static void statistics(JsonWriter json, ModelStatisticsEntry entry) {
    json.beginObject();
    json.name("name").value(entry.name());
    json.name("version").value(entry.version());
    json.name("last_inference").value(entry.lastInferenceMillis());
    json.name("inference_count").value(entry.inferenceCount());
    json.name("execution_count").value(entry.executionCount());
    ModelStatisticsEntry.Stages stages = entry.stages();
    json.name("inference_stats").beginObject();
    total(json.name("success"), stages.success());
    total(json.name("fail"), stages.failure());
    total(json.name("queue"), stages.queue());
    total(json.name("compute_input"), stages.computeInput());
    total(json.name("compute_infer"), stages.computeInfer());
    total(json.name("compute_output"), stages.computeOutput());
    total(json.name("cache_hit"), stages.cacheHit());
    total(json.name("cache_miss"), stages.cacheMiss());
    json.endObject();
    json.name("batch_stats").beginArray();
    for (ModelStatisticsEntry.BatchEntry batch : entry.batches()) {
      json.beginObject().name("batch_size").value(batch.batchSize());
      total(json.name("compute_input"), batch.computeInput());
      total(json.name("compute_infer"), batch.computeInfer());
      total(json.name("compute_output"), batch.computeOutput());
      json.endObject();
    }
    json.endArray().endObject();
  }

  private static void total(JsonWriter json, ModelStatisticsEntry.Total total) {
    json.beginObject().name("count").value(total.count());
    json.name("ns").value(total.nanos()).endObject();
  }

  private static void tensors(JsonWriter json, List<TensorSpec> specs) {
    json.beginArray();
    for (TensorSpec spec : specs) {
      json.beginObject();
      json.name("name").value(spec.name());
      json.name("datatype").value(spec.datatype().name());
      longs(json.name("shape"), spec.shape().toArray());
      json.endObject();
    }
    json.endArray();
  }

  private static void longs(JsonWriter json, long[] values) {
    json.beginArray();
    for (long value : values) {
      json.value(value);
    }
    json.endArray();
  }

  private static void strings(JsonWriter json, List<String> values) {
    json.beginArray();
    for (String value : values) {
      json.value(value);
    }
    json.endArray();
  }
}
