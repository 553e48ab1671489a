package dev.slipway.bench.micro;

import dev.slipway.bench.engine.FraudModel;
import dev.slipway.bench.engine.MeasuredEngine;
import dev.slipway.bench.engine.RowBatches;
import dev.slipway.core.tensor.Tensor;
import java.util.List;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One run of a fraud model on one thread, by batch size. Per run, not per row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls @Setup before anything else.
public class EngineBenchmark {
  @Param MeasuredEngine engine;

  @Param FraudModel model;

  @Param({"1", "8", "32", "256"})
  int batch;

  private MeasuredEngine.Opened opened;
  private List<List<Tensor>> inputs;
  private int at;

  @Setup
  public void open() {
    opened = engine.open(model, Inputs.root());
    inputs = RowBatches.of(FraudModel.INPUT, Inputs.fraudRows(), batch);
  }

  @TearDown
  public void close() {
    opened.close();
  }

  @Benchmark
  public List<Tensor> run() {
    at = at + 1 == inputs.size() ? 0 : at + 1;
    return opened.session().infer(inputs.get(at), Long.MAX_VALUE);
  }
}
