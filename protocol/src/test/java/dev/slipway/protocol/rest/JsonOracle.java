package dev.slipway.protocol.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.core.error.ErrorClass;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.CountingBuffers;
import dev.slipway.protocol.DecodeLimits;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decodes a body with our decoder and with Jackson, and fails if they disagree: what we accept
 * Jackson accepts, with the same elements bit for bit; what we refuse is refused as the caller's
 * fault, with every buffer given back.
 */
final class JsonOracle {
  private static final ObjectMapper JACKSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNumberLength(Integer.MAX_VALUE)
                          .maxNestingDepth(100_000)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final CountingBuffers buffers = new CountingBuffers();
  private final V2RequestDecoder decoder = new V2RequestDecoder(buffers, DecodeLimits.DEFAULT);

  /**
   * @return whether the body was accepted
   */
  boolean check(byte[] body) {
    return check(body, body.length);
  }

  boolean check(byte[] body, int jsonLength) {
    byte[] padded = new byte[body.length + 7];
    System.arraycopy(body, 0, padded, 3, body.length);
    // Bytes around the body that would make sense if they were read by mistake.
    padded[2] = '[';
    padded[body.length + 3] = '1';
    Optional<DecodedRequest> decoded = decode(padded, body.length, jsonLength);
    if (decoded.isEmpty()) {
      assertThat(buffers.outstanding()).isZero();
      return false;
    }
    List<Tensor> inputs = decoded.get().request().inputs();
    assertThat(buffers.outstanding()).isEqualTo(inputs.size());
    compare(body, jsonLength, inputs);
    inputs.forEach(tensor -> buffers.giveBack(tensor.data()));
    return true;
  }

  private Optional<DecodedRequest> decode(byte[] padded, int length, int jsonLength) {
    try {
      return Optional.of(
          jsonLength == length
              ? decoder.decode("m", 0, padded, 3, length)
              : decoder.decodeBinary("m", 0, ByteBuffer.wrap(padded, 3, length), jsonLength));
    } catch (SlipwayException e) {
      assertThat(e.code().errorClass()).isEqualTo(ErrorClass.CALLER);
      assertThat(e.getMessage()).hasSizeBetween(10, 2_000);
      return Optional.empty();
    }
  }

  private static void compare(byte[] body, int jsonLength, List<Tensor> inputs) {
    JsonNode root;
    try {
      root = JACKSON.readTree(body, 0, jsonLength);
    } catch (NumberFormatException e) {
      // Valid, but a zero or a tiny number whose exponent BigDecimal has no room for.
      return;
    } catch (IOException e) {
      throw new AssertionError(
          "accepted what Jackson refuses: " + new String(body, StandardCharsets.ISO_8859_1), e);
    }
    assertThat(root.get("inputs").size()).isEqualTo(inputs.size());
    int blobAt = jsonLength;
    for (int i = 0; i < inputs.size(); i++) {
      JsonNode input = root.get("inputs").get(i);
      Tensor tensor = inputs.get(i);
      assertThat(tensor.name()).isEqualTo(input.get("name").textValue());
      assertThat(tensor.datatype().name()).isEqualTo(input.get("datatype").textValue());
      assertThat(tensor.shape().rank()).isEqualTo(input.get("shape").size());
      for (int d = 0; d < tensor.shape().rank(); d++) {
        assertThat(tensor.shape().dimension(d)).isEqualTo(input.get("shape").get(d).longValue());
      }
      if (input.has("data")) {
        compareElements(tensor, input.get("data"));
      } else {
        int size = input.get("parameters").get("binary_data_size").intValue();
        byte[] content = new byte[tensor.byteLength()];
        tensor.data().get(0, content);
        assertThat(content).isEqualTo(java.util.Arrays.copyOfRange(body, blobAt, blobAt + size));
        blobAt += size;
      }
    }
  }

  private static void compareElements(Tensor tensor, JsonNode data) {
    List<JsonNode> elements = new ArrayList<>();
    flatten(data, elements);
    assertThat(elements).hasSize((int) tensor.elementCount());
    if (tensor.datatype() == DataType.BYTES) {
      compareStrings(tensor, elements);
      return;
    }
    assertThat(tensor.byteLength()).isEqualTo(elements.size() * tensor.datatype().byteSize());
    for (int i = 0; i < elements.size(); i++) {
      compareElement(tensor, elements.get(i), i);
    }
  }

  private static void flatten(JsonNode node, List<JsonNode> elements) {
    if (node.isArray()) {
      node.forEach(item -> flatten(item, elements));
    } else {
      elements.add(node);
    }
  }

  private static void compareStrings(Tensor tensor, List<JsonNode> elements) {
    int at = 0;
    for (JsonNode element : elements) {
      byte[] string = new byte[tensor.data().getInt(at)];
      tensor.data().get(at + 4, string);
      assertThat(string).isEqualTo(element.textValue().getBytes(StandardCharsets.UTF_8));
      at += 4 + string.length;
    }
    assertThat(at).isEqualTo(tensor.byteLength());
  }

  private static void compareElement(Tensor tensor, JsonNode element, int i) {
    ByteBuffer data = tensor.data();
    switch (tensor.datatype()) {
      case FP32 -> compareFloat(data.getFloat(i * 4), element);
      case FP64 -> {
        double value = data.getDouble(i * 8);
        if (element.isTextual()) {
          assertThat(value).isEqualTo(Double.valueOf(element.textValue()));
        } else {
          assertThat(value + 0.0)
              .as(element.asText())
              .isEqualTo(element.decimalValue().doubleValue() + 0.0);
        }
      }
      case FP16 -> {
        short bits = data.getShort(i * 2);
        compareHalf(element, bits, Float::float16ToFloat);
      }
      case BF16 -> {
        short bits = data.getShort(i * 2);
        compareHalf(element, bits, b -> Float.intBitsToFloat(b << 16));
      }
      case BOOL -> assertThat(data.get(i) == 1).isEqualTo(element.booleanValue());
      default -> {
        assertThat(element.isIntegralNumber()).isTrue();
        int size = tensor.datatype().byteSize();
        boolean unsigned = tensor.datatype().name().startsWith("U");
        byte[] bigEndian = new byte[size + 1];
        for (int b = 0; b < size; b++) {
          bigEndian[size - b] = data.get(i * size + b);
        }
        bigEndian[0] = (byte) (!unsigned && bigEndian[1] < 0 ? -1 : 0);
        assertThat(new BigInteger(bigEndian)).isEqualTo(element.bigIntegerValue());
      }
    }
  }

  private static void compareFloat(float value, JsonNode element) {
    if (element.isTextual()) {
      assertThat(value).isEqualTo(Float.valueOf(element.textValue()));
    } else {
      assertThat(value + 0.0f)
          .as(element.asText())
          .isEqualTo(element.decimalValue().floatValue() + 0.0f);
    }
  }

  private interface Widening {
    float of(short bits);
  }

  /** No neighbour is nearer to the decimal, and of two as near the even one was taken. */
  private static void compareHalf(JsonNode element, short bits, Widening widening) {
    if (element.isTextual()) {
      assertThat(widening.of(bits)).isEqualTo(Float.valueOf(element.textValue()));
      return;
    }
    BigDecimal exact = element.decimalValue().abs();
    short magnitude = (short) (bits & 0x7fff);
    BigDecimal error = exact.subtract(new BigDecimal(widening.of(magnitude))).abs();
    for (int step = -1; step <= 1; step += 2) {
      short neighbour = (short) (magnitude + step);
      if (neighbour < 0 || !Float.isFinite(widening.of(neighbour))) {
        continue;
      }
      BigDecimal other = exact.subtract(new BigDecimal(widening.of(neighbour))).abs();
      int nearer = error.compareTo(other);
      assertThat(nearer < 0 || (nearer == 0 && (magnitude & 1) == 0))
          .as("%s as %s", element.asText(), widening.of(bits))
          .isTrue();
    }
    if (exact.signum() != 0 && magnitude != 0) {
      assertThat(widening.of(bits) < 0).isEqualTo(element.decimalValue().signum() < 0);
    }
  }
}
