package dev.slipway.protocol.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.slipway.core.error.ErrorClass;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.CountingBuffers;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.protocol.grpc.proto.InferParameter;
import dev.slipway.protocol.grpc.proto.InferTensorContents;
import dev.slipway.protocol.grpc.proto.ModelInferRequest;
import dev.slipway.protocol.grpc.proto.ModelInferRequest.InferInputTensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever the bytes: our decoder and the generated one agree, nothing leaks or escapes. */
class InferDecoderFuzzTest {
  private static final List<DataType> DATATYPES = List.of(DataType.values());

  private final CountingBuffers buffers = new CountingBuffers();
  private final InferRequestDecoder decoder =
      new InferRequestDecoder(buffers, DecodeLimits.DEFAULT);

  @Property(tries = 5_000)
  void arbitraryBytesAreRefusedOrAgreedUpon(@ForAll byte[] message) {
    check(message);
  }

  @Property(tries = 3_000)
  void validRequestsAreReadAsTheGeneratedParserReadsThem(@ForAll Random random) {
    assertThat(check(request(random).toByteArray())).isTrue();
  }

  @Property(tries = 10_000)
  void damagedRequestsAreRefusedOrReadAlike(@ForAll Random random) {
    check(damaged(request(random).toByteArray(), random));
  }

  private boolean check(byte[] message) {
    DecodedInfer decoded;
    try {
      decoded = decoder.decode(message, 0, message.length);
    } catch (SlipwayException e) {
      assertThat(e.code().errorClass()).isEqualTo(ErrorClass.CALLER);
      assertThat(buffers.outstanding()).isZero();
      return false;
    }
    List<Tensor> inputs = decoded.request().inputs();
    assertThat(buffers.outstanding()).isEqualTo(inputs.size());
    parse(message).ifPresent(expected -> compare(expected, decoded));
    inputs.forEach(tensor -> buffers.giveBack(tensor.data()));
    return true;
  }

  /** Empty where text that we skip is no UTF-8, which the generated parser minds. */
  private static Optional<ModelInferRequest> parse(byte[] message) {
    try {
      return Optional.of(ModelInferRequest.parseFrom(message));
    } catch (InvalidProtocolBufferException e) {
      assertThat(e).hasMessageContaining("UTF-8");
      return Optional.empty();
    }
  }

  private static void compare(ModelInferRequest expected, DecodedInfer decoded) {
    assertThat(decoded.request().model()).isEqualTo(expected.getModelName());
    assertThat(decoded.request().id()).isEqualTo(expected.getId());
    assertThat(decoded.raw()).isEqualTo(expected.getRawInputContentsCount() > 0);
    assertThat(decoded.request().inputs()).hasSize(expected.getInputsCount());
    assertThat(decoded.request().outputs()).hasSize(expected.getOutputsCount());
    for (int i = 0; i < expected.getInputsCount(); i++) {
      InferInputTensor input = expected.getInputs(i);
      Tensor tensor = decoded.request().inputs().get(i);
      assertThat(tensor.name()).isEqualTo(input.getName());
      assertThat(tensor.datatype().name()).isEqualTo(input.getDatatype());
      for (int d = 0; d < input.getShapeCount(); d++) {
        assertThat(tensor.shape().dimension(d)).isEqualTo(input.getShape(d));
      }
      assertThat(tensor.shape().rank()).isEqualTo(input.getShapeCount());
      byte[] content = new byte[tensor.byteLength()];
      tensor.data().get(0, content);
      byte[] wanted =
          decoded.raw()
              ? expected.getRawInputContents(i).toByteArray()
              : littleEndian(tensor.datatype(), input.getContents());
      assertThat(content).isEqualTo(wanted);
    }
  }

  private static byte[] littleEndian(DataType type, InferTensorContents contents) {
    ByteBuffer out = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case BOOL -> contents.getBoolContentsList().forEach(v -> out.put((byte) (v ? 1 : 0)));
      case INT8 -> contents.getIntContentsList().forEach(v -> out.put(v.byteValue()));
      case INT16 -> contents.getIntContentsList().forEach(v -> out.putShort(v.shortValue()));
      case INT32 -> contents.getIntContentsList().forEach(out::putInt);
      case INT64 -> contents.getInt64ContentsList().forEach(out::putLong);
      case UINT8 -> contents.getUintContentsList().forEach(v -> out.put(v.byteValue()));
      case UINT16 -> contents.getUintContentsList().forEach(v -> out.putShort(v.shortValue()));
      case UINT32 -> contents.getUintContentsList().forEach(out::putInt);
      case UINT64 -> contents.getUint64ContentsList().forEach(out::putLong);
      case FP32 ->
          contents.getFp32ContentsList().forEach(v -> out.putInt(Float.floatToRawIntBits(v)));
      case FP64 ->
          contents.getFp64ContentsList().forEach(v -> out.putLong(Double.doubleToRawLongBits(v)));
      case BYTES ->
          contents
              .getBytesContentsList()
              .forEach(v -> out.putInt(v.size()).put(v.asReadOnlyByteBuffer()));
      case FP16, BF16 -> throw new AssertionError(type + " has no typed form");
    }
    byte[] bytes = new byte[out.position()];
    out.get(0, bytes);
    return bytes;
  }

  private static ModelInferRequest request(Random random) {
    ModelInferRequest.Builder request =
        ModelInferRequest.newBuilder().setModelName("fraud").setId("r" + random.nextInt(9));
    boolean raw = random.nextBoolean();
    int inputs = 1 + random.nextInt(3);
    for (int i = 0; i < inputs; i++) {
      DataType type = DATATYPES.get(random.nextInt(DATATYPES.size()));
      if (!raw && (type == DataType.FP16 || type == DataType.BF16)) {
        type = DataType.FP32;
      }
      InferInputTensor.Builder input =
          InferInputTensor.newBuilder().setName("x" + i).setDatatype(type.name());
      int count = 1;
      for (int d = random.nextInt(4); d > 0; d--) {
        int dimension = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(4);
        input.addShape(dimension);
        count *= dimension;
      }
      if (raw) {
        request.addRawInputContents(rawContent(type, count, random));
      } else {
        input.setContents(contents(type, count, random));
      }
      request.addInputs(input);
    }
    if (random.nextBoolean()) {
      request.putParameters("timeout", InferParameter.newBuilder().setInt64Param(9).build());
      request.addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder().setName("y"));
    }
    return request.build();
  }

  private static ByteString rawContent(DataType type, int count, Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      if (type == DataType.BYTES) {
        int length = random.nextInt(5);
        out.writeBytes(new byte[] {(byte) length, 0, 0, 0});
        out.writeBytes(new byte[length]);
      } else {
        byte[] element = new byte[type.byteSize()];
        random.nextBytes(element);
        element[0] &= (byte) (type == DataType.BOOL ? 1 : -1);
        out.writeBytes(element);
      }
    }
    return ByteString.copyFrom(out.toByteArray());
  }

  private static InferTensorContents contents(DataType type, int count, Random random) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    for (int i = 0; i < count; i++) {
      switch (type) {
        case BOOL -> contents.addBoolContents(random.nextBoolean());
        case INT8 -> contents.addIntContents((byte) random.nextInt());
        case INT16 -> contents.addIntContents((short) random.nextInt());
        case INT32 -> contents.addIntContents(random.nextInt());
        case INT64 -> contents.addInt64Contents(random.nextLong());
        case UINT8 -> contents.addUintContents(random.nextInt(256));
        case UINT16 -> contents.addUintContents(random.nextInt(65536));
        case UINT32 -> contents.addUintContents(random.nextInt());
        case UINT64 -> contents.addUint64Contents(random.nextLong());
        case FP32 -> contents.addFp32Contents(Float.intBitsToFloat(random.nextInt()));
        case FP64 -> contents.addFp64Contents(Double.longBitsToDouble(random.nextLong()));
        case BYTES -> contents.addBytesContents(ByteString.copyFrom(new byte[random.nextInt(4)]));
        case FP16, BF16 -> throw new AssertionError(type + " has no typed form");
      }
    }
    return contents.build();
  }

  private static byte[] damaged(byte[] message, Random random) {
    byte[] result = message.clone();
    for (int change = 1 + random.nextInt(3); change > 0 && result.length > 0; change--) {
      int at = random.nextInt(result.length);
      int to = Math.min(result.length, at + 1 + random.nextInt(8));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(result, 0, at);
      switch (random.nextInt(4)) {
        case 0 -> {
          out.write(random.nextInt(256));
          out.write(result, at + 1, result.length - at - 1);
        }
        case 1 -> out.write(result, to, result.length - to);
        case 2 -> {
          out.write(result, at, to - at);
          out.write(result, at, result.length - at);
        }
        default -> {
          out.write(result[at] ^ 1 << random.nextInt(8));
          out.write(result, at + 1, result.length - at - 1);
        }
      }
      result = out.toByteArray();
    }
    return result;
  }
}
