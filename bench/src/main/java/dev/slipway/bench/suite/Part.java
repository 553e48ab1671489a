package dev.slipway.bench.suite;

import java.util.Locale;
import java.util.function.Function;

/** The parts of the table, each of which can be measured by itself. */
enum Part {
  ENGINES(EngineComparison::new),
  SATURATION(Saturation::new),
  BINARY(BinaryBatches::new),
  OPEN_LOOP(OpenLoop::new),
  OVERLOAD(Overload::new),
  HOT_SWAP(HotSwap::new),
  MANY_MODELS(ManyModels::new),
  START_UP(StartUp::new),
  HELP(HelpTime::new),
  MEMORY(ResidentMemory::new),
  PEERS(Peers::new);

  private final Function<SuiteRun, Measurement> measurement;

  Part(Function<SuiteRun, Measurement> measurement) {
    this.measurement = measurement;
  }

  Measurement of(SuiteRun run) {
    return measurement.apply(run);
  }

  /** As the command line names it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
