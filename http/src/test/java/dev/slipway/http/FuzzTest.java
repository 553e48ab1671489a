package dev.slipway.http;

import static dev.slipway.http.testing.RunningServer.rows;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.slipway.http.testing.RawHttp;
import dev.slipway.http.testing.RunningServer;
import dev.slipway.protocol.grpc.proto.ModelInferRequest;
import dev.slipway.protocol.grpc.proto.ModelInferRequest.InferInputTensor;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** No bytes of any caller break the server, hang it, or are answered as a fault of ours. */
class FuzzTest {
  private static final Set<Status.Code> FAULTS =
      EnumSet.of(
          Status.Code.INTERNAL,
          Status.Code.UNKNOWN,
          Status.Code.DATA_LOSS,
          Status.Code.DEADLINE_EXCEEDED);

  private static final MethodDescriptor<byte[], byte[]> INFER =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("inference.GRPCInferenceService/ModelInfer")
          .setRequestMarshaller(new Octets())
          .setResponseMarshaller(new Octets())
          .build();

  @SuppressWarnings("NullAway.Init") // Set before the first property.
  private static RunningServer running;

  @SuppressWarnings("NullAway.Init")
  private static ManagedChannel channel;

  @BeforeContainer
  static void start() {
    running = RunningServer.start();
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", running.server.port()).usePlaintext().build();
  }

  @AfterContainer
  static void stop() {
    channel.shutdownNow();
    RunningServer.await(
        "all buffers are back", () -> running.plane.metrics().plane().buffersTaken() == 0);
    running.close();
  }

  private static byte[] mutated(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes && bytes.length > 1; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes = Arrays.copyOf(bytes, at);
        case 2 -> bytes[at] = (byte) "{}[]\",:0123456789-+eE.\\ntrufals".charAt(random.nextInt(31));
        case 3 -> {
          byte[] longer = new byte[bytes.length + 1];
          System.arraycopy(bytes, 0, longer, 0, at);
          longer[at] = (byte) random.nextInt(256);
          System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
          bytes = longer;
        }
        default -> {
          int length = random.nextInt(bytes.length - at);
          byte[] shorter = new byte[bytes.length - length];
          System.arraycopy(bytes, 0, shorter, 0, at);
          System.arraycopy(bytes, at + length, shorter, at, bytes.length - at - length);
          bytes = shorter;
        }
      }
    }
    return bytes;
  }

  @Property(tries = 600)
  void damagedJsonIsNeverAFaultOfOurs(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] body = mutated(rows(1.5f, -2, 3e9f).getBytes(StandardCharsets.UTF_8), random);
    String path = random.nextBoolean() ? "/v2/models/sum/infer" : "/v1/models/sum:predict";
    assertNoFault(running.post(path, BodyPublishers.ofByteArray(body)));
  }

  @Property(tries = 400)
  void damagedBinaryBodiesAreNeverAFaultOfOurs(@ForAll long seed) {
    Random random = new Random(seed);
    String head =
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,3],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":12}}],\"outputs\":[{\"name\":\"y\",\"parameters\":{\"binary_data\":true}}]}";
    byte[] body = Arrays.copyOf(head.getBytes(StandardCharsets.UTF_8), head.length() + 12);
    int length = head.length() + (random.nextInt(4) == 0 ? random.nextInt(21) - 10 : 0);
    assertNoFault(
        running.send(
            running
                .request("/v2/models/sum/infer")
                .header("Inference-Header-Content-Length", "" + length)
                .POST(BodyPublishers.ofByteArray(mutated(body, random)))));
  }

  private static void assertNoFault(HttpResponse<byte[]> response) {
    String answer = RunningServer.text(response);
    // A sum may leave the range of JSON's numbers; that answer says so.
    assertThat(response.statusCode() < 500 || answer.contains("output 'y'"))
        .as(response.statusCode() + " " + answer)
        .isTrue();
  }

  @Property(tries = 400)
  void damagedGrpcMessagesAreNeverAFaultOfOurs(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] valid =
        ModelInferRequest.newBuilder()
            .setModelName("sum")
            .setId("id")
            .addInputs(
                InferInputTensor.newBuilder()
                    .setName("x")
                    .setDatatype("FP32")
                    .addShape(1)
                    .addShape(3))
            .addRawInputContents(ByteString.copyFrom(new byte[12]))
            .build()
            .toByteArray();
    try {
      ClientCalls.blockingUnaryCall(
          channel,
          INFER,
          CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
          mutated(valid, random));
    } catch (StatusRuntimeException e) {
      assertThat(FAULTS).as(e.getMessage()).doesNotContain(e.getStatus().getCode());
    }
  }

  @Property(tries = 150)
  void bytesThatAreHardlyHttpLeaveTheServerWell(@ForAll long seed) {
    Random random = new Random(seed);
    String body = rows(1, 2, 3);
    byte[] valid =
        ("POST /v2/models/sum/infer HTTP/1.1\r\n"
                + "host: localhost\r\n"
                + "connection: close\r\n"
                + "content-length: "
                + body.length()
                + "\r\n\r\n"
                + body)
            .getBytes(StandardCharsets.UTF_8);
    byte[] bytes = random.nextInt(4) == 0 ? new byte[random.nextInt(500)] : mutated(valid, random);
    if (random.nextInt(4) == 0) {
      random.nextBytes(bytes);
    }
    RawHttp.sendAndLeave(running, bytes);
    assertThat(running.get("/v2/health/live").statusCode()).isEqualTo(200);
  }

  private static final class Octets implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
