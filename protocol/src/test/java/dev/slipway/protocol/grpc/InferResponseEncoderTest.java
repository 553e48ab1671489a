package dev.slipway.protocol.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.RequestedOutput;
import dev.slipway.core.inference.RequestedOutput.Encoding;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.grpc.proto.InferTensorContents;
import dev.slipway.protocol.grpc.proto.ModelInferResponse;
import dev.slipway.protocol.grpc.proto.ModelStreamInferResponse;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.protocol.rest.V2Fixtures;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class InferResponseEncoderTest {
  private final InferResponseEncoder encoder = new InferResponseEncoder();
  private final ByteSink sink = new ByteSink(1, 1 << 20);

  private ModelInferResponse encoded(InferenceResponse response, boolean raw)
      throws InvalidProtocolBufferException {
    return encoded(response, List.of(), raw);
  }

  private ModelInferResponse encoded(
      InferenceResponse response, List<RequestedOutput> requested, boolean raw)
      throws InvalidProtocolBufferException {
    sink.reset();
    encoder.encode(response, requested, raw, sink);
    ModelInferResponse message = ModelInferResponse.parseFrom(sink.toByteArray());
    // What the generated code writes is what we wrote, byte for byte.
    assertThat(sink.toByteArray()).isEqualTo(message.toByteArray());
    return message;
  }

  private static Tensor integers(DataType datatype, long... values) {
    int size = datatype.byteSize();
    ByteBuffer data = V2Fixtures.littleEndian(size * values.length);
    for (long value : values) {
      for (int i = 0; i < size; i++) {
        data.put((byte) (value >>> (8 * i)));
      }
    }
    return new Tensor("y", datatype, Shape.of(values.length), data);
  }

  @Test
  void answersRawWithRaw() throws InvalidProtocolBufferException {
    ModelInferResponse message =
        encoded(
            V2Fixtures.response(
                V2Fixtures.floats("é", Shape.of(1, 2), 1, Float.NaN),
                V2Fixtures.strings("label", Shape.of(1), "fraud")),
            true);
    assertThat(message.getModelName()).isEqualTo("fraud");
    assertThat(message.getModelVersion()).isEqualTo("7");
    assertThat(message.getId()).isEqualTo("r1");
    assertThat(message.getOutputs(0).getName()).isEqualTo("é");
    assertThat(message.getOutputs(0).getShapeList()).containsExactly(1L, 2L);
    assertThat(message.getOutputs(0).hasContents()).isFalse();
    assertThat(message.getRawOutputContentsCount()).isEqualTo(2);
    assertThat(message.getRawOutputContents(0).size()).isEqualTo(8);
    assertThat(message.getRawOutputContents(1)).isEqualTo(ByteString.copyFromUtf8("\5\0\0\0fraud"));
  }

  @Test
  void answersTypedWithTypedForEveryDatatype() throws InvalidProtocolBufferException {
    ByteBuffer doubles = V2Fixtures.littleEndian(8).putDouble(0, -2.5);
    ModelInferResponse message =
        encoded(
            V2Fixtures.response(
                integers(DataType.BOOL, 1, 0),
                integers(DataType.INT8, -128, 127),
                integers(DataType.INT16, -32768, 300),
                integers(DataType.INT32, Integer.MIN_VALUE, 70000),
                integers(DataType.INT64, Long.MIN_VALUE, Long.MAX_VALUE),
                integers(DataType.UINT8, 255, 0),
                integers(DataType.UINT16, 65535),
                integers(DataType.UINT32, 0xffff_ffffL),
                integers(DataType.UINT64, -1, 1),
                V2Fixtures.floats("y", Shape.of(2), 1.5f, -2),
                new Tensor("y", DataType.FP64, Shape.of(1), doubles),
                V2Fixtures.strings("y", Shape.of(2), "a", "")),
            false);
    assertThat(message.getRawOutputContentsCount()).isZero();
    List<InferTensorContents> contents =
        message.getOutputsList().stream()
            .map(ModelInferResponse.InferOutputTensor::getContents)
            .toList();
    assertThat(contents.get(0).getBoolContentsList()).containsExactly(true, false);
    assertThat(contents.get(1).getIntContentsList()).containsExactly(-128, 127);
    assertThat(contents.get(2).getIntContentsList()).containsExactly(-32768, 300);
    assertThat(contents.get(3).getIntContentsList()).containsExactly(Integer.MIN_VALUE, 70000);
    assertThat(contents.get(4).getInt64ContentsList())
        .containsExactly(Long.MIN_VALUE, Long.MAX_VALUE);
    assertThat(contents.get(5).getUintContentsList()).containsExactly(255, 0);
    assertThat(contents.get(6).getUintContentsList()).containsExactly(65535);
    assertThat(contents.get(7).getUintContentsList()).containsExactly(-1);
    assertThat(contents.get(8).getUint64ContentsList()).containsExactly(-1L, 1L);
    assertThat(contents.get(9).getFp32ContentsList()).containsExactly(1.5f, -2f);
    assertThat(contents.get(10).getFp64ContentsList()).containsExactly(-2.5);
    assertThat(contents.get(11).getBytesContentsList())
        .containsExactly(ByteString.copyFromUtf8("a"), ByteString.EMPTY);
  }

  @Test
  void answersHalvesRawEvenToATypedRequest() throws InvalidProtocolBufferException {
    ModelInferResponse message =
        encoded(
            V2Fixtures.response(
                integers(DataType.FP16, 0x3c00), V2Fixtures.floats("z", Shape.of(1), 1)),
            false);
    assertThat(message.getRawOutputContentsCount()).isEqualTo(2);
    assertThat(message.getOutputs(1).hasContents()).isFalse();
  }

  @Test
  void classifiesRequestedOutputs() throws InvalidProtocolBufferException {
    ModelInferResponse message =
        encoded(
            V2Fixtures.response(V2Fixtures.floats("y", Shape.of(2, 3), 0.1f, 0.7f, 0.2f, 1, 1, 0)),
            List.of(new RequestedOutput("y", Encoding.DEFAULT, 2)),
            false);
    assertThat(message.getOutputs(0).getDatatype()).isEqualTo("BYTES");
    assertThat(message.getOutputs(0).getShapeList()).containsExactly(2L, 2L);
    assertThat(message.getOutputs(0).getContents().getBytesContentsList())
        .extracting(ByteString::toStringUtf8)
        .containsExactly("0.7:1", "0.2:2", "1.0:0", "1.0:1");
  }

  @Test
  void wrapsAnswersAndErrorsOfAStream() throws InvalidProtocolBufferException {
    InferenceResponse response =
        V2Fixtures.response(
            V2Fixtures.floats("y", Shape.of(2), 1, 2), integers(DataType.INT64, -1));
    for (boolean raw : new boolean[] {true, false}) {
      ModelInferResponse alone = encoded(response, raw);
      sink.reset();
      encoder.encodeStream(response, List.of(), raw, sink);
      ModelStreamInferResponse stream = ModelStreamInferResponse.parseFrom(sink.toByteArray());
      assertThat(stream.getErrorMessage()).isEmpty();
      assertThat(stream.getInferResponse()).isEqualTo(alone);
    }
    sink.reset();
    encoder.encodeStreamError("42", "inputs: missing", sink);
    ModelStreamInferResponse error = ModelStreamInferResponse.parseFrom(sink.toByteArray());
    assertThat(error.getErrorMessage()).isEqualTo("inputs: missing");
    assertThat(error.getInferResponse().getId()).isEqualTo("42");
  }
}
