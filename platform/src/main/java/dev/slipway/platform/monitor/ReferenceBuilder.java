package dev.slipway.platform.monitor;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.drift.cell.FieldPlace;
import dev.slipway.core.drift.cell.FieldPlace.Side;
import dev.slipway.core.drift.cell.FieldReference;
import dev.slipway.core.drift.cell.VersionReference;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.table.Table;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.platform.rows.RowModel;
import dev.slipway.platform.rows.RowTensors;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a version's reference out of rows. The rows go through the model as requests do, so that
 * values are rounded to its datatypes before they are cut into bins, and its answers have a
 * reference too.
 */
final class ReferenceBuilder {
  private static final int BATCH_ROWS = 1_024;

  /** Fewer tell nothing about what windows do by chance. */
  static final int ROWS_MIN = 100;

  /** An output wider than this is an embedding or a picture, not scores. */
  private static final int OUTPUT_WIDTH_MAX = 64;

  private ReferenceBuilder() {}

  /**
   * Answers every row and cuts the bins.
   *
   * @param data digest of the file that the rows came from
   * @throws SlipwayException BAD_REQUEST if the rows lack a column, are too few, or have too many
   *     values each; what the model throws for a row that it does not answer
   */
  static VersionReference of(ContentDigest data, Table rows, RowModel model) {
    if (rows.rows() < ROWS_MIN) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "%d rows (expected: at least %d)".formatted(rows.rows(), ROWS_MIN));
    }
    ModelSignature signature = model.signature();
    RowTensors tensors = RowTensors.of(signature, rows);
    List<List<ColumnSamples>> inputs = new ArrayList<>();
    List<List<ColumnSamples>> outputs = new ArrayList<>();
    int fields = 0;
    for (TensorSpec spec : signature.inputs()) {
      if (!spec.optional()) {
        inputs.add(samples(spec, rows.rows(), Integer.MAX_VALUE));
        fields += inputs.getLast().size();
      }
    }
    for (TensorSpec spec : signature.outputs()) {
      outputs.add(samples(spec, rows.rows(), OUTPUT_WIDTH_MAX));
      fields += outputs.getLast().size();
    }
    if (fields > VersionReference.FIELDS_MAX) {
      throw new SlipwayException(
          ErrorCode.BAD_REQUEST,
          "the model has %d values a row (expected: at most %d to watch)"
              .formatted(fields, VersionReference.FIELDS_MAX));
    }
    int batch = signature.isBatched() ? BATCH_ROWS : 1;
    for (int from = 0; from < rows.rows(); from += batch) {
      int count = Math.min(batch, rows.rows() - from);
      List<Tensor> given = tensors.rows(from, count);
      List<Tensor> answered = model.answer(given);
      add(inputs, given, count);
      add(outputs, answered, count);
    }
    return new VersionReference(
        data, rows.rows(), references(signature, rows.rows(), inputs, outputs));
  }

  private static List<ColumnSamples> samples(TensorSpec spec, int rows, int widthMax) {
    int width = spec.rowWidth();
    List<ColumnSamples> samples = new ArrayList<>();
    for (int column = 0; column < (width > widthMax ? 0 : width); column++) {
      samples.add(ColumnSamples.of(spec.datatype(), rows));
    }
    return samples;
  }

  private static void add(List<List<ColumnSamples>> samples, List<Tensor> tensors, int rows) {
    for (int i = 0; i < samples.size(); i++) {
      List<ColumnSamples> columns = samples.get(i);
      if (!columns.isEmpty() && tensors.get(i).elementCount() == (long) rows * columns.size()) {
        ColumnSamples.addAll(columns, tensors.get(i));
      }
    }
  }

  private static List<FieldReference> references(
      ModelSignature signature,
      int rows,
      List<List<ColumnSamples>> inputs,
      List<List<ColumnSamples>> outputs) {
    List<FieldReference> fields = new ArrayList<>();
    List<TensorSpec> required =
        signature.inputs().stream().filter(spec -> !spec.optional()).toList();
    add(fields, Side.INPUT, required, inputs, rows);
    add(fields, Side.OUTPUT, signature.outputs(), outputs, rows);
    return fields;
  }

  private static void add(
      List<FieldReference> fields,
      Side side,
      List<TensorSpec> specs,
      List<List<ColumnSamples>> samples,
      int rows) {
    for (int i = 0; i < specs.size(); i++) {
      List<ColumnSamples> columns = samples.get(i);
      for (int column = 0; column < columns.size(); column++) {
        // A model that does not answer a row for a row leaves its outputs without samples.
        if (columns.get(column).rows() == rows) {
          fields.add(
              columns
                  .get(column)
                  .reference(
                      new FieldPlace(side, specs.get(i).name(), column),
                      specs.get(i).columnName(column)));
        }
      }
    }
  }
}
