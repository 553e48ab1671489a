package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.monitor.DriftJson;
import dev.slipway.core.drift.BinRules;
import dev.slipway.core.drift.batch.BatchDrift;
import dev.slipway.core.drift.batch.ColumnPairs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "quality",
    description = {
      "Tells what share of each column is missing, invalid, new or out of range. Needs no server.",
      "Invalid is what is no finite number in a column of numbers, new a text that the reference"
          + " never had, out of range a number beyond the reference's least and greatest."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway monitor quality training.csv this-week.csv",
      "  slipway monitor quality training.parquet today.parquet --columns amount -o json"
    })
final class MonitorQualityCommand extends SlipwayCommand {
  private static final String NEXT = "slipway monitor quality --help";

  @Mixin private TwoTables files = new TwoTables();

  MonitorQualityCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    String what = "look at the quality of " + files.current();
    ColumnPairs columns = files.read(invocation.environment().folder(), what, NEXT);
    ObjectNode document = DriftJson.quality(BatchDrift.of(columns, BinRules.DEFAULT, 0));
    document.put("reference", files.reference()).put("current", files.current());
    DriftJson.addAbsent(document, columns);
    for (String name : columns.onlyInReference()) {
      invocation.progress().note("%s: not in %s".formatted(name, files.current()));
    }
    invocation.printer().one(MonitorKinds.QUALITY, document);
    return ExitCode.OK;
  }
}
