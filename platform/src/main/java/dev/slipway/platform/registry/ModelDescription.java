package dev.slipway.platform.registry;

import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.ModelSettings;
import dev.slipway.core.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * What {@code slipway-model.yaml} says; all of it is optional.
 *
 * @param modelFile path of the model file where the artifact holds several; empty means the only
 *     one
 * @param exampleRequest a V2 JSON request; empty means none
 */
record ModelDescription(
    String description,
    String modelFile,
    ModelSettings settings,
    List<TensorNote> inputs,
    List<TensorNote> outputs,
    String exampleRequest) {
  static final ModelDescription NONE =
      new ModelDescription("", "", ModelSettings.DEFAULT, List.of(), List.of(), "");

  /**
   * What is said of one input or output.
   *
   * @param name empty where the model has only one
   * @param shape what the shape is narrowed to
   * @param optional whether a request may leave it out; empty means as the model says
   * @param source for messages
   */
  record TensorNote(
      String name,
      String description,
      Optional<Shape> shape,
      Optional<Boolean> optional,
      List<FieldNote> fields,
      Place source) {
    TensorNote {
      fields = List.copyOf(fields);
    }
  }

  /** What is said of one field: the field's own type, and where it is said. */
  record FieldNote(FieldSpec spec, Place source) {}

  /** A line of the file. */
  record Place(String file, int line) {
    @Override
    public String toString() {
      return file + " line " + line;
    }
  }
}
