package dev.slipway.protocol.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.RequestedOutput;
import dev.slipway.core.inference.RequestedOutput.Encoding;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.CountingBuffers;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.protocol.grpc.proto.InferParameter;
import dev.slipway.protocol.grpc.proto.InferTensorContents;
import dev.slipway.protocol.grpc.proto.ModelInferRequest;
import dev.slipway.protocol.grpc.proto.ModelInferRequest.InferInputTensor;
import dev.slipway.protocol.grpc.proto.ModelInferRequest.InferRequestedOutputTensor;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class InferRequestDecoderTest {
  private final CountingBuffers buffers = new CountingBuffers();
  private InferRequestDecoder decoder = new InferRequestDecoder(buffers, DecodeLimits.DEFAULT);

  private DecodedInfer decode(ModelInferRequest.Builder request) {
    byte[] bytes = request.build().toByteArray();
    return decoder.decode(bytes, 0, bytes.length);
  }

  private SlipwayException refusal(ModelInferRequest.Builder request) {
    return refusal(request.build().toByteArray());
  }

  private SlipwayException refusal(byte[] bytes) {
    SlipwayException refusal =
        catchThrowableOfType(SlipwayException.class, () -> decoder.decode(bytes, 0, bytes.length));
    assertThat(refusal).isNotNull();
    assertThat(buffers.outstanding()).isZero();
    return refusal;
  }

  private static InferInputTensor.Builder input(String datatype, long... shape) {
    InferInputTensor.Builder input =
        InferInputTensor.newBuilder().setName("x").setDatatype(datatype);
    for (long dimension : shape) {
      input.addShape(dimension);
    }
    return input;
  }

  private static ModelInferRequest.Builder typed(
      InferTensorContents.Builder contents, String datatype, long... shape) {
    return ModelInferRequest.newBuilder()
        .setModelName("m")
        .addInputs(input(datatype, shape).setContents(contents));
  }

  private static ModelInferRequest.Builder raw(byte[] content, String datatype, long... shape) {
    return ModelInferRequest.newBuilder()
        .setModelName("m")
        .addInputs(input(datatype, shape))
        .addRawInputContents(ByteString.copyFrom(content));
  }

  private static InferTensorContents.Builder contents() {
    return InferTensorContents.newBuilder();
  }

  private byte[] content(ModelInferRequest.Builder request) {
    Tensor tensor = decode(request).request().inputs().getFirst();
    byte[] bytes = new byte[tensor.byteLength()];
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
  void readsARequestWithEveryField() {
    DecodedInfer decoded =
        decode(
            raw(bytes(1, 2, 3, 4), "INT8", 2, 2)
                .setModelVersion("3")
                .setId("42")
                .putParameters("priority", InferParameter.newBuilder().setUint64Param(2).build())
                .putParameters("timeout", InferParameter.newBuilder().setInt64Param(50).build())
                .putParameters(
                    "sequence_start", InferParameter.newBuilder().setBoolParam(true).build())
                .putParameters("x", InferParameter.newBuilder().setDoubleParam(0.5).build())
                .addOutputs(
                    InferRequestedOutputTensor.newBuilder()
                        .setName("y")
                        .putParameters(
                            "classification",
                            InferParameter.newBuilder().setInt64Param(3).build())));
    assertThat(decoded.raw()).isTrue();
    assertThat(decoded.request().model()).isEqualTo("m");
    assertThat(decoded.request().version()).isEqualTo(3);
    assertThat(decoded.request().id()).isEqualTo("42");
    assertThat(decoded.request().parameters().priority()).isEqualTo(2);
    assertThat(decoded.request().parameters().timeoutMicros()).isEqualTo(50);
    assertThat(decoded.request().outputs())
        .containsExactly(new RequestedOutput("y", Encoding.DEFAULT, 3));
    Tensor x = decoded.request().inputs().getFirst();
    assertThat(x.shape()).isEqualTo(Shape.of(2, 2));
    assertThat(x.datatype()).isEqualTo(DataType.INT8);
    assertThat(x.data().getInt(0)).isEqualTo(0x04030201);
  }

  @Test
  void readsTypedContentsOfEveryDatatype() {
    assertThat(content(typed(contents().addBoolContents(true).addBoolContents(false), "BOOL", 2)))
        .isEqualTo(bytes(1, 0));
    assertThat(content(typed(contents().addIntContents(-128).addIntContents(127), "INT8", 2)))
        .isEqualTo(bytes(0x80, 0x7f));
    assertThat(content(typed(contents().addIntContents(-2), "INT16", 1)))
        .isEqualTo(bytes(0xfe, 0xff));
    assertThat(content(typed(contents().addIntContents(-2), "INT32", 1)))
        .isEqualTo(bytes(0xfe, 0xff, 0xff, 0xff));
    assertThat(content(typed(contents().addInt64Contents(Long.MIN_VALUE), "INT64", 1)))
        .isEqualTo(bytes(0, 0, 0, 0, 0, 0, 0, 0x80));
    assertThat(content(typed(contents().addUintContents(255), "UINT8", 1))).isEqualTo(bytes(255));
    assertThat(content(typed(contents().addUintContents(65535), "UINT16", 1)))
        .isEqualTo(bytes(255, 255));
    assertThat(content(typed(contents().addUintContents(-1), "UINT32", 1)))
        .isEqualTo(bytes(255, 255, 255, 255));
    assertThat(content(typed(contents().addUint64Contents(-1), "UINT64", 1)))
        .isEqualTo(bytes(255, 255, 255, 255, 255, 255, 255, 255));
    assertThat(content(typed(contents().addFp32Contents(1).addFp32Contents(-2), "FP32", 1, 2)))
        .isEqualTo(bytes(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0));
    assertThat(content(typed(contents().addFp64Contents(1), "FP64", 1)))
        .isEqualTo(bytes(0, 0, 0, 0, 0, 0, 0xf0, 0x3f));
    assertThat(
            content(
                typed(
                    contents()
                        .addBytesContents(ByteString.copyFromUtf8("ab"))
                        .addBytesContents(ByteString.EMPTY),
                    "BYTES",
                    2)))
        .isEqualTo(bytes(2, 0, 0, 0, 'a', 'b', 0, 0, 0, 0));
  }

  @Test
  void readsElementsThatAreNotPacked() {
    // name "x", datatype "INT32", shape 2 unpacked; contents: int_contents 5 and 300, one by one.
    byte[] input =
        bytes(
            0x0a, 1, 'x', 0x12, 5, 'I', 'N', 'T', '3', '2', 0x18, 2, 0x2a, 5, 0x10, 5, 0x10, 0xac,
            2);
    ByteBuffer message = ByteBuffer.allocate(3 + 2 + input.length);
    message.put(bytes(0x0a, 1, 'm', 0x2a, input.length)).put(input).flip();
    Tensor x = decoder.decode(message).request().inputs().getFirst();
    assertThat(x.data().getInt(0)).isEqualTo(5);
    assertThat(x.data().getInt(4)).isEqualTo(300);
  }

  @Test
  void readsFromADirectBufferBetweenItsPositionAndLimit() {
    byte[] bytes = raw(bytes(7), "INT8", 1).build().toByteArray();
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 20);
    direct.position(5);
    direct.put(5, bytes);
    direct.limit(5 + bytes.length);
    assertThat(decoder.decode(direct).request().inputs().getFirst().data().get(0))
        .isEqualTo((byte) 7);
    assertThat(direct.position()).isEqualTo(5);
  }

  @Test
  void refusesRawAndTypedContentsMixed() {
    ModelInferRequest.Builder mixed =
        typed(contents().addIntContents(1), "INT8", 1)
            .addRawInputContents(ByteString.copyFrom(bytes(1)));
    assertThat(refusal(mixed))
        .hasMessage("inputs[0].contents: both typed and raw (expected: raw_input_contents alone)");
    assertThat(refusal(raw(bytes(1), "INT8", 1).addInputs(input("INT8", 1).setName("y"))))
        .hasMessage("raw_input_contents: 1 (expected: 2, one for each input, or none)");
  }

  @Test
  void refusesContentsThatDoNotHaveTheShape() {
    assertThat(refusal(raw(bytes(1, 2, 3), "INT8", 2)))
        .hasMessage("raw_input_contents[0]: 3 bytes (expected: 2, INT8 of shape [2])");
    assertThat(refusal(typed(contents().addIntContents(1), "INT8", 2)))
        .hasMessage("inputs[0].contents: 1 elements (expected: 2, shape [2])");
    assertThat(refusal(typed(contents().addFp32Contents(1).addFp32Contents(1), "FP32", 1)))
        .hasMessageContaining("2 or more elements (expected: 1)");
    assertThat(refusal(typed(contents(), "FP32", 1))).hasMessageContaining("expected: 1, shape");
    assertThat(refusal(typed(contents().addIntContents(1), "INT8", -1)))
        .hasMessage("inputs[0].shape: -1 (expected: dimensions >= 0)");
    assertThat(refusal(raw(bytes(1), "INT8", 1L << 40, 1L << 40))).hasMessageContaining("63 bits");
    assertThat(buffers.largest()).isLessThan(10);
  }

  @Test
  void refusesElementsOfTheWrongFieldOrRange() {
    assertThat(refusal(typed(contents().addIntContents(300), "INT8", 1)))
        .hasMessage("inputs[0].contents[0]: 300 (expected: INT8, -128..127)");
    assertThat(refusal(typed(contents().addIntContents(1), "FP32", 1)))
        .hasMessage("inputs[0].contents: int_contents (expected: fp32_contents for FP32)");
    assertThat(
            refusal(
                typed(contents().addFp32Contents(1).addBytesContents(ByteString.EMPTY), "FP32", 1)))
        .hasMessageContaining("bytes_contents");
    assertThat(refusal(typed(contents().addFp32Contents(1), "FP16", 1)))
        .hasMessageContaining("raw_input_contents, the only form");
    assertThat(refusal(raw(bytes(2), "BOOL", 1)))
        .hasMessage("raw_input_contents[0][0]: 2 (expected: BOOL, 0 or 1)");
    assertThat(refusal(raw(bytes(9, 0, 0, 0, 'a'), "BYTES", 1)))
        .hasMessage("raw_input_contents[0][0]: length 9 (expected: at most the 1 bytes left)");
    assertThat(refusal(raw(bytes(0, 0, 0, 0, 0), "BYTES", 1)))
        .hasMessage("raw_input_contents[0]: 5 bytes (expected: 4, its 1 elements)");
  }

  @Test
  void refusesWhatIsMissingOrMalformed() {
    assertThat(refusal(new byte[0])).hasMessageContaining("model_name");
    assertThat(refusal(ModelInferRequest.newBuilder().setModelName("m")))
        .hasMessage("inputs: [] (expected: at least one tensor)");
    assertThat(refusal(raw(bytes(1), "INT8", 1).setModelVersion("one")))
        .hasMessage("model_version: 'one' (expected: a number >= 1, or nothing)");
    assertThat(refusal(raw(bytes(1), "INT9", 1))).hasMessageContaining("inputs[0].datatype: INT9");
    assertThat(refusal(bytes(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f)))
        .hasMessageContaining("length 4294967295");
    assertThat(refusal(bytes(0x0a, 1, 0xff)))
        .hasMessage("model_name: bytes that are no UTF-8 (expected: text)");
    assertThat(
            refusal(
                raw(bytes(1), "INT8", 1)
                    .putParameters(
                        "priority", InferParameter.newBuilder().setInt64Param(-1).build())))
        .hasMessageContaining("parameters[priority]: -1");
    SlipwayException shared =
        refusal(
            ModelInferRequest.newBuilder()
                .setModelName("m")
                .addInputs(
                    input("INT8", 1)
                        .putParameters(
                            "shared_memory_region",
                            InferParameter.newBuilder().setStringParam("r").build())));
    assertThat(shared.code()).isEqualTo(ErrorCode.NOT_IMPLEMENTED);
  }

  @Test
  void aStringLongerThanTheMessageIsMalformedAndNotTooLarge() {
    SlipwayException refusal = refusal(raw(bytes(0xff, 0xff, 0xff, 0xff, 1), "BYTES", 1));
    assertThat(refusal)
        .hasMessage(
            "raw_input_contents[0][0]: length 4294967295 (expected: at most the 1 bytes left)");
    assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_REQUEST);
  }

  @Test
  void aRefusedMessageStillTellsWhichModelItWasMeantFor() {
    refusal(raw(bytes(1), "INT9", 1).setModelVersion("7"));
    assertThat(decoder.model()).isEqualTo("m");
    assertThat(decoder.version()).isEqualTo(7);
    refusal(raw(bytes(1), "INT9", 1).setModelVersion("seven"));
    assertThat(decoder.version()).isZero();
    refusal(bytes(0x0a, 1, 0xff));
    assertThat(decoder.model()).isEmpty();
  }

  @Test
  void keepsToEachLimit() {
    decoder = new InferRequestDecoder(buffers, new DecodeLimits(4, 2, 2, 3, 8, 6, 3));
    decode(raw(bytes(1, 2, 3, 4), "INT8", 4));
    buffers.giveBackAll();
    assertThat(refusal(raw(bytes(1, 2, 3, 4, 5), "INT8", 5)).code())
        .isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
    assertThat(refusal(raw(bytes(1), "INT8", 1, 1, 1)).code())
        .isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
    assertThat(
            refusal(
                typed(contents().addBytesContents(ByteString.copyFromUtf8("abcd")), "BYTES", 1)))
        .hasMessage("inputs[0].contents[0]: a string of 4 bytes (expected: at most 3)");
    assertThat(refusal(raw(bytes(4, 0, 0, 0, 'a', 'b', 'c', 'd'), "BYTES", 1)).code())
        .isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
    assertThat(refusal(raw(bytes(1), "INT8", 1).setId("123456789")))
        .hasMessage("id: 9 bytes (expected: at most 8)");
    assertThat(refusal(raw(bytes(1), "INT8", 1).addInputs(input("INT8")).addInputs(input("INT8"))))
        .hasMessage("inputs: 3 or more (expected: at most 2)");
  }
}
