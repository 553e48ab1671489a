package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.governance.Verdict;
import dev.slipway.core.model.FieldSpec;
import dev.slipway.core.model.FieldSpec.NanPolicy;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.table.Table;
import dev.slipway.core.tensor.DataType;
import dev.slipway.platform.governance.holdout.Holdout;
import dev.slipway.platform.rows.RowTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * {@code data-validation}: the held-out rows are what the policy expects, and what the version says
 * of its inputs. Evidence from rows that are not what they should be is worth nothing.
 */
final class DataValidationGate implements Gate {
  private record Settings(int rowsMin, boolean signature, List<ColumnExpectation> columns) {
    static Settings of(JsonObject json) {
      GateParameters parameters = new GateParameters("data-validation", json);
      GateParameters columns = parameters.nested("columns");
      Settings settings =
          new Settings(
              parameters.whole("rows_min", 1, 1, Integer.MAX_VALUE),
              parameters.flag("signature", true),
              columns.names().stream()
                  .map(name -> ColumnExpectation.of(name, columns.nested(name)))
                  .toList());
      parameters.requireNoOthers();
      return settings;
    }
  }

  @Override
  public String name() {
    return "data-validation";
  }

  @Override
  public void requireParameters(JsonObject parameters) {
    Settings.of(parameters);
  }

  @Override
  public GateOutcome run(GateSubject subject, JsonObject parameters) {
    Settings settings = Settings.of(parameters);
    Holdout holdout = ScoreSettings.require(subject.holdout(), name());
    Table table = holdout.table();
    List<Expectation> results = new ArrayList<>();
    results.add(
        new Expectation(
            "rows_min",
            table.rows() >= settings.rowsMin(),
            Integer.toString(table.rows()),
            Integer.toString(settings.rowsMin())));
    settings.columns().forEach(column -> results.addAll(column.check("columns", table)));
    if (settings.signature()) {
      signed(subject.candidate().signature())
          .forEach(column -> results.addAll(column.check("signature", table)));
    }
    List<Expectation> failed = results.stream().filter(result -> !result.passed()).toList();
    return new GateOutcome(
        failed.isEmpty() ? Verdict.PASSED : Verdict.FAILED,
        Map.of("holdout", holdout.digest()),
        new Measurements()
            .put("rows", table.rows())
            .put("columns", table.names().size())
            .put("passed", results.size() - failed.size())
            .put("failed", failed.size())
            .put("expectations", results.stream().map(Expectation::json).toList())
            .build(),
        failed.stream().map(Expectation::toString).toList());
  }

  /** What a version says of its inputs, as expectations of columns. */
  private static List<ColumnExpectation> signed(ModelSignature signature) {
    List<ColumnExpectation> columns = new ArrayList<>();
    List<String> names = RowTensors.columns(signature);
    int at = 0;
    for (TensorSpec spec : signature.inputs()) {
      if (!spec.optional()) {
        int width = RowTensors.columns(new ModelSignature(List.of(spec), List.of())).size();
        for (int i = 0; i < width; i++) {
          FieldSpec field =
              spec.fields().isEmpty()
                  ? FieldSpec.named("")
                  : spec.fields().get(i % spec.fields().size());
          columns.add(signed(names.get(at++), spec.datatype(), field));
        }
      }
    }
    return columns;
  }

  private static ColumnExpectation signed(String name, DataType datatype, FieldSpec field) {
    boolean gaps = datatype.isFloatingPoint() && field.nan() == NanPolicy.ALLOW;
    return new ColumnExpectation(
        name,
        datatype == DataType.BYTES
            ? Optional.empty()
            : Optional.of(
                datatype.isFloatingPoint()
                    ? ColumnExpectation.Type.NUMBER
                    : datatype == DataType.BOOL
                        ? ColumnExpectation.Type.BOOLEAN
                        : ColumnExpectation.Type.WHOLE),
        field.min(),
        field.max(),
        field.categories(),
        gaps || datatype == DataType.BYTES ? OptionalDouble.empty() : OptionalDouble.of(0),
        false);
  }
}
