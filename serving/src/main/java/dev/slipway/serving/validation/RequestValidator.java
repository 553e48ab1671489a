package dev.slipway.serving.validation;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.RequestedOutput;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A signature, compiled to checks. Immutable and thread-safe; a request that sends its inputs in
 * the signature's order is checked without an allocation.
 */
public final class RequestValidator {
  private final TensorSpec[] inputs;
  private final @Nullable ValueCheck[] values;
  private final Map<String, Integer> inputIndexes = new HashMap<>();
  private final Map<String, Integer> outputIndexes = new HashMap<>();
  private final ModelSignature signature;
  private final boolean batched;

  public RequestValidator(ModelSignature signature) {
    this.signature = signature;
    this.inputs = signature.inputs().toArray(TensorSpec[]::new);
    this.batched = signature.isBatched();
    this.values = new ValueCheck[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      inputIndexes.put(inputs[i].name(), i);
      values[i] = ValueCheck.of(inputs[i]);
    }
    for (int i = 0; i < signature.outputs().size(); i++) {
      outputIndexes.put(signature.outputs().get(i).name(), i);
    }
  }

  /**
   * Checks names, datatypes, shapes and values.
   *
   * @return {@code given} in the signature's order; an optional input left out is absent
   * @throws SlipwayException INVALID_TENSOR or VALUE_REJECTED, naming the element by its place in
   *     the request
   */
  public List<Tensor> check(List<Tensor> given) {
    if (isInOrder(given)) {
      for (int i = 0; i < inputs.length; i++) {
        checkTensor(i, given.get(i), i);
      }
      checkRows(given, null);
      return given;
    }
    int[] positions = positions(given);
    List<Tensor> ordered = new ArrayList<>(given.size());
    int[] places = new int[given.size()];
    for (int i = 0; i < inputs.length; i++) {
      if (positions[i] >= 0) {
        Tensor tensor = given.get(positions[i]);
        checkTensor(i, tensor, positions[i]);
        places[ordered.size()] = positions[i];
        ordered.add(tensor);
      }
    }
    checkRows(ordered, places);
    return ordered;
  }

  /** Rows of a checked request: its batch dimension, or 1 where the model has none. */
  public int rows(List<Tensor> checked) {
    if (checked.isEmpty() || !inputs[0].isBatched() || checked.get(0).shape().rank() == 0) {
      return 1;
    }
    return (int) checked.get(0).shape().dimension(0);
  }

  /**
   * Places of the requested outputs in the signature, in the order requested; null means all, in
   * the signature's order.
   *
   * @throws SlipwayException INVALID_TENSOR if an output does not exist or is named twice
   */
  public int @Nullable [] outputs(List<RequestedOutput> requested) {
    if (requested.isEmpty()) {
      return null;
    }
    int[] places = new int[requested.size()];
    for (int i = 0; i < places.length; i++) {
      String name = requested.get(i).name();
      Integer place = outputIndexes.get(name);
      if (place == null) {
        throw invalid(
            "outputs[%d].name: %s (expected: one of %s)"
                .formatted(
                    i, shown(name), signature.outputs().stream().map(TensorSpec::name).toList()));
      }
      for (int j = 0; j < i; j++) {
        if (places[j] == place) {
          throw invalid("outputs[%d].name: %s (expected: each name once)".formatted(i, name));
        }
      }
      places[i] = place;
    }
    return places;
  }

  private boolean isInOrder(List<Tensor> given) {
    if (given.size() != inputs.length) {
      return false;
    }
    for (int i = 0; i < inputs.length; i++) {
      if (!inputs[i].name().equals(given.get(i).name())) {
        return false;
      }
    }
    return true;
  }

  private int[] positions(List<Tensor> given) {
    int[] positions = new int[inputs.length];
    Arrays.fill(positions, -1);
    for (int place = 0; place < given.size(); place++) {
      String name = given.get(place).name();
      Integer index = inputIndexes.get(name);
      if (index == null) {
        throw invalid(
            "inputs[%d].name: %s (expected: one of %s)".formatted(place, shown(name), names()));
      }
      if (positions[index] >= 0) {
        throw invalid("inputs[%d].name: %s (expected: each name once)".formatted(place, name));
      }
      positions[index] = place;
    }
    for (int i = 0; i < inputs.length; i++) {
      if (positions[i] < 0 && !inputs[i].optional()) {
        throw invalid(
            "inputs: %s (expected: %s, %s is missing)"
                .formatted(given.stream().map(Tensor::name).toList(), names(), inputs[i].name()));
      }
    }
    return positions;
  }

  private void checkTensor(int index, Tensor tensor, int place) {
    TensorSpec spec = inputs[index];
    if (tensor.datatype() != spec.datatype()) {
      throw invalid(
          "inputs[%d].datatype: %s (expected: %s)"
              .formatted(place, tensor.datatype(), spec.datatype()));
    }
    if (!spec.shape().accepts(tensor.shape())) {
      throw invalid(
          "inputs[%d].shape: %s (expected: %s)".formatted(place, tensor.shape(), spec.shape()));
    }
    ValueCheck check = values[index];
    if (check != null) {
      check.check(tensor, place);
    }
  }

  /** Where rows are a batch there is at least one, and every input has as many. */
  private void checkRows(List<Tensor> ordered, int @Nullable [] places) {
    if (!batched || ordered.isEmpty()) {
      return;
    }
    long rows = ordered.get(0).shape().dimension(0);
    for (int i = 0; i < ordered.size(); i++) {
      long own = ordered.get(i).shape().dimension(0);
      int place = places == null ? i : places[i];
      if (own == 0) {
        throw invalid(
            "inputs[%d].shape: %s (expected: at least one row)"
                .formatted(place, ordered.get(i).shape()));
      }
      if (own != rows) {
        throw invalid(
            "inputs[%d].shape: %s (expected: %d rows, as input %s has)"
                .formatted(place, ordered.get(i).shape(), rows, ordered.get(0).name()));
      }
    }
  }

  private List<String> names() {
    return signature.inputs().stream().map(TensorSpec::name).toList();
  }

  private static String shown(String name) {
    return name.length() > 100 ? name.substring(0, 100) + "..." : name;
  }

  private static SlipwayException invalid(String message) {
    return new SlipwayException(ErrorCode.INVALID_TENSOR, message);
  }
}
