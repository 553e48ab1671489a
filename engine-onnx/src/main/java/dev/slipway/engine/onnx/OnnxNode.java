package dev.slipway.engine.onnx;

import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/** An output of a graph, as ONNX Runtime declares it. */
sealed interface OnnxNode {
  /** What the signature says of it. */
  TensorSpec spec();

  /** Whether the declaration says all that a run could tell. */
  boolean isComplete();

  /**
   * This with what an actual value tells beyond the declaration.
   *
   * @param value address of the output's value
   */
  OnnxNode observed(long value, OrtValues values, ScoreMaps scoreMaps) throws OrtFailure;

  /** A tensor. One of unknown rank is declared like a scalar. */
  record OfTensor(TensorSpec spec) implements OnnxNode {
    @Override
    public boolean isComplete() {
      return spec.shape().rank() > 0;
    }

    @Override
    public OnnxNode observed(long value, OrtValues values, ScoreMaps scoreMaps) throws OrtFailure {
      if (isComplete()) {
        return this;
      }
      long[] dimensions = new long[values.shape(value).rank()];
      Arrays.fill(dimensions, Shape.DYNAMIC);
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
    public boolean isComplete() {
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
