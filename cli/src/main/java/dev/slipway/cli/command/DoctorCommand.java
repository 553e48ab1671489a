package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.config.SettingKey;
import dev.slipway.cli.doctor.Check;
import dev.slipway.cli.doctor.MachineChecks;
import dev.slipway.cli.doctor.ServerChecks;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "doctor",
    description = {
      "Checks this machine and the server, and names the mend of what is wrong.",
      "Ends with 0 if nothing failed, else with 6."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway doctor",
      "  slipway doctor -o json | jq '.[] | select(.status != \"ok\")'"
    })
final class DoctorCommand extends SlipwayCommand {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  DoctorCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    URI url = invocation.settings().url();
    List<Check> checks = new ArrayList<>();
    checks.add(MachineChecks.jdk());
    checks.add(
        MachineChecks.disk(
            invocation
                .environment()
                .folder()
                .resolve(invocation.settings().value(SettingKey.UP_DATA))));
    Check port = MachineChecks.port(url);
    checks.add(port);
    if (!port.isFailed()) {
      checks.addAll(
          ServerChecks.of(
              invocation.client(),
              invocation.ask("check the server", "slipway doctor", TIMEOUT),
              Instant.now()));
    }
    List<JsonNode> documents = checks.stream().map(Check::toJson).toList();
    invocation.printer().list(Kinds.CHECK, documents.iterator());
    return checks.stream().anyMatch(Check::isFailed) ? ExitCode.DEGRADED : ExitCode.OK;
  }
}
