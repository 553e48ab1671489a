package dev.slipway.cli.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The one place a prediction's input comes from. */
final class PredictInput {
  @Option(
      names = {"-d", "--data"},
      paramLabel = "JSON",
      description = "a V2 request")
  @Nullable String data;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "a file with a V2 request; - is the standard input")
  @Nullable String file;

  @Option(
      names = {"-r", "--row"},
      paramLabel = "VALUES",
      description =
          "the values of one row, separated by commas; again for further rows. An empty value is"
              + " a missing number")
  List<String> rows = new ArrayList<>();

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description =
          "a file of rows; - is the standard input. A header picks the model's columns by name")
  @Nullable String csv;

  @Option(names = "--example", description = "the model's own example request")
  boolean example;
}
