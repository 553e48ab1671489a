package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.output.Column;
import dev.slipway.cli.output.JsonText;
import dev.slipway.cli.output.Kind;
import dev.slipway.core.model.ModelRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "lineage",
    description = "Shows where a version comes from and where it went.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway model lineage fraud/2",
      "  slipway model lineage fraud/2 --format dot | dot -Tsvg > lineage.svg",
      "  slipway model lineage fraud/2 --format openlineage"
    })
final class ModelLineageCommand extends SlipwayCommand {
  /** What is written. */
  enum Format {
    GRAPH,
    DOT,
    OPENLINEAGE
  }

  private static final Kind EDGE =
      Kind.ofTable(
          node -> JsonText.of(node, "from"),
          List.of(Column.of("FROM", "from"), Column.of("WHAT", "label"), Column.of("TO", "to")));

  @Parameters(
      paramLabel = "NAME/V",
      converter = ModelVersion.class,
      description = "a version of a model")
  private ModelRef ref = new ModelRef("", 0);

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "graph (in the form that -o names), dot for Graphviz, or openlineage")
  private Format format = Format.GRAPH;

  ModelLineageCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask =
        invocation
            .ask("read the lineage of " + ref, "slipway model get " + ref)
            .ifMissing("slipway model get " + ref.model());
    String path = ModelVersion.path(ref) + "/lineage?format=";
    switch (format) {
      case GRAPH -> {
        List<JsonNode> edges = new ArrayList<>();
        JsonNode graph = invocation.client().get(ask, path + "graph").body();
        graph.path("edges").forEach(edges::add);
        switch (invocation.printer().format()) {
          case TABLE, WIDE, JSONL, NAME -> invocation.printer().list(EDGE, edges.iterator());
          case JSON, YAML -> invocation.printer().one(EDGE, graph);
        }
      }
      case DOT ->
          invocation
              .environment()
              .out()
              .print(
                  new String(invocation.client().bytes(ask, path + "dot"), StandardCharsets.UTF_8));
      case OPENLINEAGE ->
          invocation
              .environment()
              .out()
              .println(
                  invocation
                      .client()
                      .get(ask, path + "openlineage")
                      .body()
                      .path("items")
                      .toPrettyString());
    }
    return ExitCode.OK;
  }
}
