package dev.slipway.http.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.http.call.JsonText;
import dev.slipway.serving.metrics.HistogramSnapshot;
import dev.slipway.serving.metrics.Outcome;
import dev.slipway.serving.metrics.Stage;
import dev.slipway.serving.metrics.VariantSnapshot;
import java.io.IOException;
import java.util.List;

/** The answer of the V2 statistics extension. */
final class StatisticsDocument {
  private StatisticsDocument() {}

  static byte[] of(List<VariantSnapshot> variants) {
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("model_stats");
          for (VariantSnapshot variant : variants) {
            writeVariant(json, variant);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void writeVariant(JsonGenerator json, VariantSnapshot variant) throws IOException {
    long succeeded = variant.requests().count(Outcome.SUCCESS);
    json.writeStartObject();
    json.writeStringField("name", variant.key().deployment());
    json.writeStringField("version", Integer.toString(variant.key().version()));
    json.writeNumberField("last_inference", variant.lastInferenceMillis());
    json.writeNumberField("inference_count", variant.rows());
    json.writeNumberField("execution_count", variant.batches());
    json.writeObjectFieldStart("inference_stats");
    write(json, "success", succeeded, variant.stage(Stage.END_TO_END).sum());
    write(json, "fail", variant.requests().total() - succeeded, 0);
    write(json, "queue", variant.stage(Stage.QUEUE));
    write(json, "compute_input", variant.stage(Stage.DECODE));
    write(json, "compute_infer", variant.stage(Stage.INFER));
    write(json, "compute_output", variant.stage(Stage.ENCODE));
    write(json, "cache_hit", variant.cacheHits(), 0);
    write(json, "cache_miss", variant.cacheMisses(), 0);
    json.writeEndObject();
    json.writeArrayFieldStart("batch_stats");
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, HistogramSnapshot durations)
      throws IOException {
    write(json, name, durations.count(), durations.sum());
  }

  private static void write(JsonGenerator json, String name, long count, long nanos)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("count", count);
    json.writeNumberField("ns", nanos);
    json.writeEndObject();
  }
}
