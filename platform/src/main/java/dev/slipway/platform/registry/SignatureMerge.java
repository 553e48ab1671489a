package dev.slipway.platform.registry;

import dev.slipway.core.error.DidYouMean;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.Shape;
import dev.slipway.platform.registry.ModelDescription.FieldNote;
import dev.slipway.platform.registry.ModelDescription.Place;
import dev.slipway.platform.registry.ModelDescription.TensorNote;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds what people say about a model to what the model says about itself. Names and datatypes are
 * the model's; a shape can only be narrowed.
 */
final class SignatureMerge {
  private SignatureMerge() {}

  /**
   * @throws SlipwayException CONFIGURATION_INVALID, naming the line, if the two contradict
   */
  static ModelSignature merge(ModelSignature model, ModelDescription description) {
    return new ModelSignature(
        merge("input", model.inputs(), description.inputs()),
        merge("output", model.outputs(), description.outputs()));
  }

  private static List<TensorSpec> merge(
      String kind, List<TensorSpec> specs, List<TensorNote> notes) {
    List<TensorSpec> merged = new ArrayList<>(specs);
    for (TensorNote note : notes) {
      int index = find(kind, specs, note);
      merged.set(index, merge(merged.get(index), note));
    }
    return merged;
  }

  private static int find(String kind, List<TensorSpec> specs, TensorNote note) {
    if (note.name().isEmpty() && specs.size() == 1) {
      return 0;
    }
    List<String> names = specs.stream().map(TensorSpec::name).toList();
    int index = names.indexOf(note.name());
    if (index < 0) {
      throw invalid(
          note.source(),
          "the model has no %s '%s'%s"
              .formatted(kind, note.name(), DidYouMean.hint(note.name(), names)));
    }
    return index;
  }

  private static TensorSpec merge(TensorSpec spec, TensorNote note) {
    Shape shape = spec.shape();
    if (note.shape().isPresent()) {
      if (!shape.accepts(note.shape().get())) {
        throw invalid(
            note.source(),
            "%s.shape: %s (expected: %s with some -1 replaced)"
                .formatted(spec.name(), note.shape().get(), shape));
      }
      shape = note.shape().get();
    }
    shape = narrowToFields(shape, note.fields().size());
    return new TensorSpec(
        spec.name(),
        spec.datatype(),
        shape,
        note.description().isEmpty() ? spec.description() : note.description(),
        fields(spec, shape, note),
        note.optional().orElse(spec.optional()));
  }

  /** Where the model leaves its number of columns open, the fields say it. */
  private static Shape narrowToFields(Shape shape, int fields) {
    int last = shape.rank() - 1;
    if (fields < 2 || last < 1 || shape.dimension(last) != Shape.DYNAMIC) {
      return shape;
    }
    long[] dimensions = shape.toArray();
    dimensions[last] = fields;
    return Shape.of(dimensions);
  }

  private static List<FieldSpec> fields(TensorSpec spec, Shape shape, TensorNote note) {
    List<FieldNote> notes = note.fields();
    List<String> known = spec.fields().stream().map(FieldSpec::name).toList();
    if (notes.isEmpty()) {
      return spec.fields();
    }
    if (notes.stream().allMatch(field -> known.contains(field.spec().name()))) {
      List<FieldSpec> merged = new ArrayList<>(spec.fields());
      notes.forEach(field -> merged.set(known.indexOf(field.spec().name()), field.spec()));
      return merged;
    }
    long columns = shape.rank() == 0 ? 1 : shape.dimension(shape.rank() - 1);
    if (notes.size() == columns || (notes.size() == 1 && known.isEmpty())) {
      return notes.stream().map(FieldNote::spec).toList();
    }
    FieldNote unknown =
        notes.stream()
            .filter(field -> !known.contains(field.spec().name()))
            .findFirst()
            .orElseThrow();
    throw invalid(
        unknown.source(),
        known.isEmpty()
            ? "%s has %d fields here (expected: one, or %d, one for each column of %s)"
                .formatted(spec.name(), notes.size(), columns, shape)
            : "%s has no field '%s'%s"
                .formatted(
                    spec.name(),
                    unknown.spec().name(),
                    DidYouMean.hint(unknown.spec().name(), known)));
  }

  private static SlipwayException invalid(Place place, String what) {
    return new SlipwayException(ErrorCode.CONFIGURATION_INVALID, place + ": " + what);
  }
}
