package dev.slipway.serving.cells;

import dev.slipway.core.drift.BinCounts;
import dev.slipway.core.drift.CategoricalReference;
import dev.slipway.core.drift.NumericReference;
import dev.slipway.core.drift.cell.CellCounts;
import dev.slipway.core.drift.cell.FieldPlace;
import dev.slipway.core.drift.cell.FieldReference;
import dev.slipway.core.drift.cell.VersionReference;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts the rows that a version answers on the bins of its reference. Not thread-safe. */
public final class RowCounter {
  private final VersionReference reference;
  private final List<TensorSpec> inputSpecs;
  private final List<TensorSpec> outputSpecs;
  private final @Nullable TensorCounter[] inputs;
  private final @Nullable TensorCounter[] outputs;
  private long rows;

  public RowCounter(ModelSignature signature, VersionReference reference) {
    this.reference = reference;
    this.inputSpecs = signature.inputs();
    this.outputSpecs = signature.outputs();
    this.inputs = counters(inputSpecs, FieldPlace.Side.INPUT);
    this.outputs = counters(outputSpecs, FieldPlace.Side.OUTPUT);
  }

  private @Nullable TensorCounter[] counters(List<TensorSpec> specs, FieldPlace.Side side) {
    @Nullable TensorCounter[] counters = new TensorCounter[specs.size()];
    for (int i = 0; i < counters.length; i++) {
      counters[i] = counter(specs.get(i), side);
    }
    return counters;
  }

  private @Nullable TensorCounter counter(TensorSpec spec, FieldPlace.Side side) {
    Map<Integer, FieldReference> columns = new TreeMap<>();
    for (FieldReference field : reference.fields()) {
      if (field.place().side() == side && field.place().tensor().equals(spec.name())) {
        columns.put(field.place().column(), field);
      }
    }
    int width = spec.rowWidth();
    if (columns.isEmpty() || width < 1) {
      return null;
    }
    if (spec.datatype() == DataType.BYTES) {
      @Nullable CategoricalReference[] references = new CategoricalReference[width];
      columns.forEach(
          (column, field) -> {
            if (column < width && field.reference() instanceof CategoricalReference texts) {
              references[column] = texts;
            }
          });
      return new TensorCounter.OfTexts(references);
    }
    @Nullable NumericReference[] references = new NumericReference[width];
    columns.forEach(
        (column, field) -> {
          if (column < width && field.reference() instanceof NumericReference numbers) {
            references[column] = numbers;
          }
        });
    return new TensorCounter.OfNumbers(spec.datatype(), references);
  }

  /**
   * Counts one request.
   *
   * @param given inputs in the signature's order, optional ones possibly left out
   * @param answered outputs
   * @param places where each of these stands in the signature; null means all, in its order
   */
  public void count(
      List<Tensor> given, List<Tensor> answered, int @Nullable [] places, int requestRows) {
    rows += requestRows;
    int next = 0;
    for (int i = 0; i < inputs.length; i++) {
      TensorCounter counter = inputs[i];
      boolean isGiven =
          next < given.size()
              && (given.size() == inputs.length
                  || given.get(next).name().equals(inputSpecs.get(i).name()));
      if (counter != null) {
        if (isGiven) {
          counter.count(given.get(next), requestRows);
        } else {
          counter.countMissing(requestRows);
        }
      }
      next += isGiven ? 1 : 0;
    }
    for (int i = 0; i < answered.size(); i++) {
      TensorCounter counter = outputs[places == null ? i : places[i]];
      if (counter != null) {
        counter.count(answered.get(i), requestRows);
      }
    }
  }

  /** Rows counted until now. */
  public long rows() {
    return rows;
  }

  /** What was counted until now. */
  public CellCounts counts() {
    List<BinCounts> counts = new ArrayList<>();
    for (FieldReference field : reference.fields()) {
      TensorCounter counter = counterOf(field.place());
      counts.add(
          counter == null
              ? BinCounts.none(field.reference().counts().bins())
              : counter.counts(field.place().column()));
    }
    return new CellCounts(rows, counts);
  }

  private @Nullable TensorCounter counterOf(FieldPlace place) {
    boolean isInput = place.side() == FieldPlace.Side.INPUT;
    List<TensorSpec> specs = isInput ? inputSpecs : outputSpecs;
    @Nullable TensorCounter[] counters = isInput ? inputs : outputs;
    for (int i = 0; i < counters.length; i++) {
      if (specs.get(i).name().equals(place.tensor())) {
        return counters[i];
      }
    }
    return null;
  }
}
