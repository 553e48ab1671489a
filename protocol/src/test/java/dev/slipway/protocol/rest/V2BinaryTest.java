package dev.slipway.protocol.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.CountingBuffers;
import dev.slipway.protocol.DecodeLimits;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class V2BinaryTest {
  private final CountingBuffers buffers = new CountingBuffers();
  private final V2RequestDecoder decoder = new V2RequestDecoder(buffers, DecodeLimits.DEFAULT);

  private static byte[] body(String json, int... blob) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(json.getBytes(UTF_8));
    for (int b : blob) {
      out.write(b);
    }
    return out.toByteArray();
  }

  private static String input(String name, String datatype, String shape, String size) {
    return """
    {"name":"%s","datatype":"%s","shape":%s,"parameters":{"binary_data_size":%s}}\
    """
        .formatted(name, datatype, shape, size);
  }

  private static String request(String... inputs) {
    return "{\"parameters\":{\"binary_data_output\":true},\"inputs\":["
        + String.join(",", inputs)
        + "]}";
  }

  private String refusal(String json, int... blob) {
    SlipwayException refusal =
        catchThrowableOfType(
            SlipwayException.class,
            () -> decoder.decodeBinary("m", 0, ByteBuffer.wrap(body(json, blob)), json.length()));
    assertThat(refusal).isNotNull();
    assertThat(buffers.outstanding()).isZero();
    return refusal.getMessage();
  }

  @Test
  void readsBlobsInTheOrderOfTheInputs() {
    String json =
        request(
            input("a", "INT16", "[2]", "4"),
            "{\"name\":\"b\",\"datatype\":\"INT8\",\"shape\":[1],\"data\":[9]}",
            input("c", "BYTES", "[1]", "6"));
    byte[] bytes = body(json, 1, 2, 3, 4, 2, 0, 0, 0, 'h', 'i');
    for (boolean direct : new boolean[] {false, true}) {
      ByteBuffer body =
          direct
              ? ByteBuffer.allocateDirect(bytes.length + 3).position(3)
              : ByteBuffer.allocate(bytes.length + 3).position(3);
      body.put(3, bytes);
      DecodedRequest decoded = decoder.decodeBinary("m", 0, body, json.length());
      List<Tensor> inputs = decoded.request().inputs();
      assertThat(inputs.get(0).data().getShort(0)).isEqualTo((short) 0x0201);
      assertThat(inputs.get(0).data().getShort(2)).isEqualTo((short) 0x0403);
      assertThat(inputs.get(1).data().get(0)).isEqualTo((byte) 9);
      assertThat(inputs.get(2).data().getInt(0)).isEqualTo(2);
      assertThat(decoded.form().binary()).isTrue();
      assertThat(body.position()).isEqualTo(3);
    }
  }

  @Test
  void refusesSizesThatDoNotAddUp() {
    assertThat(refusal(request(input("a", "INT16", "[2]", "4")), 1, 2, 3))
        .isEqualTo(
            "inputs[0].parameters.binary_data_size: 4 (expected: at most the 3 bytes left in the"
                + " body)");
    assertThat(refusal(request(input("a", "INT16", "[2]", "4")), 1, 2, 3, 4, 5))
        .contains("the JSON and the binary_data_size of every input");
    assertThat(refusal(request(input("a", "INT16", "[2]", "3")), 1, 2, 3))
        .isEqualTo("inputs[0]: 3 bytes (expected: 4, INT16 of shape [2])");
    assertThat(refusal(request(input("a", "INT8", "[9]", "9223372036854775807")), 1))
        .contains("9223372036854775807 (expected: at most the 1 bytes left");
    assertThat(refusal(request(input("a", "INT8", "[9]", "9223372036854775808")), 1))
        .contains("an integer");
    assertThat(refusal(request(input("a", "FP64", "[4611686018427387904]", "0"))))
        .contains("at most");
    assertThat(refusal(request(input("a", "INT8", "[1]", "-1")), 1)).contains("-1");
    assertThat(
            refusal(
                "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"INT8\",\"shape\":[1],"
                    + "\"data\":[1],\"parameters\":{\"binary_data_size\":1}}]}",
                1))
        .contains("both data and parameters.binary_data_size");
    assertThat(buffers.largest()).isLessThanOrEqualTo(4);
  }

  @Test
  void refusesContentThatIsNoTensor() {
    assertThat(refusal(request(input("a", "BOOL", "[2]", "2")), 1, 2))
        .isEqualTo("inputs[0].data[1]: 2 (expected: BOOL, 0 or 1)");
    assertThat(refusal(request(input("a", "BYTES", "[1]", "5")), 0xff, 0xff, 0xff, 0xff, 1))
        .isEqualTo("inputs[0].data[0]: length 4294967295 (expected: at most the 1 bytes left)");
    assertThat(refusal(request(input("a", "BYTES", "[2]", "8")), 1, 0, 0, 0, 1, 0, 0, 0))
        .isEqualTo("inputs[0].data[1]: 3 bytes left (expected: a length of 4 bytes)");
    assertThat(refusal(request(input("a", "BYTES", "[1]", "8")), 0, 0, 0, 0, 0, 0, 0, 0))
        .isEqualTo("inputs[0]: 8 bytes (expected: 4, its 1 elements)");
  }

  @Test
  void refusesAHeaderLengthThatIsNotWithinTheBody() {
    for (long length : new long[] {-1, 3, Long.MAX_VALUE}) {
      SlipwayException refusal =
          catchThrowableOfType(
              SlipwayException.class,
              () -> decoder.decodeBinary("m", 0, ByteBuffer.wrap(body("{}")), length));
      assertThat(refusal)
          .hasMessage(
              "Inference-Header-Content-Length: %d (expected: 1..2, the length of the body)"
                  .formatted(length));
    }
  }

  private Tensor raw(DataType type, Shape shape, int... bytes) {
    ModelSignature signature =
        new ModelSignature(List.of(TensorSpec.of("x", type, shape)), List.of());
    DecodedRequest decoded = decoder.decodeRaw("m", 0, signature, ByteBuffer.wrap(body("", bytes)));
    assertThat(decoded.form().binary()).isTrue();
    return decoded.request().inputs().getFirst();
  }

  private String rawRefusal(DataType type, Shape shape, int... bytes) {
    SlipwayException refusal =
        catchThrowableOfType(SlipwayException.class, () -> raw(type, shape, bytes));
    assertThat(refusal).isNotNull();
    assertThat(buffers.outstanding()).isZero();
    return refusal.getMessage();
  }

  @Test
  void takesTheShapeOfARawBodyFromItsLength() {
    Shape rows = Shape.of(Shape.DYNAMIC, 2);
    assertThat(raw(DataType.INT8, rows, 1, 2, 3, 4).shape()).isEqualTo(Shape.of(2, 2));
    assertThat(raw(DataType.INT16, Shape.of(1), 1, 2).data().getShort(0)).isEqualTo((short) 0x201);
    Tensor string = raw(DataType.BYTES, Shape.of(Shape.DYNAMIC), 'h', 'i');
    assertThat(string.shape()).isEqualTo(Shape.of(1));
    assertThat(string.data().getInt(0)).isEqualTo(2);
    buffers.giveBackAll();
    assertThat(rawRefusal(DataType.INT8, rows, 1, 2, 3))
        .isEqualTo("body: 3 bytes (expected: a multiple of 2, INT8 of shape [-1, 2])");
    assertThat(rawRefusal(DataType.INT8, Shape.of(-1, -1), 1)).contains("more than one dimension");
    assertThat(rawRefusal(DataType.BYTES, Shape.of(2), 1)).contains("one element");
    assertThat(rawRefusal(DataType.BOOL, rows, 1, 7)).contains("BOOL, 0 or 1");
  }
}
