package dev.slipway.protocol.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.RequestedOutput;
import dev.slipway.core.inference.RequestedOutput.Encoding;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.json.ByteSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class V2ResponseEncoderTest {
  private static final ObjectMapper JACKSON = new ObjectMapper();

  private static JsonNode data(DataType type, int count, byte... bytes) throws IOException {
    ByteBuffer data = V2Fixtures.littleEndian(bytes.length).put(bytes);
    Tensor tensor = new Tensor("y", type, Shape.of(count), data);
    String json = V2Fixtures.json(V2Fixtures.response(tensor), ResponseForm.JSON);
    return JACKSON.readTree(json).get("outputs").get(0).get("data");
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void writesTheMembersThatClientsRequire() {
    assertThat(
            V2Fixtures.json(
                V2Fixtures.response(V2Fixtures.floats("score", Shape.of(1, 2), 0.1f, -2)),
                ResponseForm.JSON))
        .isEqualTo(
            "{\"model_name\":\"fraud\",\"model_version\":\"7\",\"id\":\"r1\",\"outputs\":[{\"name\":\"score\",\"datatype\":\"FP32\",\"shape\":[1,2],\"data\":[0.1,-2.0]}]}");
  }

  @Test
  void writesEveryDatatypeWithAllItsBits() throws IOException {
    assertThat(data(DataType.BOOL, 2, bytes(1, 0)).toString()).isEqualTo("[true,false]");
    assertThat(data(DataType.INT8, 2, bytes(0x80, 1)).toString()).isEqualTo("[-128,1]");
    assertThat(data(DataType.UINT8, 2, bytes(0x80, 1)).toString()).isEqualTo("[128,1]");
    assertThat(data(DataType.INT16, 1, bytes(0, 0x80)).toString()).isEqualTo("[-32768]");
    assertThat(data(DataType.UINT16, 1, bytes(0, 0x80)).toString()).isEqualTo("[32768]");
    assertThat(data(DataType.INT32, 1, bytes(0, 0, 0, 0x80)).toString()).isEqualTo("[-2147483648]");
    assertThat(data(DataType.UINT32, 1, bytes(0, 0, 0, 0x80)).toString()).isEqualTo("[2147483648]");
    byte[] top = bytes(0, 0, 0, 0, 0, 0, 0, 0x80);
    assertThat(data(DataType.INT64, 1, top).toString()).isEqualTo("[-9223372036854775808]");
    assertThat(data(DataType.UINT64, 1, top).toString()).isEqualTo("[9223372036854775808]");
    byte[] ones = bytes(255, 255, 255, 255, 255, 255, 255, 255);
    assertThat(data(DataType.UINT64, 1, ones).toString()).isEqualTo("[18446744073709551615]");
    assertThat(data(DataType.FP16, 2, bytes(0, 0x3c, 1, 0)).toString())
        .isEqualTo("[1.0,5.9604645E-8]");
    assertThat(data(DataType.BF16, 1, bytes(0xc0, 0x3f)).toString()).isEqualTo("[1.5]");
    assertThat(data(DataType.FP64, 1, bytes(0, 0, 0, 0, 0, 0, 0xf0, 0xbf)).toString())
        .isEqualTo("[-1.0]");
  }

  @Test
  void escapesStringsSoThatTheyComeBack() throws IOException {
    String odd = "\"\\/\b\f\n\r\t\u0000\u001f\u007f é 日本 \uD83D\uDE00 \u2028";
    String json =
        V2Fixtures.json(
            V2Fixtures.response(V2Fixtures.strings(odd, Shape.of(2), odd, "")), ResponseForm.JSON);
    JsonNode output = JACKSON.readTree(json).get("outputs").get(0);
    assertThat(output.get("name").textValue()).isEqualTo(odd);
    assertThat(output.get("data").get(0).textValue()).isEqualTo(odd);
    assertThat(output.get("data").get(1).textValue()).isEmpty();
  }

  @Test
  void refusesWhatJsonCannotHoldAndLeavesTheSinkAsItWas() {
    ByteSink sink = new ByteSink();
    sink.put('x');
    InferenceResponse nan =
        V2Fixtures.response(V2Fixtures.floats("score", Shape.of(1, 2), 1, Float.NaN));
    SlipwayException refusal =
        catchThrowableOfType(
            SlipwayException.class,
            () -> new V2ResponseEncoder().encode(nan, ResponseForm.JSON, sink));
    assertThat(refusal.code()).isEqualTo(ErrorCode.OUTPUT_INVALID);
    assertThat(refusal).hasMessageStartingWith("output 'score', element 1: NaN");
    assertThat(ErrorBody.publicMessage(refusal)).isEqualTo(refusal.getMessage());
    assertThat(sink.length()).isEqualTo(1);
    InferenceResponse noText = V2Fixtures.response(V2Fixtures.bytes("b", Shape.of(1), bytes(0xff)));
    assertThat(
            catchThrowableOfType(
                SlipwayException.class,
                () -> new V2ResponseEncoder().encode(noText, ResponseForm.JSON, sink)))
        .hasMessageContaining("no UTF-8");
  }

  @Test
  void writesNonFiniteNumbersAsStringsToWhoeverUsesThem() {
    ResponseForm form = new ResponseForm(List.of(), false, true);
    InferenceResponse response =
        V2Fixtures.response(
            V2Fixtures.floats("y", Shape.of(3), Float.NaN, Float.POSITIVE_INFINITY, -1 / 0f));
    assertThat(V2Fixtures.json(response, form))
        .contains("\"data\":[\"NaN\",\"Infinity\",\"-Infinity\"]");
  }

  @Test
  void appendsBinaryOutputsAfterTheJson() throws IOException {
    ByteSink sink = new ByteSink();
    InferenceResponse response =
        V2Fixtures.response(
            V2Fixtures.floats("a", Shape.of(1), 1),
            V2Fixtures.floats("b", Shape.of(1), 2),
            V2Fixtures.strings("c", Shape.of(1), "hi"));
    ResponseForm form =
        new ResponseForm(
            List.of(
                RequestedOutput.of("a"),
                new RequestedOutput("b", Encoding.JSON, 0),
                new RequestedOutput("c", Encoding.BINARY, 0)),
            true,
            false);
    sink.put('x');
    int jsonLength = new V2ResponseEncoder().encode(response, form, sink);
    JsonNode outputs = JACKSON.readTree(sink.array(), 1, jsonLength).get("outputs");
    assertThat(outputs.get(0).get("parameters").get("binary_data_size").intValue()).isEqualTo(4);
    assertThat(outputs.get(0).has("data")).isFalse();
    assertThat(outputs.get(1).get("data").get(0).floatValue()).isEqualTo(2f);
    assertThat(outputs.get(2).get("parameters").get("binary_data_size").intValue()).isEqualTo(6);
    assertThat(Arrays.copyOfRange(sink.array(), 1 + jsonLength, sink.length()))
        .isEqualTo(bytes(0, 0, 0x80, 0x3f, 2, 0, 0, 0, 'h', 'i'));
    sink.reset();
    assertThat(new V2ResponseEncoder().encode(response, ResponseForm.JSON, sink))
        .isEqualTo(V2ResponseEncoder.ALL_JSON);
  }

  @Test
  void classifiesTheBestOfEachRow() throws IOException {
    ResponseForm form =
        new ResponseForm(List.of(new RequestedOutput("y", Encoding.DEFAULT, 2)), false, false);
    JsonNode output =
        JACKSON
            .readTree(
                V2Fixtures.json(
                    V2Fixtures.response(
                        V2Fixtures.floats(
                            "y", Shape.of(2, 3), 0.1f, 0.7f, 0.2f, Float.NaN, -1, -1)),
                    form))
            .get("outputs")
            .get(0);
    assertThat(output.get("datatype").textValue()).isEqualTo("BYTES");
    assertThat(output.get("shape").toString()).isEqualTo("[2,2]");
    assertThat(output.get("data").toString())
        .isEqualTo("[\"0.7:1\",\"0.2:2\",\"-1.0:1\",\"-1.0:2\"]");
    SlipwayException refusal =
        catchThrowableOfType(
            SlipwayException.class,
            () ->
                V2Fixtures.json(
                    V2Fixtures.response(V2Fixtures.strings("y", Shape.of(1), "a")), form));
    assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_REQUEST);
  }

  @Test
  void errorBodiesAreNeverEmptyAndNeverLeak() {
    ByteSink sink = new ByteSink();
    ErrorBody.encode("a \"b\"", sink);
    assertThat(new String(sink.toByteArray(), UTF_8)).isEqualTo("{\"error\":\"a \\\"b\\\"\"}");
    assertThat(ErrorBody.publicMessage(new SlipwayException(ErrorCode.INTERNAL, "secret")))
        .isEqualTo("internal error: INTERNAL");
    assertThat(ErrorBody.publicMessage(new SlipwayException(ErrorCode.NOT_FOUND, "model: x")))
        .isEqualTo("model: x");
  }
}
