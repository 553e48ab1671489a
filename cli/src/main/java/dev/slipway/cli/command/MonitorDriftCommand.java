package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.monitor.DriftHtml;
import dev.slipway.cli.monitor.DriftJson;
import dev.slipway.core.drift.BinRules;
import dev.slipway.core.drift.batch.BatchDrift;
import dev.slipway.core.drift.batch.ColumnPairs;
import dev.slipway.core.drift.batch.EvidentlyBatch;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "drift",
    description = {
      "Tells which columns of a file no longer look as they did in another. Needs no server.",
      "Bins come from the reference: every frequent number has its own, the rest quantile bins. A"
          + " column drifts if its PSI exceeds the threshold and what samples of that size have by"
          + " chance. With --mode evidently-compat the numbers, tests and thresholds are those of"
          + " Evidently, to compare with."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway monitor drift training.csv this-week.csv",
      "  slipway monitor drift training.parquet today.parquet --columns amount,country --html"
          + " drift.html",
      "  slipway monitor drift training.csv today.csv --categorical merchant_id --fail-on-drift",
      "  slipway monitor drift training.csv today.csv --mode evidently-compat -o json"
    })
final class MonitorDriftCommand extends SlipwayCommand {
  private static final String NEXT = "slipway monitor drift --help";
  private static final double PSI = 0.1;

  /** Whose numbers. */
  enum Mode {
    SLIPWAY,
    EVIDENTLY_COMPAT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Mixin private TwoTables files = new TwoTables();

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      converter = Modes.class,
      description = "slipway or evidently-compat; slipway unless said otherwise")
  private Mode mode = Mode.SLIPWAY;

  @Option(
      names = "--bins",
      paramLabel = "N",
      description = "quantile bins of numbers without a bin of their own; default: 20")
  private @Nullable Integer bins;

  @Option(
      names = "--threshold",
      paramLabel = "X",
      description =
          "PSI from which a column drifts, default: 0.1; in the other mode of every test, default:"
              + " each test's own")
  private @Nullable Double threshold;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "where to write a page with histograms; it needs no other file")
  private String html = "";

  @Option(
      names = "--fail-on-drift",
      description =
          "exit code 5 if a column drifts (in the other mode, if half of them do), or one of the"
              + " reference is absent")
  private boolean failOnDrift;

  MonitorDriftCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    String what = "compare %s with %s".formatted(files.current(), files.reference());
    Path folder = invocation.environment().folder();
    if (mode == Mode.EVIDENTLY_COMPAT && (bins != null || !html.isEmpty())) {
      throw new CliFailure(
          ExitCode.USAGE, what, "--bins and --html are for --mode slipway alone", NEXT);
    }
    ColumnPairs columns = files.read(folder, what, NEXT);
    ObjectNode document;
    try {
      document =
          switch (mode) {
            case SLIPWAY -> slipway(columns, folder, what);
            case EVIDENTLY_COMPAT -> DriftJson.of(EvidentlyBatch.of(columns, threshold));
          };
    } catch (IllegalArgumentException e) {
      throw new CliFailure(ExitCode.USAGE, what, String.valueOf(e.getMessage()), NEXT);
    }
    document.put("mode", mode.toString());
    document.put("reference", files.reference()).put("current", files.current());
    DriftJson.addAbsent(document, columns);
    for (String name : columns.onlyInReference()) {
      invocation.progress().note("%s: not in %s".formatted(name, files.current()));
    }
    invocation.printer().one(MonitorKinds.of(mode), document);
    boolean drifted = document.path("drift").asBoolean() || !columns.onlyInReference().isEmpty();
    return failOnDrift && drifted ? ExitCode.POLICY : ExitCode.OK;
  }

  private ObjectNode slipway(ColumnPairs columns, Path folder, String what) {
    BinRules rules = bins == null ? BinRules.DEFAULT : BinRules.DEFAULT.withQuantileBins(bins);
    BatchDrift drift = BatchDrift.of(columns, rules, threshold == null ? PSI : threshold);
    if (!html.isEmpty()) {
      HtmlFile.write(
          folder.resolve(html),
          what,
          DriftHtml.of(files.reference(), files.current(), columns, drift));
    }
    return DriftJson.of(drift);
  }

  /** Takes the modes as they are written. */
  static final class Modes implements ITypeConverter<Mode> {
    @Override
    public Mode convert(String text) {
      for (Mode mode : Mode.values()) {
        if (mode.toString().equals(text)) {
          return mode;
        }
      }
      throw new TypeConversionException(
          "%s (expected: slipway or evidently-compat)".formatted(text));
    }
  }
}
