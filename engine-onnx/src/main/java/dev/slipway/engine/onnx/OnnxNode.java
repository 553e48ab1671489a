package dev.slipway.engine.onnx;

import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.Shape;
import java.util.List;

/** An output of a graph, as ONNX Runtime declares it. */
sealed interface OnnxNode {
  /** What the signature says of it. */
  TensorSpec spec();

  /**
   * Whether a run could tell no more than the declaration does.
   *
   * @param batched whether all inputs have a batch dimension
   */
  boolean isComplete(boolean batched);

  /**
   * This with what an actual value tells beyond the declaration.
   *
   * @param value address of the output's value
   */
  OnnxNode observed(long value, OrtValues values, ScoreMaps scoreMaps) throws OrtFailure;

  /**
   * A tensor. One of unknown rank is declared like a scalar, and some converters declare one row
   * for whatever comes.
   */
  record OfTensor(TensorSpec spec) implements OnnxNode {
    @Override
    public boolean isComplete(boolean batched) {
      return spec.shape().rank() > 0 && (!batched || spec.isBatched());
    }

    @Override
    public OnnxNode observed(long value, OrtValues values, ScoreMaps scoreMaps) throws OrtFailure {
      Shape actual = values.shape(value);
      if (spec.shape().accepts(actual)) {
        return this;
      }
      long[] dimensions = new long[actual.rank()];
      for (int i = 0; i < dimensions.length; i++) {
        boolean holds =
            spec.shape().rank() == dimensions.length
                && spec.shape().dimension(i) == actual.dimension(i);
        dimensions[i] = holds ? actual.dimension(i) : Shape.DYNAMIC;
      }
      return new OfTensor(TensorSpec.of(spec.name(), spec.datatype(), Shape.of(dimensions)));
    }
  }

  /**
   * A sequence with one map of class to score per row, which converters from scikit-learn emit; it
   * is answered as a tensor {@code [rows, classes]} in the order of the map's keys, which name its
   * fields.
   */
  record OfScores(TensorSpec spec) implements OnnxNode {
    @Override
    public boolean isComplete(boolean batched) {
      return !spec.fields().isEmpty();
    }

    @Override
    public OnnxNode observed(long value, OrtValues values, ScoreMaps scoreMaps) throws OrtFailure {
      List<FieldSpec> classes = scoreMaps.classes(value).stream().map(FieldSpec::named).toList();
      return new OfScores(
          new TensorSpec(
              spec.name(),
              spec.datatype(),
              Shape.of(Shape.DYNAMIC, classes.isEmpty() ? Shape.DYNAMIC : classes.size()),
              spec.description(),
              classes,
              false));
    }
  }
}
