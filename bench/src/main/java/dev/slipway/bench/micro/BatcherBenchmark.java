package dev.slipway.bench.micro;

import dev.slipway.bench.engine.FraudModel;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.inference.InferenceResponse;
import dev.slipway.core.inference.Protocol;
import dev.slipway.core.inference.RequestParameters;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.routing.DeploymentRoute;
import dev.slipway.core.routing.RoutingTable;
import dev.slipway.core.routing.VariantRoute;
import dev.slipway.core.tensor.DataType;
import dev.slipway.core.tensor.Shape;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.CallContext;
import dev.slipway.serving.InferenceListener;
import dev.slipway.serving.ServingLimits;
import dev.slipway.serving.ServingLoop;
import dev.slipway.serving.ServingPlane;
import dev.slipway.serving.engine.ModelArtifact;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A single-row request from its submission to its answer through a real serving loop: routing,
 * validation, queue, run, delivery and metrics, around an engine that does next to nothing. The
 * benchmark is the event loop, and makes the requests as a decoder would. Per request.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BatcherBenchmark {
  private static final int MANY = 32;
  private static final String MODEL = "first-column";
  private static final Shape ONE_ROW = Shape.of(1, FirstColumn.COLUMNS);

  private final Queue<Runnable> loopTasks = new ConcurrentLinkedQueue<>();
  private final ServingPlane plane =
      new ServingPlane(
          ServingLimits.DEFAULT, List.of(new FirstColumn()), BatcherBenchmark::artifact);
  private final Sum sum = new Sum();
  private final ByteBuffer rows =
      ByteBuffer.allocateDirect(Inputs.COUNT * FirstColumn.ROW_BYTES)
          .order(ByteOrder.LITTLE_ENDIAN);
  private ServingLoop loop = plane.openLoop(loopTasks::add);
  private int at;

  /** Adds up the answers, so that each is read. */
  private static final class Sum implements InferenceListener {
    private float total;

    @Override
    public void onResponse(InferenceResponse response) {
      total += response.outputs().getFirst().data().getFloat(0);
    }

    @Override
    public void onFailure(SlipwayException failure) {
      throw failure;
    }
  }

  private static ModelArtifact artifact(ModelVersion version) {
    return new ModelArtifact(
        version.digest(), version.format(), Path.of("."), Path.of(version.primaryFile()));
  }

  @Setup
  public void deploy() throws InterruptedException {
    for (float[] row : Inputs.fraudRows()) {
      for (float value : row) {
        rows.putFloat(value);
      }
    }
    ModelVersion version = FirstColumn.version(MODEL);
    VariantRoute everything = new VariantRoute(version, 10_000);
    RoutingTable table =
        new RoutingTable(1, Map.of(MODEL, new DeploymentRoute(MODEL, "", List.of(everything))));
    whileTurning(() -> plane.apply(table));
  }

  @TearDown
  public void close() throws InterruptedException {
    whileTurning(plane::close);
  }

  /** Turns the loop while another thread waits for it. */
  private void whileTurning(Runnable work) throws InterruptedException {
    Thread other = Thread.ofPlatform().start(work);
    while (other.isAlive()) {
      endTurn();
      other.join(1);
    }
  }

  private void endTurn() {
    for (Runnable task = loopTasks.poll(); task != null; task = loopTasks.poll()) {
      task.run();
    }
  }

  private void submit() {
    at = Inputs.after(at);
    ByteBuffer row = loop.buffers().take(FirstColumn.ROW_BYTES);
    row.put(0, rows, at * FirstColumn.ROW_BYTES, FirstColumn.ROW_BYTES);
    long now = System.nanoTime();
    loop.submit(
        new InferenceRequest(
            MODEL,
            0,
            "",
            List.of(new Tensor(FraudModel.INPUT, DataType.FP32, ONE_ROW, row)),
            List.of(),
            RequestParameters.DEFAULT),
        new CallContext("request", "request", Protocol.REST, now, now, CallContext.NO_DEADLINE),
        sum);
  }

  @Benchmark
  public float oneRequestInTheTurn() {
    submit();
    endTurn();
    return sum.total;
  }

  @Benchmark
  @OperationsPerInvocation(MANY)
  public float thirtyTwoRequestsInTheTurn() {
    for (int i = 0; i < MANY; i++) {
      submit();
    }
    endTurn();
    return sum.total;
  }
}
