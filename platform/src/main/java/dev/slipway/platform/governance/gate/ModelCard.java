package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.entry.ContentDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What people say of a model, in {@code MODEL_CARD.md} of its artifact: YAML between two lines of
 * {@code ---} at its beginning, and text after it for readers.
 *
 * @param fields values by name; a value is a text, a number, a Boolean, or lists and mappings of
 *     them
 * @param digest of the file
 */
record ModelCard(Map<String, Object> fields, ContentDigest digest) {
  static final String FILE = "MODEL_CARD.md";

  private static final int BYTES_MAX = 1 << 20;
  private static final String FENCE = "---";

  /** Data that a model was made or tried with. */
  record DataSet(String name, String digest) {}

  ModelCard {
    fields = Map.copyOf(fields);
  }

  /**
   * @param root folder of the artifact
   * @return empty if there is none
   * @throws IllegalArgumentException if it is none that can be read
   */
  static Optional<ModelCard> read(Path root) throws IOException {
    Path file = root.resolve(FILE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    if (Files.size(file) > BYTES_MAX) {
      throw new IllegalArgumentException(
          "%s: %d bytes (expected: at most %d)".formatted(FILE, Files.size(file), BYTES_MAX));
    }
    byte[] bytes = Files.readAllBytes(file);
    return Optional.of(
        new ModelCard(parse(new String(bytes, StandardCharsets.UTF_8)), ContentDigest.of(bytes)));
  }

  private static Map<String, Object> parse(String text) {
    List<String> lines = text.lines().toList();
    int end = lines.isEmpty() ? -1 : lines.subList(1, lines.size()).indexOf(FENCE);
    if (end < 0 || !lines.getFirst().equals(FENCE)) {
      throw new IllegalArgumentException(
          "%s: no YAML (expected: it, between two lines of --- at the beginning)".formatted(FILE));
    }
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(0);
    options.setNestingDepthLimit(20);
    Object root;
    try {
      root =
          new Yaml(new SafeConstructor(options)).load(String.join("\n", lines.subList(1, end + 1)));
    } catch (YAMLException e) {
      throw new IllegalArgumentException("%s: %s".formatted(FILE, e.getMessage()), e);
    }
    Map<String, Object> fields = new HashMap<>();
    if (root instanceof Map<?, ?> mapping) {
      mapping.forEach(
          (name, value) -> {
            if (value != null) {
              fields.put(Objects.toString(name), value);
            }
          });
    }
    return fields;
  }

  /** Whether something is said of it. */
  boolean says(String name) {
    return switch (fields.get(name)) {
      case null -> false;
      case String text -> !text.isBlank();
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> mapping -> !mapping.isEmpty();
      case Object any -> true;
    };
  }

  /** A field's text, or the texts of its list; none if nothing is said. */
  List<String> texts(String name) {
    return switch (fields.get(name)) {
      case null -> List.of();
      case List<?> list -> list.stream().map(Objects::toString).toList();
      case Object any -> List.of(any.toString());
    };
  }

  /** The data sets that {@code training_data} names, each a name or a name with its digest. */
  List<DataSet> trainingData() {
    Object value = fields.get("training_data");
    List<?> several =
        value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    return several.stream()
        .map(
            one ->
                one instanceof Map<?, ?> mapping
                    ? new DataSet(
                        Objects.toString(mapping.get("name"), ""),
                        Objects.toString(mapping.get("digest"), ""))
                    : new DataSet(Objects.toString(one), ""))
        .toList();
  }
}
