package dev.slipway.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.sun.management.ThreadMXBean;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.tensor.BufferSource;
import dev.slipway.core.tensor.Shape;
import dev.slipway.protocol.grpc.InferRequestDecoder;
import dev.slipway.protocol.grpc.proto.ModelInferRequest;
import dev.slipway.protocol.grpc.proto.ModelInferRequest.InferInputTensor;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.protocol.rest.ResponseForm;
import dev.slipway.protocol.rest.V2Fixtures;
import dev.slipway.protocol.rest.V2RequestDecoder;
import dev.slipway.protocol.rest.V2ResponseEncoder;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No object per number: what a request makes the heap grow by does not depend on how many numbers
 * it holds, for their memory is pooled and outside the heap.
 */
class AllocationTest {
  private static final int COLUMNS = 30;
  private static final int ROW_BYTES = COLUMNS * Float.BYTES;
  private static final int MANY_ROWS = 1_000;

  /**
   * How much more 1,000 rows may allocate than one: nothing, but for what the virtual machine
   * itself may put on the thread's account. The smallest object takes 16 bytes: one per row would
   * be 16,000 bytes more, one per number 480,000.
   */
  private static final long GROWTH_BYTES_MAX = 64;

  /** A request is half a dozen small records and lists, 300 bytes at most when this was written. */
  private static final long REQUEST_BYTES_MAX = 1_024;

  /**
   * Until what is reused from call to call has its size; compiled or not, the bytes are the same.
   */
  private static final int WARM_UP_CALLS = 20;

  private static final int CALLS = 20;

  private static final long SEED = 5;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Numbers as clients write them: each takes another way through the parser. */
  enum Numbers {
    /** Counts and flags. */
    SHORT {
      @Override
      String text(Random random) {
        return Integer.toString(random.nextInt(1_000));
      }
    },
    /** All the digits of a float. */
    FLOAT {
      @Override
      String text(Random random) {
        return Float.toString((float) random.nextGaussian());
      }
    },
    /** All the digits of a double, as Python writes them. */
    DOUBLE {
      @Override
      String text(Random random) {
        return Double.toString(random.nextGaussian());
      }
    },
    EXPONENT {
      @Override
      String text(Random random) {
        return String.format(Locale.ROOT, "%.6e", random.nextGaussian());
      }
    };

    abstract String text(Random random);
  }

  /** One buffer, taken and given back; allocates nothing. */
  private static final class OneBuffer implements BufferSource {
    private final ByteBuffer buffer =
        ByteBuffer.allocateDirect(MANY_ROWS * ROW_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    @Override
    public ByteBuffer take(int bytes) {
      return buffer.clear().limit(bytes);
    }

    @Override
    public void giveBack(ByteBuffer returned) {
      // It is the same one next time.
    }
  }

  /** Makes what decodes or encodes the same request of {@code rows} rows again and again. */
  private interface Preparation {
    Runnable of(int rows);
  }

  @ParameterizedTest
  @EnumSource
  void jsonRequestsAllocateNothingPerNumber(Numbers numbers) {
    V2RequestDecoder decoder = new V2RequestDecoder(new OneBuffer(), DecodeLimits.DEFAULT);

    requireNothingPerNumber(
        rows -> {
          byte[] body = json(numbers, rows);
          return () -> decoder.decode("m", 0, body, 0, body.length);
        });
  }

  @Test
  void binaryRequestsAllocateNothingPerNumber() {
    V2RequestDecoder decoder = new V2RequestDecoder(new OneBuffer(), DecodeLimits.DEFAULT);

    requireNothingPerNumber(
        rows -> {
          byte[] json =
              ("{\"inputs\":[{\"name\":\"x\",\"shape\":[%d,%d],\"datatype\":\"FP32\","
                      + "\"parameters\":{\"binary_data_size\":%d}}]}")
                  .formatted(rows, COLUMNS, rows * ROW_BYTES)
                  .getBytes(US_ASCII);
          ByteBuffer body = ByteBuffer.wrap(Arrays.copyOf(json, json.length + rows * ROW_BYTES));
          return () -> decoder.decodeBinary("m", 0, body, json.length);
        });
  }

  @Test
  void grpcRequestsAllocateNothingPerNumber() {
    InferRequestDecoder decoder = new InferRequestDecoder(new OneBuffer(), DecodeLimits.DEFAULT);

    requireNothingPerNumber(
        rows -> {
          byte[] message =
              ModelInferRequest.newBuilder()
                  .setModelName("m")
                  .addInputs(
                      InferInputTensor.newBuilder()
                          .setName("x")
                          .setDatatype("FP32")
                          .addShape(rows)
                          .addShape(COLUMNS))
                  .addRawInputContents(ByteString.copyFrom(new byte[rows * ROW_BYTES]))
                  .build()
                  .toByteArray();
          return () -> decoder.decode(message, 0, message.length);
        });
  }

  @Test
  void jsonAnswersAllocateNothingPerNumber() {
    V2ResponseEncoder encoder = new V2ResponseEncoder();
    ByteSink sink = new ByteSink();

    requireNothingPerNumber(
        rows -> {
          Random random = new Random(SEED);
          float[] scores = new float[rows];
          for (int i = 0; i < rows; i++) {
            scores[i] = random.nextFloat();
          }
          InferenceResponse response =
              V2Fixtures.response(V2Fixtures.floats("y", Shape.of(rows, 1), scores));
          return () -> {
            sink.reset();
            encoder.encode(response, ResponseForm.JSON, sink);
          };
        });
  }

  private static void requireNothingPerNumber(Preparation preparation) {
    // The long one first, since what is reused from call to call then has its final size.
    long many = bytesPerCall(preparation.of(MANY_ROWS));
    long one = bytesPerCall(preparation.of(1));

    assertThat(one).as("bytes for one row").isLessThanOrEqualTo(REQUEST_BYTES_MAX);
    assertThat(many).as("bytes for %d rows", MANY_ROWS).isLessThanOrEqualTo(one + GROWTH_BYTES_MAX);
  }

  private static long bytesPerCall(Runnable call) {
    for (int i = 0; i < WARM_UP_CALLS; i++) {
      call.run();
    }
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < CALLS; i++) {
      call.run();
    }
    return (THREADS.getCurrentThreadAllocatedBytes() - before) / CALLS;
  }

  private static byte[] json(Numbers numbers, int rows) {
    Random random = new Random(SEED);
    return IntStream.range(0, rows * COLUMNS)
        .mapToObj(i -> numbers.text(random))
        .collect(
            Collectors.joining(
                ",",
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[%d,%d],\"datatype\":\"FP32\",\"data\":["
                    .formatted(rows, COLUMNS),
                "]}]}"))
        .getBytes(US_ASCII);
  }
}
