package dev.slipway.http.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.http.call.JsonText;
import dev.slipway.serving.ServedVariant;
import java.io.IOException;
import java.util.List;

/** The JSON documents that describe the server and its models. */
public final class ModelDocuments {
  /** The extensions that this server really has. */
  public static final List<String> EXTENSIONS =
      List.of(
          "binary_tensor_data",
          "classification",
          "model_configuration",
          "model_repository",
          "parameters",
          "schedule_policy",
          "statistics");

  public static final String SERVER_NAME = "slipway";

  private ModelDocuments() {}

  static byte[] server(String version) {
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeStringField("name", SERVER_NAME);
          json.writeStringField("version", version);
          json.writeArrayFieldStart("extensions");
          for (String extension : EXTENSIONS) {
            json.writeString(extension);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  static byte[] live(boolean live) {
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeBooleanField("live", live);
          json.writeEndObject();
        });
  }

  static byte[] ready(boolean ready) {
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeBooleanField("live", true);
          json.writeBooleanField("ready", ready);
          json.writeEndObject();
        });
  }

  static byte[] modelReady(String name, boolean ready) {
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeStringField("name", name);
          json.writeBooleanField("ready", ready);
          json.writeEndObject();
        });
  }

  static byte[] metadata(ServedVariant variant, List<Integer> versions) {
    ModelSignature signature = variant.version().signature();
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeStringField("name", variant.deployment());
          json.writeArrayFieldStart("versions");
          for (int version : versions) {
            json.writeString(Integer.toString(version));
          }
          json.writeEndArray();
          json.writeStringField("platform", platform(variant.version()));
          writeTensors(json, "inputs", signature.inputs());
          writeTensors(json, "outputs", signature.outputs());
          json.writeEndObject();
        });
  }

  /** Who made the model and in which form, as Triton names it where Triton knows it. */
  public static String platform(ModelVersion version) {
    return switch (version.format()) {
      case ONNX -> "onnxruntime_onnx";
      case XGBOOST_UBJ -> "xgboost_ubj";
      case XGBOOST_JSON -> "xgboost_json";
      case LIGHTGBM_TEXT -> "lightgbm_text";
      case REMOTE_V2 -> "remote_v2";
    };
  }

  private static void writeTensors(JsonGenerator json, String field, List<TensorSpec> tensors)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (TensorSpec tensor : tensors) {
      json.writeStartObject();
      json.writeStringField("name", tensor.name());
      json.writeStringField("datatype", tensor.datatype().name());
      writeDimensions(json, "shape", tensor.shape(), 0);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeDimensions(JsonGenerator json, String field, Shape shape, int from)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (int i = from; i < shape.rank(); i++) {
      json.writeNumber(shape.dimension(i));
    }
    json.writeEndArray();
  }

  static byte[] config(ServedVariant variant) {
    ModelVersion version = variant.version();
    BatchSettings batch = version.settings().batch();
    int leftOut = firstDimension(version);
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeStringField("name", variant.deployment());
          json.writeStringField("platform", platform(version));
          json.writeStringField("backend", variant.engine());
          json.writeNumberField("max_batch_size", batch.maxBatchSize());
          writeConfigTensors(json, "input", version.signature().inputs(), leftOut);
          writeConfigTensors(json, "output", version.signature().outputs(), leftOut);
          json.writeObjectFieldStart("dynamic_batching");
          json.writeNumberField("max_queue_delay_microseconds", batch.maxQueueDelayMicros());
          json.writeNumberField("priority_levels", batch.priorityLevels());
          json.writeNumberField("default_priority_level", batch.defaultPriority());
          json.writeObjectFieldStart("default_queue_policy");
          json.writeStringField("timeout_action", batch.timeoutAction().name());
          json.writeNumberField("default_timeout_microseconds", batch.defaultTimeoutMicros());
          json.writeBooleanField("allow_timeout_override", batch.allowTimeoutOverride());
          json.writeNumberField("max_queue_size", batch.queueCapacity());
          json.writeEndObject();
          json.writeEndObject();
          json.writeObjectFieldStart("response_cache");
          json.writeBooleanField("enable", version.settings().cacheEnabled());
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  /**
   * Index of the first dimension that a configuration shows: 1 where {@code max_batch_size} implies
   * the batch dimension, as Triton's clients expect, else 0.
   */
  public static int firstDimension(ModelVersion version) {
    return version.settings().batch().maxBatchSize() > 0 && version.signature().isBatched() ? 1 : 0;
  }

  private static void writeConfigTensors(
      JsonGenerator json, String field, List<TensorSpec> tensors, int from) throws IOException {
    json.writeArrayFieldStart(field);
    for (TensorSpec tensor : tensors) {
      json.writeStartObject();
      json.writeStringField("name", tensor.name());
      json.writeStringField("data_type", configDataType(tensor.datatype()));
      writeDimensions(json, "dims", tensor.shape(), from);
      if (tensor.optional()) {
        json.writeBooleanField("optional", true);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** A datatype's name in a model configuration: {@code TYPE_FP32}, {@code TYPE_STRING}. */
  public static String configDataType(DataType type) {
    return type == DataType.BYTES ? "TYPE_STRING" : "TYPE_" + type.name();
  }
}
