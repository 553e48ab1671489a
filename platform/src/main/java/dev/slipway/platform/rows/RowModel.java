package dev.slipway.platform.rows;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.table.Table;
import dev.slipway.core.tensor.NumberElements;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.CallContext;
import dev.slipway.serving.engine.EngineSelector;
import dev.slipway.serving.engine.InferenceSession;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.MeasuredCost;
import dev.slipway.serving.engine.ModelArtifact;
import dev.slipway.serving.validation.RequestValidator;
import java.util.List;

/** A version that is loaded to answer rows, on one thread. Closing it unloads it. */
public final class RowModel implements AutoCloseable {
  private static final int BATCH_ROWS = 1_024;

  private final ModelSignature signature;
  private final LoadedModel model;
  private final InferenceSession session;
  private final RequestValidator validator;

  private RowModel(ModelSignature signature, LoadedModel model) {
    this.signature = signature;
    this.model = model;
    this.session = model.openSession();
    this.validator = new RequestValidator(signature);
  }

  /**
   * Loads a version as the serving plane does.
   *
   * @throws SlipwayException as {@link EngineSelector#load}
   */
  public static RowModel open(
      ModelVersion version, ModelArtifact artifact, EngineSelector engines) {
    return new RowModel(
        version.signature(), engines.load(version, artifact, MeasuredCost.UNKNOWN).model());
  }

  public ModelSignature signature() {
    return signature;
  }

  /**
   * Answers one request.
   *
   * @return every output in the signature's order, valid until the next call
   * @throws SlipwayException INVALID_TENSOR or VALUE_REJECTED if the inputs do not fit the
   *     signature, or what the engine throws
   */
  public List<Tensor> answer(List<Tensor> inputs) {
    return session.infer(validator.check(inputs), CallContext.NO_DEADLINE);
  }

  /**
   * The score of every row.
   *
   * @throws SlipwayException BAD_REQUEST if the rows lack a column, or there is no such score; what
   *     {@link #answer} throws for a row that the model does not answer
   */
  public double[] scores(Table rows, ScoreChoice choice) {
    RowTensors tensors = RowTensors.of(signature, rows);
    int place = choice.place(signature);
    double[] scores = new double[rows.rows()];
    int batch = signature.isBatched() ? BATCH_ROWS : 1;
    for (int from = 0; from < scores.length; from += batch) {
      int count = Math.min(batch, scores.length - from);
      Tensor output = answer(tensors.rows(from, count)).get(place);
      long width = output.elementCount() / count;
      long index = choice.index() < 0 ? width - 1 : choice.index();
      if (output.elementCount() % count != 0 || index < 0 || index >= width) {
        throw new SlipwayException(
            ErrorCode.BAD_REQUEST,
            "output %s: %s for %d rows has no score %d (expected: as many numbers a row)"
                .formatted(output.name(), output.shape(), count, choice.index()));
      }
      for (int row = 0; row < count; row++) {
        scores[from + row] =
            NumberElements.at(
                output.datatype(),
                output.data(),
                Math.toIntExact((row * width + index) * output.datatype().byteSize()));
      }
    }
    return scores;
  }

  @Override
  public void close() {
    try (model) {
      session.close();
    }
  }
}
