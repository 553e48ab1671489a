package dev.slipway.bench.micro;

import dev.slipway.bench.engine.FraudModel;
import dev.slipway.bench.load.InferBodies;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.protocol.DecodeLimits;
import dev.slipway.protocol.grpc.InferRequestDecoder;
import dev.slipway.protocol.json.ByteSink;
import dev.slipway.protocol.rest.ResponseForm;
import dev.slipway.protocol.rest.V2RequestDecoder;
import dev.slipway.protocol.rest.V2ResponseEncoder;
import dev.slipway.serving.buffers.BufferPool;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Requests from bytes to tensors in pooled direct buffers, which are then given back, and answers
 * from tensors to bytes.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
  private static final String MODEL = "fraud";

  /** Decoders as an event loop has them. */
  @State(Scope.Thread)
  public static class Decoders {
    final BufferPool buffers = new BufferPool(BufferPool.DEFAULT_BYTES_MAX);
    final V2RequestDecoder rest = new V2RequestDecoder(buffers, DecodeLimits.DEFAULT);
    final InferRequestDecoder grpc = new InferRequestDecoder(buffers, DecodeLimits.DEFAULT);

    InferenceRequest released(InferenceRequest request) {
      List<Tensor> inputs = request.inputs();
      for (int i = 0; i < inputs.size(); i++) {
        buffers.giveBack(inputs.get(i).data());
      }
      return request;
    }
  }

  /** V2 JSON; 15 columns are the fraud example's, 30 have all the digits of a float. */
  @State(Scope.Thread)
  public static class JsonBodies {
    @Param({"15", "30"})
    int columns;

    @Param({"1", "32"})
    int rows;

    private byte[][] bodies = {};
    private int at;

    @Setup
    public void make() {
      float[][] values = columns == 15 ? Inputs.fraudRows() : Inputs.standardRows(columns);
      bodies = new InferBodies(MODEL, FraudModel.INPUT, values).json(rows);
    }

    byte[] next() {
      at = Inputs.after(at);
      return bodies[at];
    }
  }

  /** The binary extension, 15 columns. */
  @State(Scope.Thread)
  public static class BinaryBodies {
    @Param({"1", "32"})
    int rows;

    private ByteBuffer[] bodies = {};
    private int jsonLength;
    private int at;

    @Setup
    public void make() {
      InferBodies.Binary binary =
          new InferBodies(MODEL, FraudModel.INPUT, Inputs.fraudRows()).binary(rows);
      jsonLength = binary.jsonLength();
      bodies = new ByteBuffer[binary.bodies().length];
      for (int i = 0; i < bodies.length; i++) {
        bodies[i] = ByteBuffer.wrap(binary.bodies()[i]);
      }
    }

    ByteBuffer next() {
      at = Inputs.after(at);
      return bodies[at];
    }
  }

  /** gRPC messages with raw contents, 15 columns. */
  @State(Scope.Thread)
  public static class GrpcMessages {
    @Param({"1", "32"})
    int rows;

    private byte[][] messages = {};
    private int at;

    @Setup
    public void make() {
      messages = new InferBodies(MODEL, FraudModel.INPUT, Inputs.fraudRows()).grpc(rows);
    }

    byte[] next() {
      at = Inputs.after(at);
      return messages[at];
    }
  }

  /** Answers with one FP32 score per row. */
  @State(Scope.Thread)
  public static class Answers {
    @Param({"1", "32"})
    int rows;

    final V2ResponseEncoder encoder = new V2ResponseEncoder();
    final ByteSink sink = new ByteSink();
    private InferenceResponse[] responses = {};
    private int at;

    @Setup
    public void make() {
      Random random = new Random(11);
      responses = new InferenceResponse[Inputs.COUNT];
      for (int i = 0; i < responses.length; i++) {
        float[] scores = new float[rows];
        for (int row = 0; row < rows; row++) {
          scores[row] = random.nextFloat();
        }
        responses[i] = FirstColumn.response(MODEL, scores);
      }
    }

    InferenceResponse next() {
      at = Inputs.after(at);
      return responses[at];
    }
  }

  @Benchmark
  public InferenceRequest decodeJson(JsonBodies bodies, Decoders decoders) {
    byte[] body = bodies.next();
    return decoders.released(decoders.rest.decode(MODEL, 0, body, 0, body.length).request());
  }

  @Benchmark
  public InferenceRequest decodeBinary(BinaryBodies bodies, Decoders decoders) {
    return decoders.released(
        decoders.rest.decodeBinary(MODEL, 0, bodies.next(), bodies.jsonLength).request());
  }

  @Benchmark
  public InferenceRequest decodeGrpc(GrpcMessages messages, Decoders decoders) {
    byte[] message = messages.next();
    return decoders.released(decoders.grpc.decode(message, 0, message.length).request());
  }

  @Benchmark
  public ByteSink encodeJson(Answers answers) {
    answers.sink.reset();
    answers.encoder.encode(answers.next(), ResponseForm.JSON, answers.sink);
    return answers.sink;
  }
}
