package dev.slipway.platform.registry;

import com.fasterxml.jackson.databind.JsonNode;
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
import dev.slipway.core.tensor.Shape;
import dev.slipway.platform.registry.ModelDescription.FieldNote;
import dev.slipway.platform.registry.ModelDescription.Place;
import dev.slipway.platform.registry.ModelDescription.TensorNote;
import dev.slipway.platform.yaml.YamlJson;
import dev.slipway.platform.yaml.YamlMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code slipway-model.yaml}. Strict: what it does not know it refuses, with the line and the
 * nearest name it knows, since a misspelt limit that is silently ignored is worse than none.
 */
final class ModelDescriptionReader {
  static final String FILE = "slipway-model.yaml";

  private static final int BYTES_MAX = 4 << 20;
  private static final long MICROS_MAX = 3_600_000_000L;
  private static final int COUNT_MAX = 1_000_000;

  private ModelDescriptionReader() {}

  /**
   * @throws SlipwayException CONFIGURATION_INVALID
   */
  static ModelDescription read(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID,
          "%s: %d bytes (expected: at most %d)".formatted(FILE, Files.size(file), BYTES_MAX));
    }
    return parse(Files.readString(file));
  }

  static ModelDescription parse(String text) {
    if (text.lines().allMatch(line -> line.isBlank() || line.stripLeading().startsWith("#"))) {
      return ModelDescription.NONE;
    }
    YamlMapping root = YamlMapping.parse(FILE, text);
    ModelDescription description =
        new ModelDescription(
            root.text("description", ""),
            root.text("model_file", ""),
            settings(root),
            tensors(root, "inputs"),
            tensors(root, "outputs"),
            exampleRequest(root));
    root.requireNoOthers();
    return description;
  }

  private static ModelSettings settings(YamlMapping root) {
    EngineSettings engine = EngineSettings.DEFAULT;
    EngineSettings chosen =
        new EngineSettings(
            root.text("engine", engine.engine()),
            root.choice("provider", ExecutionProvider.class, engine.provider()),
            (int) root.integer("intra_op_threads", engine.intraOpThreads(), 1, 1_024),
            (int) root.integer("instances", engine.instances(), 0, 1_024),
            root.choice("scheduling", Scheduling.class, engine.scheduling()));
    int maxBatchSize = (int) root.integer("max_batch_size", 0, 0, COUNT_MAX);
    Optional<YamlMapping> batching = root.mapping("dynamic_batching");
    boolean cached =
        root.mapping("response_cache")
            .map(
                cache -> {
                  boolean enable = cache.flag("enable", false);
                  cache.requireNoOthers();
                  return enable;
                })
            .orElse(false);
    return new ModelSettings(
        chosen,
        batching.map(mapping -> batch(mapping, maxBatchSize)).orElse(onlySize(maxBatchSize)),
        cached);
  }

  private static BatchSettings onlySize(int maxBatchSize) {
    BatchSettings absent = BatchSettings.DEFAULT;
    return new BatchSettings(
        maxBatchSize,
        absent.maxQueueDelayMicros(),
        absent.queueCapacity(),
        absent.priorityLevels(),
        absent.defaultPriority(),
        absent.defaultTimeoutMicros(),
        absent.allowTimeoutOverride(),
        absent.timeoutAction());
  }

  private static BatchSettings batch(YamlMapping batching, int maxBatchSize) {
    BatchSettings absent = BatchSettings.DEFAULT;
    long delay = batching.integer("max_queue_delay_microseconds", 0, 0, MICROS_MAX);
    int levels = (int) batching.integer("priority_levels", 0, 0, 1_000);
    int level = (int) batching.integer("default_priority_level", 0, 0, Math.max(1, levels));
    for (String unused : List.of("preferred_batch_size", "preserve_ordering")) {
      if (batching.has(unused)) {
        throw batching.invalid(
            batching.line(unused),
            "dynamic_batching.%s is not used: a batch takes whatever waits (expected: leave it out)"
                .formatted(unused));
      }
    }
    Optional<YamlMapping> policy = batching.mapping("default_queue_policy");
    batching.requireNoOthers();
    if (policy.isEmpty()) {
      return new BatchSettings(
          maxBatchSize,
          delay,
          absent.queueCapacity(),
          levels,
          level,
          absent.defaultTimeoutMicros(),
          absent.allowTimeoutOverride(),
          absent.timeoutAction());
    }
    YamlMapping queue = policy.get();
    BatchSettings batch =
        new BatchSettings(
            maxBatchSize,
            delay,
            (int) queue.integer("max_queue_size", absent.queueCapacity(), 0, COUNT_MAX),
            levels,
            level,
            queue.integer(
                "default_timeout_microseconds", absent.defaultTimeoutMicros(), 0, MICROS_MAX),
            queue.flag("allow_timeout_override", absent.allowTimeoutOverride()),
            queue.choice("timeout_action", TimeoutAction.class, absent.timeoutAction()));
    queue.requireNoOthers();
    return batch;
  }

  private static List<TensorNote> tensors(YamlMapping root, String key) {
    List<TensorNote> notes = new ArrayList<>();
    for (YamlMapping tensor : root.mappings(key)) {
      List<FieldNote> fields = new ArrayList<>();
      for (YamlMapping field : tensor.mappings("fields")) {
        fields.add(new FieldNote(field(field), place(field)));
      }
      notes.add(
          new TensorNote(
              tensor.text("name", ""),
              tensor.text("description", ""),
              shape(tensor),
              tensor.has("optional")
                  ? Optional.of(tensor.flag("optional", false))
                  : Optional.empty(),
              fields,
              place(tensor)));
      tensor.requireNoOthers();
    }
    return notes;
  }

  private static Optional<Shape> shape(YamlMapping tensor) {
    if (!tensor.has("shape")) {
      return Optional.empty();
    }
    List<String> texts = tensor.texts("shape");
    try {
      return Optional.of(Shape.of(texts.stream().mapToLong(Long::parseLong).toArray()));
    } catch (IllegalArgumentException e) {
      throw tensor.invalid(
          tensor.line("shape"), "shape: %s (expected: whole numbers, -1 for any)".formatted(texts));
    }
  }

  private static FieldSpec field(YamlMapping field) {
    double min = field.number("min", Double.NEGATIVE_INFINITY);
    double max = field.number("max", Double.POSITIVE_INFINITY);
    if (min > max) {
      throw field.invalid(
          field.line("min"), "range [%s, %s] (expected: min <= max)".formatted(min, max));
    }
    FieldSpec spec =
        new FieldSpec(
            field.text("name", ""),
            field.text("description", ""),
            min,
            max,
            field.texts("categories"),
            field.choice("nan", NanPolicy.class, NanPolicy.ALLOW));
    field.requireNoOthers();
    return spec;
  }

  private static String exampleRequest(YamlMapping root) {
    return root.node("example_request")
        .map(YamlJson::of)
        .map(ModelDescriptionReader::asRequest)
        .orElse("");
  }

  /** A mapping is the request itself; a text is its JSON. */
  private static String asRequest(JsonNode node) {
    return node.isTextual() ? node.textValue() : node.toString();
  }

  private static Place place(YamlMapping mapping) {
    return new Place(FILE, mapping.line());
  }
}
