package dev.slipway.store.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.BatchSettings;
import dev.slipway.core.model.BatchSettings.TimeoutAction;
import dev.slipway.core.model.EngineSettings;
import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.core.model.ExecutionProvider;
import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.FieldSpec.NanPolicy;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/**
 * Signatures and settings as JSON: what the database keeps and the control API answers. Settings
 * have the shape and the names of {@code slipway-model.yaml}. Written by hand, so that renaming a
 * Java component never changes what is on disk; reading tolerates absent keys, which mean the
 * default, and unknown ones.
 */
public final class ModelJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ModelJson() {}

  public static ObjectNode write(ModelSignature signature) {
    ObjectNode node = NODES.objectNode();
    node.set("inputs", writeTensors(signature.inputs()));
    node.set("outputs", writeTensors(signature.outputs()));
    return node;
  }

  /**
   * @throws SlipwayException STORE_CORRUPT if it is not what {@link #write(ModelSignature)} writes
   */
  public static ModelSignature readSignature(String text) {
    JsonNode node = parse(text);
    try {
      return new ModelSignature(
          readTensors(node.path("inputs")), readTensors(node.path("outputs")));
    } catch (IllegalArgumentException | SlipwayException e) {
      throw corrupt("signature", e);
    }
  }

  public static ObjectNode write(ModelSettings settings) {
    EngineSettings engine = settings.engine();
    BatchSettings batch = settings.batch();
    ObjectNode node = NODES.objectNode();
    node.put("engine", engine.engine());
    node.put("provider", lower(engine.provider()));
    node.put("intra_op_threads", engine.intraOpThreads());
    node.put("instances", engine.instances());
    node.put("scheduling", lower(engine.scheduling()));
    node.put("max_batch_size", batch.maxBatchSize());
    ObjectNode batching = node.putObject("dynamic_batching");
    batching.put("max_queue_delay_microseconds", batch.maxQueueDelayMicros());
    batching.put("priority_levels", batch.priorityLevels());
    batching.put("default_priority_level", batch.defaultPriority());
    ObjectNode policy = batching.putObject("default_queue_policy");
    policy.put("timeout_action", batch.timeoutAction().name());
    policy.put("default_timeout_microseconds", batch.defaultTimeoutMicros());
    policy.put("allow_timeout_override", batch.allowTimeoutOverride());
    policy.put("max_queue_size", batch.queueCapacity());
    node.putObject("response_cache").put("enable", settings.cacheEnabled());
    return node;
  }

  /**
   * @throws SlipwayException STORE_CORRUPT if it is not what {@link #write(ModelSettings)} writes
   */
  public static ModelSettings readSettings(String text) {
    JsonNode node = parse(text);
    EngineSettings engine = EngineSettings.DEFAULT;
    BatchSettings batch = BatchSettings.DEFAULT;
    JsonNode batching = node.path("dynamic_batching");
    JsonNode policy = batching.path("default_queue_policy");
    try {
      return new ModelSettings(
          new EngineSettings(
              node.path("engine").asText(engine.engine()),
              readEnum(ExecutionProvider.class, node.path("provider"), engine.provider()),
              node.path("intra_op_threads").asInt(engine.intraOpThreads()),
              node.path("instances").asInt(engine.instances()),
              readEnum(Scheduling.class, node.path("scheduling"), engine.scheduling())),
          new BatchSettings(
              node.path("max_batch_size").asInt(batch.maxBatchSize()),
              batching.path("max_queue_delay_microseconds").asLong(batch.maxQueueDelayMicros()),
              policy.path("max_queue_size").asInt(batch.queueCapacity()),
              batching.path("priority_levels").asInt(batch.priorityLevels()),
              batching.path("default_priority_level").asInt(batch.defaultPriority()),
              policy.path("default_timeout_microseconds").asLong(batch.defaultTimeoutMicros()),
              policy.path("allow_timeout_override").asBoolean(batch.allowTimeoutOverride()),
              readEnum(TimeoutAction.class, policy.path("timeout_action"), batch.timeoutAction())),
          node.path("response_cache").path("enable").asBoolean(false));
    } catch (IllegalArgumentException e) {
      throw corrupt("settings", e);
    }
  }

  private static ArrayNode writeTensors(List<TensorSpec> tensors) {
    ArrayNode array = NODES.arrayNode();
    for (TensorSpec tensor : tensors) {
      ObjectNode node = array.addObject();
      node.put("name", tensor.name());
      node.put("datatype", tensor.datatype().name());
      ArrayNode shape = node.putArray("shape");
      for (long dimension : tensor.shape().toArray()) {
        shape.add(dimension);
      }
      node.put("description", tensor.description());
      node.put("optional", tensor.optional());
      ArrayNode fields = node.putArray("fields");
      for (FieldSpec field : tensor.fields()) {
        writeField(fields.addObject(), field);
      }
    }
    return array;
  }

  private static void writeField(ObjectNode node, FieldSpec field) {
    node.put("name", field.name());
    node.put("description", field.description());
    // JSON has no infinity; a bound left out is none.
    if (Double.isFinite(field.min())) {
      node.put("min", field.min());
    }
    if (Double.isFinite(field.max())) {
      node.put("max", field.max());
    }
    ArrayNode categories = node.putArray("categories");
    field.categories().forEach(categories::add);
    node.put("nan", lower(field.nan()));
  }

  private static List<TensorSpec> readTensors(JsonNode array) {
    List<TensorSpec> tensors = new ArrayList<>();
    for (JsonNode node : array) {
      long[] shape =
          StreamSupport.stream(node.path("shape").spliterator(), false)
              .mapToLong(JsonNode::asLong)
              .toArray();
      List<FieldSpec> fields = new ArrayList<>();
      for (JsonNode field : node.path("fields")) {
        fields.add(readField(field));
      }
      tensors.add(
          new TensorSpec(
              node.path("name").asText(),
              DataType.of(node.path("datatype").asText()),
              Shape.of(shape),
              node.path("description").asText(""),
              fields,
              node.path("optional").asBoolean(false)));
    }
    return tensors;
  }

  private static FieldSpec readField(JsonNode node) {
    List<String> categories = new ArrayList<>();
    node.path("categories").forEach(category -> categories.add(category.asText()));
    return new FieldSpec(
        node.path("name").asText(""),
        node.path("description").asText(""),
        node.path("min").asDouble(Double.NEGATIVE_INFINITY),
        node.path("max").asDouble(Double.POSITIVE_INFINITY),
        categories,
        readEnum(NanPolicy.class, node.path("nan"), NanPolicy.ALLOW));
  }

  private static <E extends Enum<E>> E readEnum(Class<E> type, JsonNode node, E absent) {
    return node.isMissingNode()
        ? absent
        : Enum.valueOf(type, node.asText().toUpperCase(Locale.ROOT));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw corrupt("JSON", e);
    }
  }

  private static SlipwayException corrupt(String what, Exception cause) {
    return new SlipwayException(
        ErrorCode.STORE_CORRUPT, "a version's stored " + what + " cannot be read", cause);
  }
}
