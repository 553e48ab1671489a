package dev.slipway.protocol.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.RequestedOutput;
import dev.slipway.core.inference.RequestedOutput.Encoding;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.CountingBuffers;
import dev.slipway.protocol.DecodeLimits;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class V2RequestDecoderTest {
  private final CountingBuffers buffers = new CountingBuffers();
  private V2RequestDecoder decoder = new V2RequestDecoder(buffers, DecodeLimits.DEFAULT);

  private DecodedRequest decode(String body) {
    byte[] bytes = body.getBytes(UTF_8);
    return decoder.decode("fraud", 0, bytes, 0, bytes.length);
  }

  private Tensor tensor(String datatype, String shape, String data) {
    return decode(one(datatype, shape, data)).request().inputs().getFirst();
  }

  private static String one(String datatype, String shape, String data) {
    return """
    {"inputs":[{"name":"x","shape":%s,"datatype":"%s","data":%s}]}\
    """
        .formatted(shape, datatype, data);
  }

  private SlipwayException refusal(String body) {
    SlipwayException refusal = catchThrowableOfType(SlipwayException.class, () -> decode(body));
    assertThat(refusal).as(body).isNotNull();
    assertThat(buffers.outstanding()).isZero();
    return refusal;
  }

  private static byte[] content(Tensor tensor) {
    byte[] bytes = new byte[tensor.data().limit()];
    tensor.data().get(0, bytes);
    return bytes;
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void readsARequestWithEveryMember() {
    DecodedRequest decoded =
        decode(
            """
            {"id": "42", "parameters": {"priority": 1, "timeout": 5000, "binary_data_output": true,
              "sequence_id": 3, "triton_x": [1, {"a": null}]},
             "inputs": [{"name": "x", "shape": [2, 2], "datatype": "FP32", "parameters": {"a": 1},
               "data": [[1.5, -2], [3e2, 0.25]]}],
             "outputs": [{"name": "score", "parameters": {"classification": 3, "binary_data": false}},
               {"name": "label"}], "unknown": {"b": [true, false, null, "c"]}}
            """);
    assertThat(decoded.request().model()).isEqualTo("fraud");
    assertThat(decoded.request().id()).isEqualTo("42");
    assertThat(decoded.request().parameters().priority()).isEqualTo(1);
    assertThat(decoded.request().parameters().timeoutMicros()).isEqualTo(5000);
    assertThat(decoded.request().parameters().binaryOutput()).isTrue();
    assertThat(decoded.request().outputs())
        .containsExactly(
            new RequestedOutput("score", Encoding.JSON, 3), RequestedOutput.of("label"));
    assertThat(decoded.form())
        .isEqualTo(new ResponseForm(decoded.request().outputs(), true, false));
    Tensor x = decoded.request().inputs().getFirst();
    assertThat(x.name()).isEqualTo("x");
    assertThat(x.shape()).isEqualTo(Shape.of(2, 2));
    assertThat(x.datatype()).isEqualTo(DataType.FP32);
    assertThat(x.data().getFloat(0)).isEqualTo(1.5f);
    assertThat(x.data().getFloat(4)).isEqualTo(-2f);
    assertThat(x.data().getFloat(8)).isEqualTo(300f);
    assertThat(x.data().getFloat(12)).isEqualTo(0.25f);
    assertThat(buffers.outstanding()).isEqualTo(1);
  }

  @Test
  void readsEveryDatatypeLittleEndian() {
    assertThat(content(tensor("BOOL", "[2]", "[true,false]"))).isEqualTo(bytes(1, 0));
    assertThat(content(tensor("INT8", "[2]", "[-128,127]"))).isEqualTo(bytes(0x80, 0x7f));
    assertThat(content(tensor("INT16", "[2]", "[-32768,258]"))).isEqualTo(bytes(0, 0x80, 2, 1));
    assertThat(content(tensor("INT32", "[1]", "[-2147483648]"))).isEqualTo(bytes(0, 0, 0, 0x80));
    assertThat(content(tensor("INT64", "[1]", "[-9223372036854775808]")))
        .isEqualTo(bytes(0, 0, 0, 0, 0, 0, 0, 0x80));
    assertThat(tensor("INT64", "[1]", "[9007199254740993]").data().getLong(0))
        .isEqualTo(9007199254740993L);
    assertThat(content(tensor("UINT8", "[2]", "[255,0]"))).isEqualTo(bytes(255, 0));
    assertThat(content(tensor("UINT16", "[1]", "[65535]"))).isEqualTo(bytes(255, 255));
    assertThat(content(tensor("UINT32", "[1]", "[4294967295]")))
        .isEqualTo(bytes(255, 255, 255, 255));
    assertThat(tensor("UINT64", "[1]", "[18446744073709551615]").data().getLong(0)).isEqualTo(-1);
    assertThat(content(tensor("FP16", "[2]", "[1,-65504]"))).isEqualTo(bytes(0, 0x3c, 0xff, 0xfb));
    assertThat(content(tensor("BF16", "[1]", "[1.0]"))).isEqualTo(bytes(0x80, 0x3f));
    assertThat(tensor("FP64", "[1]", "[0.1]").data().getDouble(0)).isEqualTo(0.1);
    assertThat(content(tensor("BYTES", "[2]", "[\"a\\u00e9\\n\",\"\"]")))
        .isEqualTo(bytes(4, 0, 0, 0, 'a', 0xc3, 0xa9, '\n', 0, 0, 0, 0));
  }

  @Test
  void readsNestedAndFlatStringsAlike() {
    assertThat(content(tensor("BYTES", "[2,1]", "[[\"a\"],[\"b\"]]")))
        .isEqualTo(content(tensor("BYTES", "[2,1]", "[\"a\",\"b\"]")));
  }

  @Test
  void readsScalarsAndEmptyTensors() {
    assertThat(tensor("INT32", "[]", "[5]").data().getInt(0)).isEqualTo(5);
    assertThat(tensor("FP32", "[0]", "[]").byteLength()).isZero();
    assertThat(tensor("FP32", "[2,0]", "[[],[]]").byteLength()).isZero();
    assertThat(tensor("FP32", "[2,0]", "[]").byteLength()).isZero();
  }

  @Test
  void readsDataThatComesBeforeItsShape() {
    Tensor x =
        decode(
                """
                {"outputs":[],"inputs":[{"data":[[1],[2]],"datatype":"INT32","shape":[2,1],"name":"x"},
                {"data":[7],"name":"y","shape":[1],"datatype":"INT8"}]}\
                """)
            .request()
            .inputs()
            .get(1);
    assertThat(x.data().get(0)).isEqualTo((byte) 7);
  }

  @Test
  void readsEscapedKeysAsWhatTheyMean() {
    DecodedRequest decoded =
        decode(
            """
            {"\\u0069nputs":[{"name":"\\u0078","shape":[1],"datatype":"INT32","data":[1]}]}\
            """);
    assertThat(decoded.request().inputs().getFirst().name()).isEqualTo("x");
  }

  @Test
  void toleratesNullForWhatIsOptional() {
    decode(
        """
        {"id":null,"parameters":null,"outputs":null,
        "inputs":[{"name":"x","shape":[1],"datatype":"INT32","parameters":null,"data":[1]}]}\
        """);
  }

  @Test
  void readsNonFiniteNumbersFromStringsAndRemembersThat() {
    DecodedRequest decoded = decode(one("FP32", "[3]", "[\"NaN\",\"Infinity\",\"-Infinity\"]"));
    ByteBuffer data = decoded.request().inputs().getFirst().data();
    assertThat(data.getFloat(0)).isNaN();
    assertThat(data.getFloat(4)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(data.getFloat(8)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(decoded.form().nonFiniteAsStrings()).isTrue();
    assertThat(decode(one("FP32", "[1]", "[1]")).form().nonFiniteAsStrings()).isFalse();
  }

  @Test
  void namesTheElementThatIsOutOfRange() {
    assertThat(refusal(one("INT8", "[2,4]", "[[1,2,3,4],[5,6,7,300]]")))
        .hasMessage("inputs[0].data[7]: 300 (expected: INT8, -128..127)");
    assertThat(refusal(one("UINT64", "[1]", "[18446744073709551616]")))
        .hasMessage(
            "inputs[0].data[0]: 18446744073709551616 (expected: UINT64, 0..18446744073709551615)");
    assertThat(refusal(one("INT64", "[1]", "[9223372036854775808]")))
        .hasMessageContaining("-9223372036854775808..9223372036854775807");
    assertThat(refusal(one("UINT8", "[1]", "[-1]"))).hasMessageContaining("0..255");
    assertThat(refusal(one("INT32", "[1]", "[1.0]")))
        .hasMessage(
            "inputs[0].data[0]: 1.0 (expected: INT32, an integer without fraction and exponent)");
    assertThat(refusal(one("FP32", "[1]", "[1e39]")))
        .hasMessage("inputs[0].data[0]: 1e39 (expected: FP32, within +-3.4028235E38)");
    assertThat(refusal(one("FP16", "[1]", "[65520]"))).hasMessageContaining("+-65504");
    assertThat(refusal(one("FP64", "[1]", "[1e999999999999999999]")))
        .hasMessageContaining("data[0]");
  }

  @Test
  void namesTheElementThatIsOfTheWrongKind() {
    assertThat(refusal(one("FP32", "[2]", "[1,null]")))
        .hasMessage("inputs[0].data[1]: null (expected: FP32, a number)");
    assertThat(refusal(one("BOOL", "[1]", "[1]")))
        .hasMessage("inputs[0].data[0]: 1 (expected: BOOL, true or false)");
    assertThat(refusal(one("BYTES", "[1]", "[1]"))).hasMessageContaining("a string");
    assertThat(refusal(one("FP32", "[1]", "[\"one\"]"))).hasMessageContaining("\"NaN\"");
    assertThat(refusal(one("FP32", "[1]", "1"))).hasMessageContaining("expected: an array");
    assertThat(refusal(one("INT32", "[1]", "[{\"a\":1}]"))).hasMessageContaining("{\"a\":1}");
  }

  @Test
  void refusesDataThatDoesNotHaveTheShape() {
    assertThat(refusal(one("FP32", "[1,3]", "[1,2]")))
        .hasMessage("inputs[0].data: 2 elements (expected: 3, shape [1, 3])");
    assertThat(refusal(one("FP32", "[1,2]", "[1,2,3]")))
        .hasMessage("inputs[0].data: 3 or more elements (expected: 2, shape [1, 2])");
    assertThat(refusal(one("FP32", "[2,2]", "[[1,2,3],[4]]"))).hasMessageContaining("of 3 or more");
    assertThat(refusal(one("FP32", "[2,2]", "[[1,2]]"))).hasMessageContaining("of 1 before");
    assertThat(refusal(one("FP32", "[2,2]", "[[1,2,3,4]]"))).hasMessageContaining("inputs[0].data");
    assertThat(refusal(one("FP32", "[2,2]", "[[[1],[2]],[[3],[4]]]"))).hasMessageContaining("[1]");
    assertThat(refusal(one("FP32", "[2]", "[[1,2]]"))).hasMessageContaining("[1,2]");
    assertThat(refusal(one("FP32", "[-1]", "[1]"))).hasMessageContaining("inputs[0].shape: -1");
    assertThat(refusal(one("FP32", "[4294967296,4294967296]", "[1]")))
        .hasMessageContaining("63 bits");
  }

  @Test
  void takesNoMemoryForElementsThatHaveNotArrived() {
    assertThat(refusal(one("FP64", "[100000000]", "[1,2]")))
        .hasMessage("inputs[0].data: 2 elements (expected: 100000000, shape [100000000])");
    assertThat(buffers.largest()).isZero();
  }

  @Test
  void refusesWhatIsMissingOrTwice() {
    assertThat(refusal("{}")).hasMessage("inputs: missing (expected: a list of tensors)");
    assertThat(refusal("{\"inputs\":[]}")).hasMessageContaining("at least one");
    assertThat(refusal("{\"inputs\":[{}]}")).hasMessageContaining("inputs[0].name: missing");
    assertThat(refusal("{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\"}]}"))
        .hasMessageContaining("neither data nor parameters.binary_data_size");
    assertThat(
            refusal(
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1],\"data\":[2]}]}"))
        .hasMessage("inputs[0].data: twice (expected: once)");
    assertThat(
            refusal(
                """
                {"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]},
                {"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}\
                """))
        .hasMessage("inputs: 'x' twice (expected: distinct names)");
    assertThat(refusal(one("FP33", "[1]", "[1]")))
        .hasMessageContaining("inputs[0].datatype: FP33 (expected: one of [BOOL");
  }

  @Test
  void refusesWhatIsNotJson() {
    for (String data :
        List.of(
            "[01]",
            "[1.]",
            "[.5]",
            "[+1]",
            "[1e]",
            "[-]",
            "[NaN]",
            "[Infinity]",
            "[1,]",
            "[,1]",
            "[1 2]",
            "[0x1]",
            "[1f]",
            "[1d]",
            "['1']",
            "[1",
            "[1}",
            "[1]]",
            "[tru]",
            "[1]//",
            "[\"\\x\"]",
            "[\"\\ud800\"]",
            "[\"\u0001\"]",
            "[\"a]",
            "[\u00a01]")) {
      String type = data.contains("\"") ? "BYTES" : "FP32";
      assertThat(refusal(one(type, "[1]", data)).code()).as(data).isEqualTo(ErrorCode.BAD_REQUEST);
    }
    assertThat(refusal("")).hasMessageContaining("end of text");
    assertThat(refusal("[]")).hasMessage("body: [] (expected: an object)");
    assertThat(refusal(one("FP32", "[1]", "[1]") + "x"))
        .hasMessageContaining("(expected: the end)");
  }

  @Test
  void refusesBytesThatAreNoUtf8WhereverTheyAre() {
    for (byte[] bad :
        List.of(
            bytes(0xff),
            bytes(0xc0, 0x80),
            bytes(0xe0, 0x80, 0x80),
            bytes(0xed, 0xa0, 0x80),
            bytes(0xf4, 0x90, 0x80, 0x80),
            bytes(0xc3))) {
      byte[] before = "{\"unknown\":\"".getBytes(UTF_8);
      byte[] after = "\"}".getBytes(UTF_8);
      byte[] body = new byte[before.length + bad.length + after.length];
      System.arraycopy(before, 0, body, 0, before.length);
      System.arraycopy(bad, 0, body, before.length, bad.length);
      System.arraycopy(after, 0, body, before.length + bad.length, after.length);
      SlipwayException refusal =
          catchThrowableOfType(
              SlipwayException.class, () -> decoder.decode("m", 0, body, 0, body.length));
      assertThat(refusal).hasMessageContaining("valid UTF-8");
    }
  }

  @Test
  void keepsToEachLimitAndAcceptsWhatIsAtIt() {
    DecodeLimits limits = new DecodeLimits(4, 2, 2, 3, 8, 6, 3);
    decoder = new V2RequestDecoder(buffers, limits);
    decode(one("INT8", "[4]", "[1,2,3,4]"));
    decode(one("BYTES", "[1]", "[\"abc\"]"));
    decode(one("FP32", "[1]", "[1.2345]"));
    decode("{\"u\":[[[]]]," + one("FP32", "[1,1]", "[1]").substring(1));
    buffers.giveBackAll();
    assertThat(refusal(one("INT8", "[5]", "[1,2,3,4,5]")).code())
        .isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
    assertThat(refusal(one("BYTES", "[1]", "[\"abcd\"]")))
        .hasMessage("inputs[0].data[0]: a string of 4 bytes (expected: at most 3)");
    assertThat(refusal(one("FP32", "[1]", "[1.23456]"))).hasMessageContaining("7 characters");
    assertThat(refusal(one("FP32", "[1,1,1]", "[1]"))).hasMessageContaining("inputs[0].shape");
    assertThat(refusal("{\"u\":[[[[]]]]}")).hasMessageContaining("more than 3 levels");
    assertThat(refusal("{\"id\":\"123456789\"}")).hasMessage("id: 9 bytes (expected: at most 8)");
    String input = "{\"name\":\"%s\",\"shape\":[1],\"datatype\":\"INT8\",\"data\":[1]}";
    assertThat(
            refusal(
                "{\"inputs\":["
                    + String.join(",", input.formatted("a"), input.formatted("b"), "{}")
                    + "]}"))
        .hasMessage("inputs: 3 or more (expected: at most 2)");
  }

  @Test
  void deepNestingIsRefusedWithoutHarm() {
    assertThat(refusal("{\"a\":" + "[".repeat(1_000_000))).hasMessageContaining("levels");
    assertThat(refusal("{\"inputs\":" + "[".repeat(1_000_000))).hasMessageContaining("levels");
    assertThat(refusal(one("FP32", "[1,1]", "[".repeat(1_000_000))).code())
        .isEqualTo(ErrorCode.BAD_REQUEST);
  }

  @Test
  void halvesAreRoundedToEvenOnlyWhereTheTextIsExactlyInTheMiddle() {
    // 1 + 2^-11 lies between 1 and the next half; so does 1 + 3 * 2^-11, whose even neighbour is
    // up.
    assertThat(tensor("FP16", "[1]", "[1.00048828125]").data().getShort(0))
        .isEqualTo((short) 0x3c00);
    assertThat(tensor("FP16", "[1]", "[1.00048828125E0000000000000000000]").data().getShort(0))
        .isEqualTo((short) 0x3c00);
    assertThat(tensor("FP16", "[1]", "[1.0004882812500000000000000000001]").data().getShort(0))
        .isEqualTo((short) 0x3c01);
    assertThat(tensor("FP16", "[1]", "[1.00146484375]").data().getShort(0))
        .isEqualTo((short) 0x3c02);
    assertThat(tensor("FP16", "[1]", "[1.0014648437499999999999999999999]").data().getShort(0))
        .isEqualTo((short) 0x3c01);
    // The least half is 2^-24; half of it is a tie with zero.
    assertThat(tensor("FP16", "[1]", "[2.98023223876953125e-8]").data().getShort(0)).isZero();
    assertThat(tensor("FP16", "[1]", "[2.98023223876953126e-8]").data().getShort(0))
        .isEqualTo((short) 1);
    assertThat(tensor("FP16", "[1]", "[-1e-400]").data().getShort(0)).isEqualTo((short) 0x8000);
  }

  @Test
  void floatsAreNotRoundedTwice() {
    // Nearest double is exactly the middle of two floats; the text is just above it.
    assertThat(tensor("FP32", "[1]", "[1.00000005960464477540]").data().getFloat(0))
        .isEqualTo(1.0000001f);
    assertThat(tensor("FP32", "[1]", "[1.000000059604644775390625]").data().getFloat(0))
        .isEqualTo(1f);
    assertThat(tensor("FP32", "[1]", "[16777217]").data().getFloat(0)).isEqualTo(16777216f);
    assertThat(tensor("FP32", "[1]", "[1e-46]").data().getFloat(0)).isZero();
    assertThat(tensor("FP32", "[1]", "[0.%s1e400]".formatted("0".repeat(399))).data().getFloat(0))
        .isEqualTo(1f);
  }
}
