package dev.slipway.bench.micro;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Runs the microbenchmarks with JMH's allocation profiler and prints one table of the results. */
@Command(
    name = "micro",
    description = "Runs the JMH microbenchmarks; takes a regular expression and JMH's options.",
    footer = {
      "",
      "Examples:",
      "  bench/run micro",
      "  bench/run micro CodecBenchmark -p rows=1 -f 3",
      "  bench/run micro -h"
    })
public final class MicroCommand implements Callable<Integer> {
  private static final String BYTES_PER_OPERATION = "gc.alloc.rate.norm";

  @Unmatched private List<String> jmhArguments = new ArrayList<>();

  @Override
  public Integer call() throws CommandLineOptionException, RunnerException, IOException {
    String[] arguments = jmhArguments.toArray(String[]::new);
    CommandLineOptions given = new CommandLineOptions(arguments);
    if (given.shouldHelp()
        || given.shouldList()
        || given.shouldListWithParams()
        || given.shouldListProfilers()
        || given.shouldListResultFormats()) {
      Main.main(arguments);
      return 0;
    }
    Collection<RunResult> results =
        new Runner(new OptionsBuilder().parent(given).addProfiler(GCProfiler.class).build()).run();
    System.out.println();
    System.out.println("| benchmark | parameters | time | bytes allocated |");
    System.out.println("|---|---|---|---|");
    results.forEach(result -> System.out.println(row(result)));
    return 0;
  }

  private static String row(RunResult run) {
    String name = run.getParams().getBenchmark();
    Result<?> time = run.getPrimaryResult();
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.3f%s %s | %s |",
        name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
        run.getParams().getParamsKeys().stream()
            .map(key -> key + " " + run.getParams().getParam(key))
            .collect(Collectors.joining(", ")),
        time.getScore(),
        Double.isNaN(time.getScoreError()) ? "" : " ± %.3f".formatted(time.getScoreError()),
        time.getScoreUnit(),
        bytes(run));
  }

  private static String bytes(RunResult run) {
    Result<?> bytes = run.getSecondaryResults().get(BYTES_PER_OPERATION);
    return bytes == null ? "" : String.format(Locale.ROOT, "%.0f B", bytes.getScore());
  }
}
