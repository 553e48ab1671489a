package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonArray;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.platform.governance.gate.ModelCard.DataSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A bill of materials of a version in CycloneDX 1.6 (ECMA-424): the model with its files and their
 * hashes, its card, and the data it was made and tried with. The same version, card and rows give
 * the same document, so it carries no time.
 */
final class MlBom {
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  private final ModelVersion version;
  private final SortedMap<String, ContentDigest> files;
  private final @Nullable ModelCard card;
  private final List<DataSet> data = new ArrayList<>();

  /**
   * @param files of the artifact by path
   * @param card null if there is none
   * @param holdout digest of the rows it was tried with; null if there are none
   */
  MlBom(
      ModelVersion version,
      SortedMap<String, ContentDigest> files,
      @Nullable ModelCard card,
      @Nullable ContentDigest holdout) {
    this.version = version;
    this.files = files;
    this.card = card;
    if (card != null) {
      data.addAll(card.trainingData());
    }
    if (holdout != null) {
      data.add(new DataSet("held-out rows", holdout.value()));
    }
  }

  JsonObject json() {
    Map<String, JsonValue> bom = new HashMap<>();
    bom.put("bomFormat", text("CycloneDX"));
    bom.put("specVersion", text("1.6"));
    bom.put("version", new JsonNumber(1));
    bom.put(
        "serialNumber",
        text(
            "urn:uuid:"
                + UUID.nameUUIDFromBytes(
                    (version.ref() + " " + version.digest()).getBytes(StandardCharsets.UTF_8))));
    bom.put("metadata", object("component", model()));
    List<JsonValue> components = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      components.add(dataSet(i));
    }
    bom.put("components", new JsonArray(components));
    return new JsonObject(bom);
  }

  private JsonObject model() {
    Map<String, JsonValue> model = new HashMap<>();
    model.put("type", text("machine-learning-model"));
    model.put("bom-ref", text("model"));
    model.put("name", text(version.ref().model()));
    model.put("version", text(Integer.toString(version.ref().version())));
    if (!version.description().isEmpty()) {
      model.put("description", text(version.description()));
    }
    ContentDigest served = files.get(version.primaryFile());
    if (served != null) {
      model.put("hashes", hashes(served.value()));
    }
    model.put(
        "properties",
        new JsonArray(
            List.of(
                property("slipway:artifact-digest", version.digest().value()),
                property("slipway:format", version.format().name()))));
    List<JsonValue> parts = new ArrayList<>();
    files.forEach(
        (path, digest) ->
            parts.add(
                new JsonObject(
                    Map.of(
                        "type", text("file"),
                        "bom-ref", text("file:" + path),
                        "name", text(path),
                        "hashes", hashes(digest.value())))));
    model.put("components", new JsonArray(parts));
    Map<String, JsonValue> modelCard = new HashMap<>();
    modelCard.put("modelParameters", parameters());
    if (card != null) {
      List<JsonValue> licenses =
          card.texts("license").stream()
              .<JsonValue>map(name -> object("license", object("name", text(name))))
              .toList();
      if (!licenses.isEmpty()) {
        model.put("licenses", new JsonArray(licenses));
      }
      List<String> owners = card.texts("owner");
      if (!owners.isEmpty()) {
        model.put("supplier", object("name", text(String.join(", ", owners))));
      }
      modelCard.put("considerations", considerations(card));
    }
    model.put("modelCard", new JsonObject(modelCard));
    return new JsonObject(model);
  }

  private JsonObject parameters() {
    Map<String, JsonValue> parameters = new HashMap<>();
    parameters.put("inputs", tensors(version.signature().inputs()));
    parameters.put("outputs", tensors(version.signature().outputs()));
    List<JsonValue> references = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      references.add(object("ref", text("data:" + i)));
    }
    if (!references.isEmpty()) {
      parameters.put("datasets", new JsonArray(references));
    }
    return new JsonObject(parameters);
  }

  private static JsonObject considerations(ModelCard card) {
    Map<String, JsonValue> considerations = new HashMap<>();
    considerations.put("useCases", texts(card.texts("intended_use")));
    considerations.put("technicalLimitations", texts(card.texts("limitations")));
    considerations.put(
        "ethicalConsiderations",
        new JsonArray(
            card.texts("ethical_considerations").stream()
                .<JsonValue>map(name -> object("name", text(name)))
                .toList()));
    return new JsonObject(considerations);
  }

  private JsonObject dataSet(int index) {
    DataSet set = data.get(index);
    Map<String, JsonValue> component = new HashMap<>();
    component.put("type", text("data"));
    component.put("bom-ref", text("data:" + index));
    component.put("name", text(set.name()));
    component.put(
        "data",
        new JsonArray(
            List.of(new JsonObject(Map.of("type", text("dataset"), "name", text(set.name()))))));
    if (DIGEST.matcher(set.digest()).matches()) {
      component.put("hashes", hashes(set.digest()));
    }
    return new JsonObject(component);
  }

  private static JsonArray tensors(List<TensorSpec> specs) {
    return new JsonArray(
        specs.stream()
            .<JsonValue>map(
                spec ->
                    object(
                        "format",
                        text("%s %s %s".formatted(spec.name(), spec.datatype(), spec.shape()))))
            .toList());
  }

  private static JsonArray hashes(String digest) {
    return new JsonArray(
        List.of(
            new JsonObject(
                Map.of(
                    "alg", text("SHA-256"),
                    "content", text(digest.substring("sha256:".length()))))));
  }

  private static JsonObject property(String name, String value) {
    return new JsonObject(Map.of("name", text(name), "value", text(value)));
  }

  private static JsonObject object(String name, JsonValue value) {
    return new JsonObject(Map.of(name, value));
  }

  private static JsonArray texts(List<String> values) {
    return new JsonArray(values.stream().<JsonValue>map(JsonString::new).toList());
  }

  private static JsonString text(String value) {
    return new JsonString(value);
  }
}
