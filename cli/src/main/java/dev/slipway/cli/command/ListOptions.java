package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import dev.slipway.cli.output.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every list has: a limit and the watch. */
final class ListOptions {
  @Option(names = "--limit", paramLabel = "N", description = "at most so many; all unless given")
  private int limit;

  @Mixin private WatchOptions watch = new WatchOptions();

  /**
   * Prints all items of a paged list.
   *
   * @param whenEmpty the remark for a list without items
   */
  ExitCode print(Invocation invocation, Ask ask, String path, Kind kind, String whenEmpty) {
    if (limit < 0) {
      throw new CliFailure(
          ExitCode.USAGE,
          ask.what(),
          "--limit: %d (expected: >= 0)".formatted(limit),
          "--limit 20");
    }
    if (!watch.isOn()) {
      int count = invocation.printer().list(kind, items(invocation, ask, path));
      if (count == 0) {
        invocation.progress().note(whenEmpty);
      }
      return ExitCode.OK;
    }
    return watch.print(
        invocation,
        () -> {
          List<JsonNode> all = new ArrayList<>();
          items(invocation, ask, path).forEachRemaining(all::add);
          return invocation.printer().render(kind, all);
        });
  }

  private Iterator<JsonNode> items(Invocation invocation, Ask ask, String path) {
    return invocation.client().list(ask, path, limit);
  }
}
