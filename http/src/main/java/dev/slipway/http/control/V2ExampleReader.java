package dev.slipway.http.control;

import dev.slipway.core.tensor.BufferSource;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.platform.registry.ExampleReader;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.protocol.rest.V2RequestDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads example requests with the decoder that reads real ones. */
public final class V2ExampleReader implements ExampleReader {
  private static final BufferSource FRESH =
      new BufferSource() {
        @Override
        public ByteBuffer take(int bytes) {
          return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void giveBack(ByteBuffer buffer) {
          // The collector takes it.
        }
      };

  private final DecodeLimits limits;

  public V2ExampleReader(DecodeLimits limits) {
    this.limits = limits;
  }

  @Override
  public List<Tensor> inputs(String request) {
    byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
    return new V2RequestDecoder(FRESH, limits)
        .decode("example", 0, bytes, 0, bytes.length)
        .request()
        .inputs();
  }
}
