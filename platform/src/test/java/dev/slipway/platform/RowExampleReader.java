package dev.slipway.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.platform.registry.ExampleReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads V2 requests of flat FP32 tensors, which is all that the linear engine takes. */
public final class RowExampleReader implements ExampleReader {
  @Override
  public List<Tensor> inputs(String request) {
    JsonNode body;
    try {
      body = new ObjectMapper().readTree(request);
    } catch (JsonProcessingException e) {
      throw new SlipwayException(ErrorCode.BAD_REQUEST, e.getOriginalMessage(), e);
    }
    List<Tensor> tensors = new ArrayList<>();
    for (JsonNode input : body.path("inputs")) {
      JsonNode data = input.path("data");
      ByteBuffer bytes = ByteBuffer.allocate(4 * data.size()).order(ByteOrder.LITTLE_ENDIAN);
      data.forEach(value -> bytes.putFloat((float) value.asDouble()));
      JsonNode shape = input.path("shape");
      tensors.add(
          new Tensor(
              input.path("name").asText(),
              DataType.of(input.path("datatype").asText()),
              Shape.of(shape.get(0).asLong(), shape.get(1).asLong()),
              bytes.flip()));
    }
    return tensors;
  }
}
