package dev.slipway.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each benchmark runs for a moment, so that one that broke is seen. Says nothing about time. */
class MicrobenchmarksTest {
  private static final TimeValue MOMENT = TimeValue.milliseconds(20);

  private static final Options OPTIONS =
      new OptionsBuilder()
          .include("dev\\.slipway\\.bench\\.micro\\..*")
          .forks(0)
          .warmupIterations(0)
          .measurementIterations(1)
          .measurementTime(MOMENT)
          .param("rows", "1", "32")
          .param("batch", "1", "256")
          .shouldFailOnError(true)
          .verbosity(VerboseMode.SILENT)
          .build();

  @Test
  void everyBenchmarkRuns() throws RunnerException {
    Collection<RunResult> results = new Runner(OPTIONS).run();

    assertThat(names(results)).isEqualTo(declared()).hasSizeGreaterThanOrEqualTo(7);
    assertThat(results)
        .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
  }

  private static Set<String> names(Collection<RunResult> results) {
    return results.stream()
        .map(result -> result.getParams().getBenchmark())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> declared() {
    return BenchmarkList.defaultList()
        .getAll(
            OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
            java.util.List.of())
        .stream()
        .map(BenchmarkListEntry::getUsername)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
