package dev.slipway.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.engine.SyntheticInputs;
import dev.slipway.testkit.engine.TestTensors;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JsonTensorsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParameterizedTest
  @EnumSource(DataType.class)
  void everyDatatypeComesBackBitForBit(DataType datatype) throws Exception {
    ModelSignature signature =
        new ModelSignature(List.of(TensorSpec.of("x", datatype, Shape.of(-1, 7))), List.of());
    Tensor tensor = SyntheticInputs.of(signature, 50, 3).getFirst();
    assertThat(JsonTensors.read(JSON.readTree(written(tensor)), datatype)).isEqualTo(tensor.data());
  }

  @Test
  void extremesKeepAllTheirBits() throws Exception {
    Tensor unsigned = TestTensors.int64("x", Shape.of(2), -1, Long.MIN_VALUE);
    Tensor asUint64 = new Tensor("x", DataType.UINT64, Shape.of(2), unsigned.data());
    assertThat(written(asUint64)).isEqualTo("[18446744073709551615,9223372036854775808]");
    assertThat(JsonTensors.read(JSON.readTree(written(asUint64)), DataType.UINT64))
        .isEqualTo(unsigned.data());
  }

  @Test
  void nestedArraysAndTheNamesOfNonNumbersAreRead() throws Exception {
    assertThat(
            JsonTensors.read(JSON.readTree("[[1, \"NaN\"], [\"-Infinity\", 2.5]]"), DataType.FP32))
        .isEqualTo(
            TestTensors.fp32("x", Shape.of(4), 1, Float.NaN, Float.NEGATIVE_INFINITY, 2.5f).data());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[128]|INT8",
        "[-1]|UINT8",
        "[1.5]|INT32",
        "[4294967296]|UINT32",
        "[2]|BOOL",
        "[1]|BYTES",
        "[\"x\"]|FP32",
        "[null]|INT64"
      })
  void whatDoesNotFitItsDatatypeIsRefused(String json, DataType datatype) throws Exception {
    assertThatThrownBy(() -> JsonTensors.read(JSON.readTree(json), datatype))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected:");
  }

  private static String written(Tensor tensor) throws Exception {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      JsonTensors.write(json, tensor);
    }
    return out.toString();
  }
}
