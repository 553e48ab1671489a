package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.client.Ask;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "diff",
    description = "Compares a policy file with the policy in force; exit code 1 if they differ.",
    footerHeading = "%nExamples:%n",
    footer = {"  slipway policy diff policy.yaml"})
final class PolicyDiffCommand extends SlipwayCommand {
  @Parameters(paramLabel = "FILE", description = "a policy in YAML")
  private Path file = Path.of("policy.yaml");

  PolicyDiffCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    Ask ask =
        invocation.ask("compare %s with the policy".formatted(file), "slipway policy lint " + file);
    Map<String, String> before = new TreeMap<>();
    Map<String, String> after = new TreeMap<>();
    flatten("", invocation.client().get(ask, "/api/v1/policy").body().path("policy"), before);
    try {
      flatten(
          "",
          invocation
              .client()
              .post(ask, PolicyText.CHECK, PolicyText.of(ask, file), PolicyText.TYPE)
              .body()
              .path("policy"),
          after);
    } catch (CliFailure e) {
      throw PolicyText.asPolicy(e);
    }
    Set<String> paths = new TreeSet<>(before.keySet());
    paths.addAll(after.keySet());
    boolean same = true;
    for (String path : paths) {
      String old = before.get(path);
      String next = after.get(path);
      if (!Objects.equals(old, next)) {
        same = false;
        print(invocation, "-", path, old);
        print(invocation, "+", path, next);
      }
    }
    return same ? ExitCode.OK : ExitCode.ERROR;
  }

  private static void print(
      Invocation invocation,
      String sign,
      String path,
      @org.jspecify.annotations.Nullable String value) {
    if (value != null) {
      invocation.environment().out().printf("%s %s: %s%n", sign, path, value);
    }
  }

  /** Every value by its path; gates and requirements by their names, so that order says nothing. */
  private static void flatten(String path, JsonNode node, Map<String, String> into) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        flatten(
            path.isEmpty() ? member.getKey() : path + "." + member.getKey(),
            member.getValue(),
            into);
      }
    } else if (node.isArray()) {
      int index = 0;
      for (JsonNode element : node) {
        String name =
            element.path("gate").asText(element.path("name").asText(Integer.toString(index++)));
        flatten(path + "[" + name + "]", element, into);
      }
    } else {
      into.put(path, node.toString());
    }
  }
}
