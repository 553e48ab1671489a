package dev.slipway.cli.command;

import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.login.Logins;
import java.net.URI;
import picocli.CommandLine.Command;

@Command(
    name = "logout",
    description = {
      "Forgets the login at a server, and tells the provider that it is not needed any more."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  slipway logout", "  slipway logout --url https://models.example"})
final class LogoutCommand extends SlipwayCommand {
  LogoutCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    URI server = invocation.settings().url();
    boolean forgotten = new Logins(invocation.environment()).forget(server);
    invocation
        .progress()
        .note((forgotten ? "logged out of %s" : "not logged in to %s").formatted(server));
    return ExitCode.OK;
  }
}
