package dev.slipway.protocol.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.core.error.ErrorClass;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.model.TensorSpec;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.CountingBuffers;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.protocol.json.ByteSink;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class V1CodecTest {
  private static final ModelSignature ROWS =
      new ModelSignature(
          List.of(TensorSpec.of("x", DataType.FP32, Shape.of(Shape.DYNAMIC, 2))), List.of());
  private static final ModelSignature NAMED =
      new ModelSignature(
          List.of(
              TensorSpec.of("amount", DataType.FP64, Shape.of(Shape.DYNAMIC)),
              TensorSpec.of("country", DataType.BYTES, Shape.of(Shape.DYNAMIC, 1)),
              new TensorSpec("note", DataType.BYTES, Shape.of(Shape.DYNAMIC), "", List.of(), true)),
          List.of());

  private final CountingBuffers buffers = new CountingBuffers();
  private final V1RequestDecoder decoder = new V1RequestDecoder(buffers, DecodeLimits.DEFAULT);

  private List<Tensor> decode(ModelSignature signature, String body) {
    byte[] bytes = body.getBytes(UTF_8);
    return decoder.decode("m", signature, bytes, 0, bytes.length).request().inputs();
  }

  private String refusal(ModelSignature signature, String body) {
    SlipwayException refusal =
        catchThrowableOfType(SlipwayException.class, () -> decode(signature, body));
    assertThat(refusal).as(body).isNotNull();
    assertThat(buffers.outstanding()).isZero();
    return refusal.getMessage();
  }

  private static String text(Tensor tensor, int offset) {
    byte[] bytes = new byte[tensor.data().getInt(offset)];
    tensor.data().get(offset + 4, bytes);
    return new String(bytes, UTF_8);
  }

  @Test
  void readsRowsOfTheOnlyInput() {
    Tensor x = decode(ROWS, "{\"signature_name\":\"s\",\"instances\":[[1,2],[3,4.5]]}").getFirst();
    assertThat(x.name()).isEqualTo("x");
    assertThat(x.shape()).isEqualTo(Shape.of(2, 2));
    assertThat(x.data().getFloat(12)).isEqualTo(4.5f);
    assertThat(decode(ROWS, "{\"instances\":[{\"x\":[1,2]}]}").getFirst().shape())
        .isEqualTo(Shape.of(1, 2));
  }

  @Test
  void readsObjectsOfSeveralInputsInAnyOrder() {
    List<Tensor> inputs =
        decode(
            NAMED,
            """
            {"instances":[{"amount":1.5,"country":["DE"]},{"country":["FRA"],"amount":-2}]}\
            """);
    assertThat(inputs).extracting(Tensor::name).containsExactly("amount", "country");
    assertThat(inputs.get(0).shape()).isEqualTo(Shape.of(2));
    assertThat(inputs.get(0).data().getDouble(8)).isEqualTo(-2);
    assertThat(inputs.get(1).shape()).isEqualTo(Shape.of(2, 1));
    assertThat(text(inputs.get(1), 0)).isEqualTo("DE");
    assertThat(text(inputs.get(1), 6)).isEqualTo("FRA");
    assertThat(decode(NAMED, "{\"instances\":[{\"amount\":1,\"country\":[\"a\"],\"note\":\"n\"}]}"))
        .hasSize(3);
  }

  @Test
  void readsColumns() {
    assertThat(decode(ROWS, "{\"inputs\":[[1,2],[3,4],[5,6]]}").getFirst().shape())
        .isEqualTo(Shape.of(3, 2));
    List<Tensor> inputs =
        decode(NAMED, "{\"inputs\":{\"country\":[[\"a\"],[\"b\"]],\"amount\":[1,2]}}");
    assertThat(inputs).extracting(Tensor::name).containsExactly("country", "amount");
  }

  @Test
  void namesTheRowThatIsWrong() {
    assertThat(refusal(ROWS, "{\"instances\":[[1,2],[3,\"a\"]]}"))
        .startsWith("instances[1][1]: \"a\" (expected: FP32");
    assertThat(refusal(ROWS, "{\"instances\":[[1,2],[3]]}")).startsWith("instances[1]");
    assertThat(refusal(ROWS, "{\"instances\":[[1,2],3]}"))
        .isEqualTo("instances[1]: 3 (expected: an array)");
    assertThat(
            refusal(NAMED, "{\"instances\":[{\"amount\":1,\"country\":[\"a\"]},{\"amount\":1}]}"))
        .isEqualTo("instances[1].country: missing (expected: a value in every row)");
    assertThat(refusal(NAMED, "{\"instances\":[{\"amount\":1}]}"))
        .startsWith("instances[0].country: missing");
    assertThat(refusal(NAMED, "{\"instances\":[{\"amount\":1,\"amount\":2,\"country\":[\"a\"]}]}"))
        .isEqualTo("instances[0].amount: twice (expected: once)");
    assertThat(refusal(NAMED, "{\"instances\":[{\"colour\":1}]}"))
        .isEqualTo("instances[0]: input 'colour' (expected: one of [amount, country, note])");
    assertThat(refusal(NAMED, "{\"instances\":[1]}")).contains("an object of input names");
    assertThat(refusal(ROWS, "{\"instances\":[]}")).contains("at least one row");
    assertThat(refusal(ROWS, "{\"rows\":[]}")).startsWith("instances: missing");
    assertThat(refusal(ROWS, "{\"instances\":[[1,2]],\"inputs\":[[1,2]]}")).contains("twice");
  }

  @Test
  void takesNoMemoryForRowsShorterThanTheFirst() {
    String first = "[" + "1,".repeat(9_999) + "1]";
    assertThat(refusal(ROWS, "{\"instances\":[" + first + ",[]".repeat(10_000) + "]}"))
        .contains("rows of one length");
    assertThat(buffers.largest()).isZero();
  }

  @Property(tries = 20_000)
  void damagedRequestsAreRefusedOrAnswered(@ForAll Random random) {
    boolean named = random.nextBoolean();
    String body =
        named
            ? "{\"instances\":[{\"amount\":1.5,\"country\":[\"DE\"]},{\"country\":[\"F\"],\"amount\":2}]}"
            : "{\"instances\":[[1,2],[3,4.5]],\"parameters\":{}}";
    byte[] damaged = BodyGenerator.damaged(body.getBytes(UTF_8), random);
    try {
      DecodedRequest decoded =
          decoder.decode("m", named ? NAMED : ROWS, damaged, 0, damaged.length);
      for (Tensor tensor : decoded.request().inputs()) {
        if (tensor.datatype().isFixedSize()) {
          assertThat((long) tensor.byteLength())
              .isEqualTo(tensor.elementCount() * tensor.datatype().byteSize());
        }
        buffers.giveBack(tensor.data());
      }
    } catch (SlipwayException e) {
      assertThat(e.code().errorClass()).isEqualTo(ErrorClass.CALLER);
    }
    assertThat(buffers.outstanding()).isZero();
  }

  private static String encode(Tensor... outputs) {
    ByteSink sink = new ByteSink();
    InferenceResponse response = V2Fixtures.response(outputs);
    new V1ResponseEncoder().encode(response, ResponseForm.JSON, sink);
    return new String(sink.toByteArray(), UTF_8);
  }

  @Test
  void answersRowsNestedAsTheirShape() {
    assertThat(encode(V2Fixtures.floats("y", Shape.of(2), 0.5f, 1)))
        .isEqualTo("{\"predictions\":[0.5,1.0]}");
    assertThat(encode(V2Fixtures.floats("y", Shape.of(2, 1, 2), 1, 2, 3, 4)))
        .isEqualTo("{\"predictions\":[[[1.0,2.0]],[[3.0,4.0]]]}");
    assertThat(encode(V2Fixtures.strings("y", Shape.of(2, 2), "a", "bb", "", "d")))
        .isEqualTo("{\"predictions\":[[\"a\",\"bb\"],[\"\",\"d\"]]}");
  }

  @Test
  void answersObjectsForSeveralOutputs() {
    assertThat(
            encode(
                V2Fixtures.strings("label", Shape.of(2), "no", "fraud"),
                V2Fixtures.floats("p", Shape.of(2, 2), 1, 0, 0.25f, 0.75f)))
        .isEqualTo(
            "{\"predictions\":[{\"label\":\"no\",\"p\":[1.0,0.0]},{\"label\":\"fraud\",\"p\":[0.25,0.75]}]}");
    assertThat(
            encode(
                V2Fixtures.floats("a", Shape.of(1), 1), V2Fixtures.floats("b", Shape.of(2), 1, 2)))
        .isEqualTo("{\"predictions\":{\"a\":[1.0],\"b\":[1.0,2.0]}}");
  }
}
